"""Judge the paper's theoretical claims by the rules of claims.csv."""

from argparse import Namespace
from importlib import import_module
from pathlib import Path

from fragility.paper import claims
from fragility.runtime import command, files

STATEMENTS = (
    "theorem_1",
    "lemma_2",
    "remarks_2",
    "lemma_3",
    "theorem_4",
    "theorem_5",
    "theorem_6",
    "theorem_7",
    "section_5",
    "figure_1",
)


def main(args: Namespace) -> None:
    """Write the theory's rows of the scorecard."""
    rows = {path.stem: files.read_csv(path) for path in args.rows}
    found = {}
    for name in STATEMENTS:
        found |= import_module(f"fragility.statements.{name}.evidence").evidence(rows[name])
    files.write_csv(claims.scores(args.paper, found), args.output)


if __name__ == "__main__":
    options = command.parser(__doc__)
    options.add_argument("--paper", type=Path, required=True, help="folder of claims.csv")
    options.add_argument("--rows", type=Path, nargs="+", required=True)
    options.add_argument("--output", type=Path, required=True)
    command.run(main, options)
