"""Put the experiments' scores into one scorecard, a row per claim of the paper."""

from pathlib import Path

import pandas as pd

from fragility.paper import scores as judged
from fragility.paper.claims import read_claims, read_csv_strings
from fragility.report.stability import settled
from fragility.runtime import files, job

NO_SEEDS = pd.DataFrame(columns=["id", "n", "turns"])


def main(untested: Path, scores: list[Path], stability: list[Path], scorecard: Path) -> None:
    """Write the scorecard: the scores in their order, then claims that no experiment answers yet.

    ``stability`` is empty or the table of verdicts over seeds; what turns there is inconclusive.

    Raises:
        job.ResultError: a claim has more than one row.
    """
    last = judged.scores(read_claims(untested), {}, {}, told={})
    rows = pd.concat([*map(files.read_csv, scores), last])
    twice = sorted(rows["id"][rows["id"].duplicated()])
    if twice:
        raise job.ResultError(f"claims with more than one row: {', '.join(twice)}")
    compared = map(read_csv_strings, stability)
    files.write_csv(settled(rows, pd.concat([NO_SEEDS, *compared])), scorecard)


if __name__ == "__main__":
    job.run(main)
