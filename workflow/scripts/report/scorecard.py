"""Put the experiments' scores into one scorecard, a row per claim of the paper."""

from pathlib import Path

import pandas as pd

from fragility.paper.claims import read_claims
from fragility.runtime import files, job


def main(claims: Path, scores: list[Path], scorecard: Path) -> None:
    """Write the scorecard, a row per claim in the order of claims.csv.

    Raises:
        job.ResultError: a claim has no score, or more than one.
    """
    rows = pd.concat(map(files.read_csv, scores)).set_index("id")
    ids = [claim.id for claim in read_claims(claims.parent)]
    missing = [name for name in ids if name not in rows.index]
    if missing:
        raise job.ResultError(f"claims without evidence: {', '.join(missing)}")
    if len(rows) != len(ids):
        raise job.ResultError(f"the scores have {len(rows)} rows for {len(ids)} claims")
    files.write_csv(rows.loc[ids].reset_index(), scorecard)


if __name__ == "__main__":
    job.run(main)
