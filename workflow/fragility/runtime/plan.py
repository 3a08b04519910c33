"""The plan of a run: its jobs, with their time and disk space from earlier runs.

Snakemake decides which jobs run.  A job's time is read from the benchmark file of its last run; a
job without one gets the mean of its rule's other jobs, and on default settings that of the run
whose times ship with the repository.  The same holds for the size of its files.  Jobs of a rule
without any such file are counted and listed as unknown.
"""

import csv
import glob
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import mean

from tabulate import tabulate


@dataclass(frozen=True)
class Job:
    """A job that will run; ``seconds`` and ``size`` (bytes) are None if no earlier run has them."""

    name: str
    rule: str
    threads: int = 1
    seconds: float | None = None
    size: float | None = None
    needs: frozenset[int] = frozenset()  # jobs that run before it, by id
    log: str | None = None


# mean seconds and bytes of a job of each rule on default settings; `make docs` writes it
REFERENCE = Path(__file__).parents[3] / "docs/times.csv"


def reference() -> dict[str, tuple[float, float]]:
    """Seconds and bytes of a job by rule, from the run of which ``docs/`` holds a snapshot."""
    if not REFERENCE.is_file():
        return {}
    with REFERENCE.open(encoding="utf-8") as file:
        rows = csv.DictReader(file)
        return {row["rule"]: (float(row["seconds"]), float(row["bytes"])) for row in rows}


def jobs_of(dag, usually: Mapping[str, tuple[float, float]] | None = None) -> dict[int, Job]:
    """The jobs of Snakemake's DAG that will run, by id; without named targets, which run nothing.

    Args:
        dag: ``snakemake.dag.DAG``, complete.
        usually: seconds and bytes of a job by rule, for rules that no earlier run has timed.
    """
    ids = {job: dag.jobid(job) for job in dag.needrun_jobs() if not job.is_norun}
    usual = cache(_usual)  # once per rule, not once per job

    def earlier(path, pattern, read):
        own = read(path)
        return usual(str(pattern), read) if own is None else own

    def planned(job) -> Job:
        files = zip(job.output, job.rule.output, strict=True)
        sizes = [earlier(path, pattern, _size) for path, pattern in files]
        size = None if None in sizes else sum(sizes)
        seconds = earlier(job.benchmark, job.rule.benchmark, _seconds) if job.benchmark else None
        told = (usually or {}).get(job.rule.name, (None, None))
        return Job(
            name=" ".join([job.rule.name, *(f"{k}={v}" for k, v in job.wildcards_dict.items())]),
            rule=job.rule.name,
            threads=job.threads,
            seconds=told[0] if seconds is None else seconds,
            size=told[1] if size is None else size,
            needs=frozenset(ids[other] for other in dag.dependencies[job] if other in ids),
            log=str(job.log[0]) if job.log else None,
        )

    return {number: planned(job) for job, number in ids.items()}


def _usual(pattern: str, read: Callable[[str], float | None]) -> float | None:
    """The mean over the files of a rule's earlier jobs, by a path with wildcards; None if none."""
    # not Path.glob: the folder of results may be absolute
    files = glob.glob(re.sub(r"\{[^{}]+\}", "*", pattern))  # noqa: PTH207
    known = [read(path) for path in files]
    known = [value for value in known if value is not None]
    return mean(known) if known else None


def _seconds(benchmark: str) -> float | None:
    """Wall time in a benchmark file; None without a file, or if a killed run left it incomplete."""
    try:
        with Path(benchmark).open(encoding="utf-8") as file:
            return mean(float(row["s"]) for row in csv.DictReader(file, delimiter="\t"))
    except (OSError, KeyError, TypeError, ValueError):
        return None


def _size(path: str) -> float | None:
    file = Path(path)
    return file.stat().st_size if file.is_file() else None


def wall_time(jobs: dict[int, Job], slots: int) -> float:
    """A lower bound on the jobs' time in seconds: work divided by slots, or the longest chain.

    Args:
        jobs: by id; a job of unknown time counts as 0 s.
        slots: threads that run at the same time: the cores; on a cluster roughly the jobs.
    """

    @cache
    def ends(number: int) -> float:
        before = max((ends(other) for other in jobs[number].needs if other in jobs), default=0.0)
        return before + (jobs[number].seconds or 0.0)

    work = sum(job.threads * (job.seconds or 0.0) for job in jobs.values())
    return max([work / slots, *map(ends, jobs)])


def table(jobs: Iterable[Job]) -> str:
    """The jobs by rule, the longest first, with times and sizes of earlier runs ("?": unknown)."""
    rules: dict[str, list[Job]] = {}
    for job in jobs:
        rules.setdefault(job.rule, []).append(job)
    rows = sorted(map(_row, rules.values()), key=lambda row: (-(row["seconds"] or 0), row["rule"]))
    shown = [
        [row["rule"], row["jobs"], duration(row["seconds"]), volume(row["size"])] for row in rows
    ]
    return tabulate(
        shown, headers=["rule", "jobs", "time, all jobs", "disk"], disable_numparse=True
    )


def _row(jobs: list[Job]) -> dict:
    return {"rule": jobs[0].rule, "jobs": len(jobs)} | {
        key: sum(known) if (known := _known(jobs, key)) else None for key in ("seconds", "size")
    }


def _known(jobs: Iterable[Job], key: str) -> list[float]:
    return [value for job in jobs if (value := getattr(job, key)) is not None]


def summary(jobs: dict[int, Job], slots: int, free: float, unit: str = "core") -> str:
    """The totals in words.

    Args:
        jobs: by id.
        slots: as in :func:`wall_time`.
        free: free bytes on the disk of the results.
        unit: the name of one slot.
    """
    every = list(jobs.values())
    timed, sized = _known(every, "seconds"), _known(every, "size")
    lines = [f"{len(jobs)} job{'s' * (len(jobs) != 1)}"]
    if timed:
        missing = _missing(every, "seconds", "never timed")
        lines.append(
            f"time: about {duration(wall_time(jobs, slots))} on {slots} {unit}"
            f"{'s' * (slots != 1)}; {duration(sum(timed))} one job after the other{missing}"
        )
    else:
        lines.append("time: unknown; there is no benchmark file of an earlier run")
    if sized:
        missing = _missing(every, "size", "whose files are not there")
        lines.append(f"disk: {volume(sum(sized))}{missing}; {volume(free)} free")
    else:
        lines.append(f"disk: unknown; no earlier run left its files; {volume(free)} free")
    return "\n".join(lines)


def _missing(jobs: list[Job], key: str, why: str) -> str:
    """The words that name the jobs a total does not count."""
    missing = [job.rule for job in jobs if getattr(job, key) is None]
    rules = ", ".join(sorted(set(missing)))
    return f", not counting {len(missing)} {why} ({rules})" if missing else ""


def duration(seconds: float | None) -> str:
    """Seconds as text: "35 s", "12 min", "2 h 05 min"; "?" for None."""
    if seconds is None:
        return "?"
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"


def volume(size: float | None) -> str:
    """Bytes as text, in powers of 1000; "?" for None."""
    if size is None:
        return "?"
    for unit in ("bytes", "kB", "MB"):
        if size < 999.5:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
