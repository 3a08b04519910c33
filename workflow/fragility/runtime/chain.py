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
    """A job of the run: its rule, its record, its other files in the order of the rule."""

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
        told = record["job"]
        wrote = [path for path in digests.flat(told["outputs"]) if path in record["written"]]
        pairs = list(zip(wrote, job.files, strict=True))
    except (ValueError, KeyError, TypeError, AttributeError):
        yield f"{job.record} is damaged or not of this job of rule {job.rule}; {digests.AGAIN}"
        return
    for path, lies in pairs:
        if record["written"][path] != _of(lies):
            yield digests.NOT_AS_WRITTEN.format(path=lies, rule=job.rule)
    for path, sha256 in record["read"].items():
        lies = path.replace(f"{told['results']}/", f"{results}/", 1)
        if not Path(lies).is_file():
            yield f"{lies} is missing, which rule {job.rule} read; run snakemake"
        elif _of(lies) != sha256:
            yield f"{lies} has changed since rule {job.rule} read it; run snakemake"


@cache
def _of(path: str) -> str:
    return digests.of(path)


def told(wrong: Sequence[str], most: int = 5) -> str:
    """What is wrong, for an error: the first lines, and how many more there are."""
    lines = [*wrong[:most], *([f"and {len(wrong) - most} more"] if len(wrong) > most else [])]
    return "the results are not what their jobs wrote:\n  " + "\n  ".join(lines)
