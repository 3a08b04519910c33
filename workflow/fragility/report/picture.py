"""The start page's picture: the predicted over the needed size of the attack, a row a setting.

It is drawn by two templates: HTML for the site, and SVG for documents that show no HTML.
"""

from collections.abc import Mapping, Sequence
from math import inf, isnan, log
from typing import NamedTuple

from fragility.paper.verdicts import HOLDS_HERE, HOLDS_NOT_HERE, NOT_REPRODUCED, REPRODUCED
from fragility.report.words import DASH

LOW, HIGH = 0.1, 10.0
TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10)
_COLUMNS = ("ours", "low", "high")


class Mark(NamedTuple):
    """A row of the picture.

    Attributes:
        part: of the paper.
        label: of the setting.
        claim: the claim's id.
        verdict: its verdict.
        value: the predicted over the needed size; NaN where there is no number.
        low: the lower limit.
        high: the upper limit.
    """

    part: str
    label: str
    claim: str
    verdict: str
    value: float
    low: float
    high: float

    @property
    def kind(self) -> str:
        """'near' if the claim holds, 'off' if not, 'open' if our numbers decide nothing."""
        if self.verdict in (REPRODUCED, HOLDS_HERE):
            return "near"
        return "off" if self.verdict in (NOT_REPRODUCED, HOLDS_NOT_HERE) else "open"

    @property
    def number(self) -> str:
        """The value as text."""
        if isnan(self.value):
            return DASH
        return f"{self.value:.2f}" if self.value < 3 else f"{self.value:.1f}"


def marks(rows: Sequence[Mapping], scores: Mapping[str, Mapping[str, str]]) -> list[Mark]:
    """The picture's rows.

    Args:
        rows: for each row part, label and claim; ``invert`` where the claim's number is the needed
            over the predicted size.
        scores: rows of the scorecard by claim.

    Raises:
        KeyError: a row names a claim that there is not.
    """
    told = [(row, scores[row["claim"]]) for row in rows]
    return [
        Mark(row["part"], row["label"], row["claim"], score["verdict"],
             *ratio(score, invert=row.get("invert", False)))
        for row, score in told
    ]  # fmt: skip


def ratio(score: Mapping[str, str], *, invert: bool) -> tuple[float, float, float]:
    """The predicted over the needed size, with limits; NaN where there is no number."""
    value, low, high = (float(score[name] or score["ours"] or "nan") for name in _COLUMNS)
    if not invert:
        return value, low, high
    return _inverse(value), _inverse(high), _inverse(low)


def _inverse(value: float) -> float:
    return 1 / value if value > 0 else (value if isnan(value) else inf)


def place(value: float) -> float:
    """Where a ratio stands on the axis, as a share of its length; at an end if it lies beyond."""
    limited = min(max(value, LOW), HIGH)
    return (log(limited) - log(LOW)) / (log(HIGH) - log(LOW))
