"""Describe the whole run as an RO-Crate: every file, its checksum, and the job that made it."""

from pathlib import Path

from fragility.report.crate import Job, run_crate
from fragility.runtime import chain, digests, files, job


def main(made: list[Path], crate: Path, *, jobs: list[list], results: str) -> None:
    """Write the crate's metadata into the folder of results.

    ``made`` are all files of the run; ``jobs`` says which job makes which (chain.Made).

    Raises:
        job.ResultError: a file is missing or not as its job wrote it.
    """
    every = [chain.Made(*each) for each in jobs]
    wrong = chain.broken(every, results)
    if wrong:
        raise job.ResultError(chain.told(wrong))
    listed = {str(path): (path.stat().st_size, digests.of(path)) for path in sorted(made)}
    done = [
        Job(each.rule, digests.read_record(each.record), (each.record, *each.files))
        for each in every
    ]
    files.write_json(run_crate(done, listed, results), crate)


if __name__ == "__main__":
    job.run(main)
