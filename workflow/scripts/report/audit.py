"""Render the audit of the printed tables: every check as CSV, and a page, differences first."""

from pathlib import Path

import pandas as pd

from fragility.paper.audit import AGREES, DIFFERS, SHOWN, TRUNCATED, VERDICTS, audit
from fragility.report import pages
from fragility.report.render import DASH
from fragility.runtime import files, job

SIZES = ["difference", "relative", "units"]


def main(printed: list[Path], quoted: Path, caption: Path, checks: Path, page: Path) -> dict:
    """Write the checks and their page; the record has the counts of verdicts.

    ``printed`` are the paper's eight tables, in one folder with ``quoted``.
    """
    rows = audit(quoted.parent)
    files.write_csv(rows, checks)
    files.write_text(rendered(rows, pages.captions([str(caption)])["audit"]), page)
    return {"verdicts": counts(rows)}


def counts(rows: pd.DataFrame) -> dict[str, int]:
    """How many checks (rows) have each verdict."""
    return {name: int((rows["verdict"] == name).sum()) for name in VERDICTS}


def summary(rows: pd.DataFrame) -> str:
    """How many of the checks that decide something differ; those only shown are counted apart."""
    number = counts(rows)
    judged = len(rows) - number[SHOWN]
    return (
        f"{number[DIFFERS]} of {judged} judged checks differ; {number[AGREES]} agree, and "
        f"{number[TRUNCATED]} agree if truncated. {number[SHOWN]} more are only shown."
    )


def rendered(rows: pd.DataFrame, caption: str) -> str:
    """The page: caption and counts, the differences, then all checks (rows)."""
    shown = rows.drop(columns="id").assign(**{name: rows[name].map(_size) for name in SIZES})
    differences = shown[rows["verdict"] == DIFFERS].drop(columns="verdict")
    note = (
        "Difference: the printed number minus the recomputed one; relative: divided by the "
        "recomputed one; units: of the last printed digit (Table 4: steps of single precision). "
        "In brackets: what rounding leaves open, or the range that an inequality allows."
    )
    body = (
        caption + pages.paragraph(summary(rows)) + pages.paragraph(note)
        + "<h2>Differences</h2>" + pages.table(differences)
        + "<h2>All checks</h2>" + pages.table(shown)
    )  # fmt: skip
    return pages.page("The printed tables, checked against themselves", body)


def _size(value: float) -> str:
    return DASH if pd.isna(value) else f"{value:.3g}"


if __name__ == "__main__":
    job.run(main)
