"""Render the page of all statements: one line each, figure, verdicts, what is loose in the text."""

from argparse import Namespace
from pathlib import Path

import yaml

from fragility.paper import claims
from fragility.report.statements import statements_page
from fragility.runtime import command, files


def main(args: Namespace) -> None:
    """Write the page, statements in the order of the paper."""
    scores = claims.read_csv_strings(args.scores)
    figures = {path.stem: path.read_text(encoding="utf-8") for path in args.figures}
    statements = [
        {"name": path.stem} | yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in args.statements
    ]
    files.write_text(statements_page(statements, scores, figures, args.stamp), args.output)


if __name__ == "__main__":
    options = command.parser(__doc__)
    options.add_argument("--statements", type=Path, nargs="+", required=True)
    options.add_argument("--scores", type=Path, required=True)
    options.add_argument("--figures", type=Path, nargs="+", required=True)
    options.add_argument("--stamp", nargs="*", default=[], help="settings not the full run's")
    options.add_argument("--output", type=Path, required=True)
    command.run(main, options)
