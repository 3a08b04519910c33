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
    inside = {each.record: in_folders(each.files) for each in every}
    paths = {*made, *(Path(path) for paths in inside.values() for path in paths)}
    listed = {str(path): (path.stat().st_size, digests.of(path)) for path in sorted(paths)}
    done = [
        Job(each.rule, digests.read_record(each.record), (each.record, *each.files, *more))
        for each, more in zip(every, inside.values(), strict=True)
    ]
    files.write_json(run_crate(done, listed, results), crate)


def in_folders(paths: list[str]) -> list[str]:
    """Files that a list of a folder among ``paths`` names and ``paths`` does not."""
    return [each for path in paths for each in chain.in_folder(path) if each not in paths]


if __name__ == "__main__":
    job.run(main)
