"""Render the page of all statements: each with its text, figure, verdicts and caveats."""

from pathlib import Path

import yaml

from fragility.paper import claims
from fragility.report.statements import statements_page
from fragility.runtime import files, job


def main(
    statements: list[Path], scores: Path, figures: list[Path], page: Path, *, stamp: list[str]
) -> None:
    """Write the page with the statements in the order given; figures are named after them."""
    told = [
        {"name": path.stem} | yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in statements
    ]
    drawings = {path.stem: path.read_text(encoding="utf-8") for path in figures}
    verdicts = claims.read_csv_strings(scores)
    files.write_text(statements_page(told, verdicts, drawings, stamp), page)


if __name__ == "__main__":
    job.run(main)
