"""Compare the verdicts of several master seeds: a row per claim."""

from pathlib import Path

import pandas as pd

from fragility.paper.claims import read_csv_strings
from fragility.report import stability
from fragility.runtime import files, job


def main(
    own: list[Path],
    others: list[Path],
    table: Path,
    markdown: Path,
    *,
    seeds: list[int],
    stamp: list[str],
) -> None:
    """Write the table as CSV and Markdown.

    ``own`` are the scores of the first seed, a file per experiment; ``others`` are those of the
    other seeds, a file per seed.  ``stamp`` lists settings that are not the full run's.
    """
    first = pd.concat(map(read_csv_strings, own), ignore_index=True)
    scores = [first, *map(read_csv_strings, others)]
    compared = stability.table(dict(zip(seeds, scores, strict=True)))
    files.write_csv(compared, table)
    files.write_text(stability.markdown(compared, stamp), markdown)


if __name__ == "__main__":
    job.run(main)
