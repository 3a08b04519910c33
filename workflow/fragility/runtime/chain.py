"""The chain of a run: every file is what its job wrote, and every job read what lies there now.

Each job's record names what it read and wrote, with digests.  The chain holds if all records are
whole, all files are those that the records tell of, and nothing read has changed since.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from fragility.runtime import digests


class Made(NamedTuple):
    """A job of the run: its rule, its record, and its other files."""

    rule: str
    record: str
    files: list[str]


def broken(jobs: Sequence[Made], results: str) -> list[str]:
    """What is wrong with the files of a run, a line each; empty if the chain holds.

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
        wrote = {_here(path, root, results): sha256 for path, sha256 in record["written"].items()}
        read = {_here(path, root, results): sha256 for path, sha256 in record["read"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        wrote = None
    if wrote is None or set(wrote) != set(job.files):
        yield f"{job.record} is damaged or not of this job of rule {job.rule}; {digests.AGAIN}"
        return
    for path, sha256 in wrote.items():
        if sha256 != _of(path):
            yield digests.NOT_AS_WRITTEN.format(path=path, rule=job.rule)
    for path, sha256 in read.items():
        if not Path(path).is_file():
            yield f"{path} is missing, which rule {job.rule} read; run snakemake"
        elif sha256 != _of(path):
            yield f"{path} has changed since rule {job.rule} read it; run snakemake"


def _here(path: str, root: str, results: str) -> str:
    """A path of a record, in this run's folder of results."""
    return f"{results}/{path.removeprefix(f'{root}/')}" if path.startswith(f"{root}/") else path


@cache
def _of(path: str) -> str:
    return digests.of(path)


def told(wrong: Sequence[str], most: int = 5) -> str:
    """What is wrong, for an error: the first lines, and how many more there are."""
    lines = [*wrong[:most], *([f"and {len(wrong) - most} more"] if len(wrong) > most else [])]
    return "the results are not what their jobs wrote:\n  " + "\n  ".join(lines)
