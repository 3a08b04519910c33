"""Put the experiments' scores into one scorecard, a row per claim of the paper."""

from argparse import Namespace
from pathlib import Path

import pandas as pd

from fragility.paper import claims
from fragility.runtime import command, files


def main(args: Namespace) -> None:
    """Write the scorecard in the order of claims.csv; every claim must have been scored."""
    scores = pd.concat(map(files.read_csv, args.scores)).set_index("id")
    ids = [claim.id for claim in claims.read_claims(args.paper)]
    missing = [name for name in ids if name not in scores.index]
    if missing:
        raise command.ResultError(f"claims without evidence: {', '.join(missing)}")
    files.write_csv(scores.loc[ids].reset_index(), args.output)


if __name__ == "__main__":
    options = command.parser(__doc__)
    options.add_argument("--paper", type=Path, required=True, help="folder of claims.csv")
    options.add_argument("--scores", type=Path, nargs="+", required=True)
    options.add_argument("--output", type=Path, required=True)
    command.run(main, options)
