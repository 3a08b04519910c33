"""Where the time went: sums over what jobs have left, nothing else."""

import json
import subprocess
import sys

import pytest
from workflow_runs import REPOSITORY

from fragility.runtime import plan, times

HEADER = "s\th:m:s\tmax_rss\tcpu_time"


@pytest.fixture
def results(tmp_path):
    """Two jobs of one rule, one of another; the records say less than the benchmarks."""
    for name, wall, processor in (("train/a", 30, 50), ("train/b", 50, 60), ("score", 20, 10)):
        file = tmp_path / f"benchmarks/{name}.tsv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{HEADER}\n{wall}\t0:00:{wall}\t1\t{processor}\n")
    for name, seconds in (("one", 29.5), ("two", 45.5), ("three", 15)):
        record = {"script": "x.py", "seconds": seconds}
        (tmp_path / f"{name}.json").write_text(json.dumps(record))
    (tmp_path / "ro-crate-metadata.json").write_text(json.dumps({"seconds": 1000}))  # no record
    return tmp_path


def test_rules_are_summed_and_the_longest_comes_first(results):
    assert times.by_rule(results) == [("train", 2, 80, 110), ("score", 1, 20, 10)]


def test_computing_is_what_the_records_say(results):
    assert times.computing(results) == 90


def test_a_run_in_a_folder_inside_is_not_counted(results):
    (results / "stability/8/benchmarks").mkdir(parents=True)
    for name in ("stability/8/linear/score", "stability/8/score"):
        (results / name).parent.mkdir(exist_ok=True)
        (results / f"{name}.json").write_text(json.dumps({"script": "x.py", "seconds": 1000}))
    assert times.computing(results) == 90


def test_the_table_adds_up(results):
    text = times.table(times.by_rule(results), times.computing(results))
    cells = [[cell.strip() for cell in line.split("|")] for line in text.splitlines()]
    rows = {row[1]: row[2:-1] for row in cells if len(row) > 2}
    assert rows["train"] == ["2", "80 s", "80.0 %", "2 min"]
    assert rows["all"] == ["3", "2 min", "100 %", "2 min"]
    assert text.endswith("the rest, 10.0 %, is starting Python and importing.")


def test_a_folder_without_a_run_is_a_clear_error(tmp_path):
    done = subprocess.run(
        [sys.executable, REPOSITORY / "workflow/scripts/report/times.py", tmp_path / "nothing"],
        capture_output=True, text=True, env={"PYTHONPATH": str(REPOSITORY / "workflow")},
    )  # fmt: skip
    assert done.returncode != 0 and "Traceback" not in done.stderr
    assert "benchmarks" in done.stderr and "nothing" in done.stderr


def test_reference_times_are_means_over_a_rules_own_jobs(results):
    """A run inside, of other settings, does not count."""
    made = results / "made.csv"
    made.write_text("x" * 100)
    inside = {"two": str(results / "demo")}
    for name, rule in (("one", "train"), ("two", "train"), ("three", "score")):
        job = {"rule": rule, "results": inside.get(name, str(results))}
        record = {"script": "x.py", "job": job, "written": {str(made): "sha256"}}
        (results / f"{name}.json").write_text(json.dumps(record))
    assert times.reference(results) == [
        {"rule": "score", "seconds": 20.0, "bytes": 100},
        {"rule": "train", "seconds": 40.0, "bytes": 100},
    ]


def test_times_that_ship_with_the_repository_can_be_read():
    told = plan.reference()
    assert len(told) > 30 and all(seconds > 0 for seconds, _ in told.values())
