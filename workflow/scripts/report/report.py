"""Put all pages into one file with Snakemake's own report of the finished run."""

import subprocess
from pathlib import Path

from fragility.runtime import files, job


def main(
    pages: list[Path],
    style: Path,
    start: Path,
    start_page: Path,
    config: Path,
    report: Path,
    *,
    snakefile: str,
    categories: list[str],
) -> None:
    """Run a second Snakemake for a short time: it runs no job and takes no lock.

    It finds ``start``, ``start_page``, ``pages`` and their ``categories`` by the rules; as inputs
    they exist before, as a setting they count when they change.

    Raises:
        job.ResultError: Snakemake failed.
    """
    with files.replacing(report) as written:
        done = subprocess.run(
            ["snakemake", "--snakefile", snakefile, "--configfile", config, "--cores", "1",
             "--nolock", "--report", written, "--report-stylesheet", style, "everything_shown"],
        )  # fmt: skip
        if done.returncode != 0:
            raise job.ResultError("snakemake --report failed; its messages are above this line")


if __name__ == "__main__":
    job.run(main)
