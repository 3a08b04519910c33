"""Put all pages into one file with Snakemake's own report, which reads the finished run."""

import subprocess
from pathlib import Path

from fragility.runtime import files, job


def main(
    pages: list[Path], style: Path, start: Path, config: Path, report: Path, *, snakefile: str
) -> None:
    """Run a second, short-lived Snakemake: it computes nothing and takes no lock.

    ``start`` and ``pages`` are what it finds by the rules; they are named so that they are there.
    """
    with files.replacing(report) as written:
        done = subprocess.run(
            ["snakemake", "--snakefile", snakefile, "--configfile", config, "--cores", "1",
             "--nolock", "--report", written, "--report-stylesheet", style, "everything_shown"],
        )  # fmt: skip
        if done.returncode != 0:
            raise job.ResultError("snakemake --report failed; its lines above say why")


if __name__ == "__main__":
    job.run(main)
