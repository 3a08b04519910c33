"""The scorecard for pages: verdicts' marks and counts, and what stands behind a claim.

A row is a dictionary of texts: a line of ``scorecard.csv``, and under "part" the part of the paper.
The HTML is in the templates (``_claims.html``).
"""

import re
from collections.abc import Mapping, Sequence

from fragility.paper.verdicts import VERDICTS
from fragility.report.words import number, percent

Row = Mapping[str, str]

MARKS = dict(zip(VERDICTS, "✓≈?✗✓✗=–→…–", strict=True))
COLUMNS = {  # of the table: heading, and how a column is sorted
    "verdict": "rank", "claim": "text", "where": "text", "paper": "number", "ours [95 %]": "number",
    "n": "number",
}  # fmt: skip


def css_class(verdict: str) -> str:
    """The class of a verdict: it sets its colour; the meaning is in its words."""
    return verdict.replace(" ", "-")


def counts(rows: Sequence[Row]) -> dict[str, int]:
    """How many rows have each verdict that occurs, in the order of the verdicts."""
    found = [row["verdict"] for row in rows]
    return {name: found.count(name) for name in VERDICTS if name in found}


def by_part(rows: Sequence[Row], parts: Mapping[str, str]) -> list[dict]:
    """Parts with claims: id, title, counts, and the number of claims as a share of the largest."""
    groups = {part: [row for row in rows if row["part"] == part] for part in parts}
    most = max(map(len, groups.values()))
    return [
        {"id": part, "title": parts[part], "counts": counts(group), "share": len(group) / most}
        for part, group in groups.items()
        if group
    ]


def asked(verdict: str, part: str = "") -> str:
    """The address of the table with the claims of a verdict, and of a part."""
    more = f"&part={part}" if part else ""
    return f"claims.html#verdict={verdict.replace(' ', '+')}{more}"


def names(listed: str) -> list[str]:
    """The names in a cell that lists some."""
    return [name for name in listed.split(";") if name]


def rule(row: Row) -> str:
    """The rule of a claim with its tolerance."""
    return f"{row['rule'].replace('_', ' ')} {row['tolerance']}".strip()


def fixed(row: Row) -> str:
    """When the rule was fixed, and what was known then."""
    return row["fixed"] + (f"; known: {row['trial']}" if row["trial"] else "")


def deciding(row: Row) -> str:
    """The limits by which the claim was judged, where they are not those of our estimate."""
    limits = row["judged_low"], row["judged_high"]
    if limits in ((row["low"], row["high"]), ("", "")):
        return ""
    return f"[{number(limits[0], 4)}, {number(limits[1], 4)}]"


def alternatives(row: Row) -> str:
    """What would refuse the claim, and the share of these that the rule would have passed."""
    if not row["passed"]:
        return ""
    return f"{row['alternatives']} ({percent(row['passed'])} of these pass)"


def sort_key(text: str) -> str:
    """A cell's number as text; empty, so that it is sorted to the end, if it has none."""
    return text if re.fullmatch(r"-?[\d.]+(e-?\d+)?", text) else ""
