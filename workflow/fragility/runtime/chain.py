"""The chain of a run: every file is as its job wrote it, and as the jobs that read it read it.

Each job's record names the files it read and wrote, with their digests.  The chain holds if no
record is damaged, all files agree with the records, and no file has changed since it was read.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from fragility.runtime import digests

FOLDER = "files.sha256"  # a job's list of a folder's files, of which Snakemake knows a few only


class Made(NamedTuple):
    """A job of the run: its rule, its record, and its other files."""

    rule: str
    record: str
    files: list[str]


def broken(jobs: Sequence[Made], results: str) -> list[str]:
    """One line for each file of a run that is missing, damaged or changed; empty if none is.

    Args:
        jobs: all jobs of the run.
        results: its folder of results; records from a shared cache may name another one.
    """
    return list(dict.fromkeys(line for job in jobs for line in _of_job(job, results)))


def _of_job(job: Made, results: str) -> Iterator[str]:
    missing = [path for path in (job.record, *job.files) if not Path(path).is_file()]
    if missing:
        yield from (f"{path} is missing; run snakemake: it is made anew" for path in missing)
        return
    try:
        record = digests.read_record(job.record)
        root = record["job"]["results"]
        wrote = {here(path, root, results): sha256 for path, sha256 in record["written"].items()}
        read = {here(path, root, results): sha256 for path, sha256 in record["read"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        wrote = None
    if wrote is None or set(wrote) != set(job.files):
        yield f"{job.record} is damaged or not of this job of rule {job.rule}; {digests.AGAIN}"
        return
    for path, sha256 in wrote.items():
        if sha256 != _of(path):
            yield digests.NOT_AS_WRITTEN.format(path=path, rule=job.rule)
        else:
            yield from _of_folder(path, job)
    for path, sha256 in read.items():
        if not Path(path).is_file():
            yield f"{path} is missing, which rule {job.rule} read; run snakemake"
        elif sha256 != _of(path):
            yield f"{path} has changed since rule {job.rule} read it; run snakemake"


def _of_folder(listed: str, job: Made) -> Iterator[str]:
    """The same for the files that a list of a folder names."""
    for path, sha256 in in_folder(listed).items():
        if not Path(path).is_file() or sha256 != _of(path):
            yield (
                f"{path} is not what rule {job.rule} wrote; "
                f"delete {listed} and run snakemake: all of the folder is made anew"
            )


def in_folder(listed: str) -> dict[str, str]:
    """The digests of a folder's files, if ``listed`` is a job's list of them; else none."""
    return digests.read(listed) if Path(listed).name == FOLDER else {}


def here(path: str, root: str, results: str) -> str:
    """A path of a record whose results lay in ``root``, now that they lie in ``results``."""
    return f"{results}/{path.removeprefix(f'{root}/')}" if path.startswith(f"{root}/") else path


@cache
def _of(path: str) -> str:
    return digests.of(path)


def told(wrong: Sequence[str], most: int = 5) -> str:
    """An error message from those lines: the first ``most``, and how many more there are."""
    lines = [*wrong[:most], *([f"and {len(wrong) - most} more"] if len(wrong) > most else [])]
    return "the results are not what their jobs wrote:\n  " + "\n  ".join(lines)
