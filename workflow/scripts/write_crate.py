"""Describe the whole run as an RO-Crate: every file, its checksum, and the job that made it."""

import hashlib
from argparse import Namespace
from pathlib import Path

from fragility.report.crate import Job, run_crate
from fragility.runtime import command, files


def main(args: Namespace) -> None:
    """Write the crate's metadata into the folder of results."""
    jobs = [Job(rule, files.read_json(record), (record, *made)) for rule, record, *made in args.job]
    paths = {path for job in jobs for path in job.made} | set(args.also)
    listed = {path: _size_and_checksum(Path(path)) for path in sorted(paths)}
    files.write_json(run_crate(jobs, listed, str(args.output.parent)), args.output)


def _size_and_checksum(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    options = command.parser(__doc__)
    options.add_argument(
        "--job", nargs="+", action="append", required=True, help="rule, record, what it wrote"
    )
    options.add_argument("--also", nargs="*", default=[], help="files that no record is about")
    options.add_argument("--output", type=Path, required=True)
    command.run(main, options)
