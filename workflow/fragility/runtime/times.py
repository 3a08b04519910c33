"""The time that each rule of a finished run took, from its benchmark files and records."""

import csv
import json
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from tabulate import tabulate

from fragility.runtime.plan import duration


class Times(NamedTuple):
    """The time of the jobs of one rule.

    Attributes:
        rule: its name.
        jobs: how many were timed.
        wall: seconds from start to end, summed over jobs (benchmark files).
        processor: seconds of processor time, summed over jobs.
    """

    rule: str
    jobs: int
    wall: float
    processor: float


def by_rule(results: Path) -> list[Times]:
    """The rules of a run, the longest first; each has a file or a folder of benchmark files.

    Raises:
        ValueError: the folder has no benchmark files.
    """
    rules = []
    for path in sorted((results / "benchmarks").glob("*")):
        files = sorted(path.rglob("*.tsv")) if path.is_dir() else [path]
        rows = [row for file in files for row in _rows(file)]
        wall, processor = (sum(float(row[key]) for row in rows) for key in ("s", "cpu_time"))
        rules.append(Times(path.stem, len(rows), wall, processor))
    if not rules:
        raise ValueError(
            f"there are no benchmark files in {results}/benchmarks; run snakemake first"
        )
    return sorted(rules, key=lambda times: -times.wall)


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def computing(results: Path) -> float:
    """Seconds between the start and the end of the jobs' programs, by their own records.

    Runs with results in a folder inside, as of another seed, have benchmark files of their own.
    """
    others = {path.parent for path in results.rglob("benchmarks")} - {results}
    records = (
        json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(results.rglob("*.json"))
        if others.isdisjoint(path.parents)
    )
    return sum(record["seconds"] for record in records if "script" in record)


def reference(results: Path) -> list[dict]:
    """Mean seconds and bytes of a job of each rule, from benchmark files and records."""
    sizes: dict[str, list[int]] = {}
    for path in sorted(results.rglob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        if "script" in record and record["job"]["results"] == str(results):  # not of a run inside
            made = [Path(name) for name in record["written"]]
            size = sum(file.stat().st_size for file in made if file.is_file())
            sizes.setdefault(record["job"]["rule"], []).append(size)
    return [
        {"rule": t.rule, "seconds": round(t.wall / t.jobs, 1), "bytes": round(mean(sizes[t.rule]))}
        for t in sorted(by_rule(results))
        if t.rule in sizes
    ]


def table(rules: list[Times], computed: float) -> str:
    """A Markdown table, one row per rule and one for all, and the share that was not computing."""
    total = sum(times.wall for times in rules)
    rows = [
        [t.rule, t.jobs, duration(t.wall), f"{100 * t.wall / total:.1f} %", duration(t.processor)]
        for t in rules
    ]
    jobs, processor = sum(t.jobs for t in rules), sum(t.processor for t in rules)
    rows.append(["all", jobs, duration(total), "100 %", duration(processor)])
    headers = ["rule", "jobs", "time", "share", "processor time"]
    shown = tabulate(
        rows, headers, "pipe", disable_numparse=True,
        colalign=("left", "right", "right", "right", "right"),
    )  # fmt: skip
    rest = 100 * (1 - computed / total)
    return (
        f"{shown}\n\nBetween the programs' own start and end: {duration(computed)}; the rest, "
        f"{rest:.1f} %, is starting Python and importing."
    )
