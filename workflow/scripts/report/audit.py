"""Audit the printed tables: every check of printed numbers against one another, as CSV."""

from pathlib import Path

import pandas as pd

from fragility.paper.audit import VERDICTS, audit
from fragility.runtime import files, job


def main(printed: list[Path], quoted: Path, checks: Path) -> dict:
    """Write the checks; the record has the counts of verdicts.

    ``printed`` are the paper's eight tables, in one folder with ``quoted``.
    """
    rows = audit(quoted.parent)
    files.write_csv(rows, checks)
    return {"verdicts": counts(rows)}


def counts(rows: pd.DataFrame) -> dict[str, int]:
    """How many checks (rows) have each verdict."""
    return {name: int((rows["verdict"] == name).sum()) for name in VERDICTS}


if __name__ == "__main__":
    job.run(main)
