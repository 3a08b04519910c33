"""Judge the paper's claims about ReLU networks by the rules of claims.csv."""

from argparse import Namespace
from pathlib import Path

from fragility.experiments.relu.evidence import evidence
from fragility.paper import claims
from fragility.runtime import command, files


def main(args: Namespace) -> None:
    """Write the ReLU experiment's rows of the scorecard."""
    found = evidence(
        files.read_csv(args.table_3),
        [files.read_csv(path) for path in args.depth],
        files.read_csv(args.attacks),
        files.read_csv(args.table_4),
        files.read_csv(args.classifiers),
        args.column_scale,
    )
    files.write_csv(claims.scores(args.paper, found), args.output)


if __name__ == "__main__":
    options = command.parser(__doc__)
    options.add_argument("--paper", type=Path, required=True, help="folder of the printed tables")
    options.add_argument("--table-3", type=Path, required=True, help="measures of its networks")
    options.add_argument("--depth", type=Path, nargs="+", required=True, help="measures by depth")
    options.add_argument("--attacks", type=Path, required=True, help="on Table 3's networks")
    options.add_argument("--table-4", type=Path, required=True, help="attacks on its networks")
    options.add_argument("--classifiers", type=Path, required=True, help="of Table 4's dimension")
    options.add_argument("--column-scale", type=float, required=True)
    options.add_argument("--output", type=Path, required=True)
    command.run(main, options)
