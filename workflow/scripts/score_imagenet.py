"""Judge the paper's claims about ImageNet by the rules of claims.csv."""

from argparse import Namespace
from pathlib import Path

from fragility.experiments.imagenet.evidence import evidence
from fragility.paper import claims
from fragility.runtime import command, files


def main(args: Namespace) -> None:
    """Write the ImageNet experiment's rows of the scorecard."""
    measures, pairs = (
        {part["model"].iloc[0]: part for part in map(files.read_csv, paths)}
        for paths in (args.measures, args.pairs)
    )
    found = evidence(measures, pairs, args.scale, args.seed)
    files.write_csv(claims.scores(args.paper, found), args.output)


if __name__ == "__main__":
    options = command.parser(__doc__)
    options.add_argument("--paper", type=Path, required=True, help="folder of the printed tables")
    options.add_argument("--measures", type=Path, nargs="+", required=True, help="a CSV a network")
    options.add_argument("--pairs", type=Path, nargs="*", required=True, help="a CSV a network")
    options.add_argument(
        "--scale", type=lambda text: [float(x) for x in text.split(",")], required=True
    )
    options.add_argument("--seed", type=int, required=True)
    options.add_argument("--output", type=Path, required=True)
    command.run(main, options)
