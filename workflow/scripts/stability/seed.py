"""Score the claims for another master seed: the workflow itself, run once more inside this job."""

import os
import subprocess
from pathlib import Path

import pandas as pd
import yaml

from fragility.paper.claims import read_csv_strings
from fragility.runtime import files, job


def main(
    configfile: Path,
    scores: Path,
    *,
    config: dict[str, object],
    experiments: list[str],
    snakefile: str,
    device: str,
) -> None:
    """Run Snakemake for the experiments' scores under ``config``, and put them into one table.

    Its results lie in the folder that ``config`` names.  They are no outputs of this job, since
    Snakemake deletes a job's outputs before it starts: so an interrupted run goes on where it was.

    Raises:
        job.ResultError: Snakemake failed.
    """
    files.write_text(yaml.safe_dump(config, sort_keys=False, allow_unicode=True), configfile)
    made = [f"{config['results']}/{name}/score.csv" for name in experiments]
    done = subprocess.run(_command(made, configfile, snakefile, device), stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise job.ResultError(
            f"the run with seed {config['seed']} failed; Snakemake's messages are above this line, "
            f"and its results so far are kept in {config['results']}"
        )
    files.write_csv(pd.concat(map(read_csv_strings, made)), scores)


def _command(targets: list[str], configfile: Path, snakefile: str, device: str) -> list:
    """Snakemake on this machine, with what this job has of cores and of GPUs.

    Without --nolock it would end by removing all locks in the working folder, also those of the
    Snakemake that runs this job.
    """
    return [
        "snakemake", *targets, "--snakefile", snakefile, "--configfile", configfile,
        "--executor", "local", "--cores", os.environ["OMP_NUM_THREADS"],
        "--resources", f"gpu={int(device == 'cuda')}", "--nolock", "--rerun-incomplete",
    ]  # fmt: skip


if __name__ == "__main__":
    job.run(main)
