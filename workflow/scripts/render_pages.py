"""Render the report's own pages: start, claims with their rules, assumptions."""

from argparse import Namespace
from pathlib import Path

from fragility.paper import claims
from fragility.report import scorecard as tables
from fragility.runtime import command, files


def main(args: Namespace) -> None:
    """Write the pages, and the scorecard in Markdown, from the scorecard and the assumptions."""
    scores = claims.read_csv_strings(args.scorecard)
    assumptions = claims.read_csv_strings(args.assumptions)
    start = tables.start_page(scores, args.figure.read_text(encoding="utf-8"), args.stamp)
    files.write_text(start, args.start)
    files.write_text(tables.markdown(scores), args.markdown)
    files.write_text(tables.claims_page(scores, args.stamp), args.claims_page)
    files.write_text(
        tables.assumptions_page(assumptions, scores, args.stamp), args.assumptions_page
    )


if __name__ == "__main__":
    options = command.parser(__doc__)
    options.add_argument("--scorecard", type=Path, required=True)
    options.add_argument("--assumptions", type=Path, required=True)
    options.add_argument("--figure", type=Path, required=True, help="SVG for the start page")
    options.add_argument("--stamp", nargs="*", default=[], help="settings not the full run's")
    options.add_argument("--start", type=Path, required=True)
    options.add_argument("--markdown", type=Path, required=True)
    options.add_argument("--claims-page", type=Path, required=True)
    options.add_argument("--assumptions-page", type=Path, required=True)
    command.run(main, options)
