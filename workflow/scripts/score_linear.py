"""Judge the paper's claims about linear networks by the rules of claims.csv."""

from argparse import Namespace
from pathlib import Path

import pandas as pd

from fragility.experiments.linear.evidence import evidence
from fragility.paper import claims
from fragility.runtime import command, files


def main(args: Namespace) -> None:
    """Write the linear experiment's rows of the scorecard."""
    found = evidence(
        pd.concat(map(files.read_csv, args.measures)),
        files.read_csv(args.classifiers),
        files.read_csv(args.feasibility),
        claims.read_table(args.paper, 1),
        table_dimension=args.table_dimension,
        column_scale=args.column_scale,
        aligned_above=args.aligned_above,
        n_runs=args.n_runs,
    )
    files.write_csv(claims.scores(args.paper, found), args.output)


if __name__ == "__main__":
    options = command.parser(__doc__)
    options.add_argument("--paper", type=Path, required=True, help="folder of the printed tables")
    options.add_argument("--measures", type=Path, nargs="+", required=True)
    options.add_argument("--classifiers", type=Path, required=True)
    options.add_argument("--feasibility", type=Path, required=True)
    options.add_argument("--table-dimension", type=int, required=True)
    options.add_argument("--column-scale", type=float, required=True)
    options.add_argument("--aligned-above", type=float, required=True)
    options.add_argument("--n-runs", type=int, required=True)
    options.add_argument("--output", type=Path, required=True)
    command.run(main, options)
