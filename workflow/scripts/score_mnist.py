"""Judge the paper's claims about MNIST by the rules of claims.csv."""

from argparse import Namespace
from pathlib import Path

from fragility.experiments.mnist.evidence import evidence
from fragility.paper import claims
from fragility.runtime import command, files


def main(args: Namespace) -> None:
    """Write the MNIST experiment's rows of the scorecard."""
    parts = [files.read_csv(path) for path in args.measures]
    by_network = {int(part["network"].iloc[0]): part for part in parts}
    files.write_csv(claims.scores(args.paper, evidence(by_network)), args.output)


if __name__ == "__main__":
    options = command.parser(__doc__)
    options.add_argument("--paper", type=Path, required=True, help="folder of the printed tables")
    options.add_argument("--measures", type=Path, nargs="+", required=True, help="a CSV a network")
    options.add_argument("--output", type=Path, required=True)
    command.run(main, options)
