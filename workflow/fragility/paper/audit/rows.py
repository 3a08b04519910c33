"""The rows of the audit: a printed number beside its recomputation, with a verdict."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import nan

import pandas as pd

from fragility.paper.audit.intervals import (
    CUT,
    ROUNDED,
    Interval,
    overlap,
    printed_interval,
    unit,
    value_range,
)

AGREES, TRUNCATED, DIFFERS, SHOWN = "agrees", "agrees if truncated", "differs", "only shown"
VERDICTS = (AGREES, TRUNCATED, DIFFERS, SHOWN)
COLUMNS = [
    "id", "where", "check", "printed", "recomputed", "difference", "relative", "units", "verdict",
    "remark",
]  # fmt: skip
Tables = dict[int, pd.DataFrame]  # by number, every entry a string as printed


def compare(
    name: str, where: str, check: str, printed: str, formula: Callable, inputs: Sequence[str] = (),
    *, shown: bool = False, remark: str = "", slip: str = "",
) -> dict:  # fmt: skip
    """A row: a printed number against a formula of others; if they differ ``slip`` is remarked."""
    spans = {width: value_range(formula, inputs, width) for width in (0, ROUNDED, CUT)}
    meets = [overlap(printed_interval(printed, width), spans[width]) for width in (ROUNDED, CUT)]
    verdict = AGREES if meets[0] else TRUNCATED if meets[1] else DIFFERS
    low, high = spans[0]
    nearest = Fraction(min(max(Fraction(printed), low), high))
    gap = Fraction(printed) - nearest
    return row(
        name, where, check, printed, _text(spans[0], spans[ROUNDED], printed),
        float(gap), float(gap / abs(nearest)) if nearest else nan, float(gap / unit(printed)),
        SHOWN if shown else verdict, (remark + slip * (verdict == DIFFERS)).lstrip("; "),
    )  # fmt: skip


def shown_row(
    name: str, where: str, check: str, printed: str, recomputed: str, remark: str = ""
) -> dict:
    """A row without a verdict, on words or on several numbers at once."""
    return row(name, where, check, printed, recomputed, nan, nan, nan, SHOWN, remark)


def row(*values: object) -> dict:
    """Values in the order of ``COLUMNS``."""
    return dict(zip(COLUMNS, values, strict=True))


def _text(face: Interval, rounded: Interval, printed: str) -> str:
    digits = len(printed.partition(".")[2]) + 2 * ("." in printed)
    value, low, high = (f"{float(x):.{digits}f}" for x in (face[0], *rounded))
    return value if low == high else f"{value * (face[0] == face[1])} [{low}, {high}]".strip()
