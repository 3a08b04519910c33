"""The paper as data: its printed tables, its claims, and the choices that it leaves open.

A file of ``workflow/paper/claims`` holds the claims of one part: what the paper says, the rule that
judges our number, with its tolerance and reason, when the rule was fixed, and what would refuse it.
"""

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import NewType

import pandas as pd
import yaml

# a printed table: every entry a string, so that its precision is kept
Printed = NewType("Printed", pd.DataFrame)

# files of claims, in the order of the scorecard
PARTS = (
    "linear", "relu", "mnist", "imagenet", "causes", "dimension", "theory", "accounts", "text",
)  # fmt: skip
BEFORE = "before the first run"  # when a rule was fixed, unless its claim says otherwise


@dataclass(frozen=True)
class Claim:
    """What the paper says, and how our number is compared with it; numbers are strings as printed.

    Attributes:
        id: name of the claim; its first letters name its part.
        artifact, location: the table, figure or statement, and where its text stands.
        statement: what the paper says.
        quantity: what we measure; ``{linear.table_dimension}`` is the value of that key.
        rule, tolerance: how our number is compared (``fragility.paper.verdicts``).
        reason: why this rule, and why this tolerance.
        paper, paper_n: the printed number, and the size of its sample.
        assumptions: ids of the choices that the claim depends on.
        alternatives: what would refuse it: by description, a value of our number if the claim were
            false, or the name of a change of our results (``fragility.paper.severity``).
        answered_by: ids of the claims that answer it, where it has no number of its own.
        by_construction: why our number cannot differ from the claim; empty where it can.
        fixed: when the rule was fixed.
        trial: what was known of the outcome before the rule was fixed; empty if nothing was.
    """

    id: str
    artifact: str
    statement: str
    quantity: str
    rule: str
    reason: str
    location: str
    paper: str = ""
    paper_n: str = ""
    tolerance: str = ""
    assumptions: list[str] = field(default_factory=list)
    alternatives: dict[str, str] = field(default_factory=dict)
    answered_by: list[str] = field(default_factory=list)
    by_construction: str = ""
    fixed: str = BEFORE
    trial: str = ""


def read_table(folder: Path, number: int) -> pd.DataFrame:
    """Table ``number`` as printed, a row per printed row; strings, so that precision is kept."""
    return read_csv_strings(folder / f"table_{number}.csv")


def read_csv_strings(path: Path | str) -> pd.DataFrame:
    """A CSV file with every entry, empty ones too, as a string; a row per line."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def read_claims(path: Path) -> list[Claim]:
    """The claims of one file, in its order.

    Raises:
        ValueError: a claim has a field that is not known, or lacks one; the message names both.
    """
    rows = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # numbers stay as printed
    return [_claim(row, path) for row in rows]


def read_all_claims(folder: Path) -> list[Claim]:
    """The claims of all parts, in the order of the scorecard."""
    return [claim for part in PARTS for claim in read_claims(folder / f"{part}.yaml")]


def _claim(row: dict, path: Path) -> Claim:
    known = {each.name for each in fields(Claim)}
    unknown = sorted(set(row) - known)
    if unknown:
        raise ValueError(f"{path}, claim {row.get('id')}: unknown fields {', '.join(unknown)}")
    try:
        return Claim(**row)
    except TypeError as error:
        raise ValueError(f"{path}, claim {row.get('id')}: {error}") from error


def read_assumptions(folder: Path) -> pd.DataFrame:
    """The choices that the paper leaves open, ours, and why: one row each, all strings."""
    return read_csv_strings(folder / "assumptions.csv")
