"""The paper as data: its printed tables, its claims, and the rules that judge our numbers.

``claims.csv`` names each claim's rule, with tolerance and reason; its reasons and the README's
*Limits* say which rules were added or changed after a first run.  A verdict depends on the claim's
row and our evidence only.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import NewType

import pandas as pd

from fragility.paper.estimates import Estimate, count_prediction, mean_prediction

# a printed table: every entry a string, so that its precision is kept
Printed = NewType("Printed", pd.DataFrame)

REPRODUCED, PARTLY = "reproduced", "partly"
NOT_REPRODUCED, NOT_COMPARABLE = "not reproduced", "not comparable"
VERDICTS = (REPRODUCED, PARTLY, NOT_REPRODUCED, NOT_COMPARABLE)

SCORECARD_COLUMNS = [
    "id", "artifact", "quantity", "paper", "reproduced", "low", "high", "n",
    "rule", "tolerance", "verdict", "note", "assumptions", "statement", "reason", "location",
]  # fmt: skip


@dataclass(frozen=True)
class Claim:
    """A row of claims.csv: what the paper says, and how our number is compared with it."""

    id: str
    artifact: str
    quantity: str
    statement: str
    paper: str
    paper_n: str
    rule: str
    tolerance: str
    reason: str
    location: str
    assumptions: str


def read_table(folder: Path, number: int) -> pd.DataFrame:
    """Table ``number`` as printed, a row per printed row; strings, so that precision is kept."""
    return read_csv_strings(folder / f"table_{number}.csv")


def read_csv_strings(path: Path | str) -> pd.DataFrame:
    """A CSV file with every entry, empty ones too, as a string; a row per line."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def read_claims(folder: Path) -> list[Claim]:
    """All claims, in the order of the file."""
    rows = read_csv_strings(folder / "claims.csv")
    return [Claim(**row) for row in rows.to_dict("records")]


def read_assumptions(folder: Path) -> pd.DataFrame:
    """The choices that the paper leaves open, ours, and why: one row each, all strings."""
    return read_csv_strings(folder / "assumptions.csv")


def judge(claim: Claim, ours: Estimate) -> str:
    """The verdict on a claim, by its own rule.

    Raises:
        ValueError: the claim names a rule that does not exist.
    """
    if claim.rule not in RULES:
        raise ValueError(f"claim {claim.id}: no rule {claim.rule!r}; rules: {', '.join(RULES)}")
    if math.isnan(ours.value):
        return NOT_COMPARABLE  # there is no estimate to judge
    return RULES[claim.rule](claim, ours)


def score(claim: Claim, ours: Estimate, note: str = "") -> dict:
    """One row of the scorecard."""
    row = {name: getattr(claim, name, "") for name in SCORECARD_COLUMNS}
    row |= {"reproduced": ours.value, "low": ours.low, "high": ours.high, "n": ours.n}
    return row | {"verdict": judge(claim, ours), "note": note}


def scores(folder: Path, estimates: dict[str, tuple[Estimate, str]]) -> pd.DataFrame:
    """The scorecard's rows of all claims with evidence, in the order of claims.csv.

    Args:
        folder: of claims.csv.
        estimates: estimate and note by the claim's id.

    Raises:
        ValueError: there is evidence on a claim that claims.csv lacks.
    """
    claims = {claim.id: claim for claim in read_claims(folder)}
    unknown = sorted(set(estimates) - set(claims))
    if unknown:
        raise ValueError(f"evidence on claims that claims.csv lacks: {', '.join(unknown)}")
    rows = [score(claim, *estimates[name]) for name, claim in claims.items() if name in estimates]
    return pd.DataFrame(rows, columns=SCORECARD_COLUMNS)


def _graded(full: bool, partial: bool) -> str:
    return REPRODUCED if full else PARTLY if partial else NOT_REPRODUCED


def _prediction(claim: Claim, ours: Estimate) -> str:
    """The printed mean of paper_n draws, against our sample's prediction for such a mean.

    Inside the 95 % prediction interval: reproduced; inside the 99.9 % one: partly.
    """
    printed, n_new = float(claim.paper), int(claim.paper_n)
    if ours.n < 2:
        return NOT_COMPARABLE
    inside = [
        low <= printed <= high
        for low, high in (mean_prediction(ours, n_new, level) for level in (0.95, 0.999))
    ]
    return _graded(*inside)


def _count_prediction(claim: Claim, ours: Estimate) -> str:
    """The printed count "hits/n", against the beta-binomial prediction from our count."""
    printed, n_new = map(int, claim.paper.split("/"))
    if ours.n == 0:
        return NOT_COMPARABLE
    hits = round(ours.value * ours.n)
    inside = [
        low <= printed <= high
        for low, high in (count_prediction(hits, ours.n, n_new, level) for level in (0.95, 0.999))
    ]
    return _graded(*inside)


def _equivalence(claim: Claim, ours: Estimate) -> str:
    """Interval inside paper +- tolerance: reproduced; only the estimate inside: partly."""
    target, margin = float(claim.paper), float(claim.tolerance)
    inside = target - margin <= ours.low and ours.high <= target + margin
    return _graded(inside, abs(ours.value - target) <= margin)


def _inside(claim: Claim, ours: Estimate) -> str:
    """The printed value inside our own prediction interval, given as the estimate's limits."""
    if math.isnan(ours.low) or math.isnan(ours.high):
        return NOT_COMPARABLE
    return _graded(ours.low <= float(claim.paper) <= ours.high, False)


def _at_least(claim: Claim, ours: Estimate) -> str:
    """Whole interval at or above the tolerance: reproduced; only the estimate: partly."""
    bound = float(claim.tolerance)
    return _graded(ours.low >= bound, ours.value >= bound)


def _at_most(claim: Claim, ours: Estimate) -> str:
    """Whole interval at or below the tolerance: reproduced; only the estimate: partly."""
    bound = float(claim.tolerance)
    return _graded(ours.high <= bound, ours.value <= bound)


def _not_comparable(claim: Claim, ours: Estimate) -> str:
    """Both numbers are shown without a verdict; the claim's reason says why."""
    return NOT_COMPARABLE


RULES = {
    "prediction": _prediction,
    "count_prediction": _count_prediction,
    "inside": _inside,
    "equivalence": _equivalence,
    "at_least": _at_least,
    "at_most": _at_most,
    "not_comparable": _not_comparable,
}
