"""Print the time that each rule of a finished run took, as a Markdown table."""

import argparse
import sys
from pathlib import Path

from fragility.runtime import times


def main() -> None:
    """Print the table for the folder of results named on the command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("results", type=Path, nargs="?", default=Path("results"))
    results = options.parse_args().results
    try:
        print(times.table(times.by_rule(results), times.computing(results)))
    except ValueError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
