"""Gather the records beside the results: the run's configuration and its provenance page."""

import json
from argparse import Namespace
from pathlib import Path

import yaml

from fragility.report.provenance import provenance_page
from fragility.runtime import command, files


def main(args: Namespace) -> dict:
    """Write the whole configuration as YAML and the provenance page; the record holds both."""
    config = json.loads(args.config)
    records = {str(path): files.read_json(path) for path in args.records}
    files.write_text(yaml.safe_dump(config, sort_keys=False), args.config_file)
    page = provenance_page(records, config, command.commit(), args.stamp)
    files.write_text(page, args.page)
    return {"config": config, "results": records}


if __name__ == "__main__":
    options = command.parser(__doc__)
    options.add_argument("--records", type=Path, nargs="+", required=True)
    options.add_argument("--config", required=True, help="the configuration as JSON")
    options.add_argument("--stamp", nargs="*", default=[], help="settings not the full run's")
    options.add_argument("--page", type=Path, required=True)
    options.add_argument("--config-file", type=Path, required=True)
    command.run(main, options)
