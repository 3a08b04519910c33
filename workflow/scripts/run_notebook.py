"""Execute a notebook with papermill; it reads results and writes tables and figures."""

import json
from argparse import Namespace
from pathlib import Path

from papermill import execute_notebook

from fragility.runtime import command


def main(args: Namespace) -> None:
    """Run ``notebook`` with the parameters of its rule; keep the executed copy."""
    execute_notebook(
        args.notebook,
        args.output,
        parameters=args.parameters,
        cwd=".",
        progress_bar=False,
    )


if __name__ == "__main__":
    options = command.parser(__doc__)
    options.add_argument("notebook", type=Path)
    options.add_argument("--parameters", type=json.loads, required=True, help="as JSON")
    options.add_argument("--output", type=Path, required=True, help="the executed copy")
    command.run(main, options)
