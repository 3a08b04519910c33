"""Render the audit of the printed tables: every check as CSV, and a page, differences first."""

from pathlib import Path

import pandas as pd

from fragility.paper.audit import DIFFERS, VERDICTS, audit
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


def rendered(rows: pd.DataFrame, caption: str) -> str:
    """The page: caption and counts, the differences, then all checks (rows)."""
    shown = rows.drop(columns="id").assign(**{name: rows[name].map(_size) for name in SIZES})
    differences = shown[rows["verdict"] == DIFFERS].drop(columns="verdict")
    tally = ", ".join(f"{number} {name}" for name, number in counts(rows).items())
    note = (
        "Difference: printed minus recomputed, as the numbers stand; relative: over the recomputed "
        "one; units: of the last printed digit. In brackets what rounding leaves open, or "
        "the range that an inequality allows."
    )
    body = (
        caption + pages.paragraph(f"{len(rows)} checks: {tally}.") + pages.paragraph(note)
        + "<h2>Differences</h2>" + pages.table(differences)
        + "<h2>All checks</h2>" + pages.table(shown)
    )  # fmt: skip
    return pages.page("The printed tables, checked against themselves", body)


def _size(value: float) -> str:
    return DASH if pd.isna(value) else f"{value:.3g}"


if __name__ == "__main__":
    job.run(main)
