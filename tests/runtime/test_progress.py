"""How far a run is, told after each job and each minute; with a clock that the tests turn."""

import logging
import time
from types import SimpleNamespace

import pytest
from snakemake_interface_logger_plugins.common import LogEvent

from fragility.runtime import plan, progress
from fragility.runtime.plan import Job
from fragility.runtime.progress import Handler, Progress


class Clock:
    time = 0.0

    def __call__(self):
        return self.time


@pytest.fixture
def clock():
    return Clock()


def test_line_counts_jobs_and_takes_off_what_has_passed(clock):
    jobs = {n: Job(f"train {n}", "train", seconds=100) for n in range(4)}
    run = Progress(jobs, slots=1, now=clock)
    run.start([0, 1])
    clock.time = 60
    assert run.finish(0)
    assert run.line() == "Progress: 1 of 4 jobs done, 1 under way, about 4 min left"  # 40+100+100


def test_never_timed_jobs_are_expected_to_take_what_their_rules_others_took(clock):
    run = Progress({n: Job(f"train {n}", "train") for n in range(3)}, slots=1, now=clock)
    assert run.line() == "Progress: 0 of 3 jobs done, time left unknown"
    run.start([0])
    clock.time = 30
    run.finish(0)
    assert run.line() == "Progress: 1 of 3 jobs done, about 60 s left"


def test_jobs_of_unknown_time_are_named_beside_the_estimate(clock):
    jobs = {0: Job("a", "a", seconds=10), 1: Job("b", "b")}
    line = Progress(jobs, slots=1, now=clock).line()
    assert line == "Progress: 0 of 2 jobs done, more than 10 s left (1 never timed)"


def test_a_failed_job_is_counted_until_it_is_tried_again(clock):
    run = Progress({0: Job("a", "a", seconds=10), 1: Job("b", "b", seconds=5)}, 1, now=clock)
    run.start([0])
    run.fail(0)
    assert run.line() == "Progress: 0 of 2 jobs done, 1 failed, about 5 s left"
    run.start([0])
    assert run.line() == "Progress: 0 of 2 jobs done, 1 under way, about 15 s left"


def test_named_targets_are_not_counted(clock):
    run = Progress({0: Job("a", "a")}, 1, now=clock)
    run.start([0, 99])
    assert not run.finish(99)
    assert run.finish(0) and run.line() == "Progress: 1 of 1 jobs done"


def test_details_show_the_last_state_of_a_progress_bar(clock, tmp_path):
    log = tmp_path / "train.log"
    log.write_text("epoch 1\repoch 2\repoch 3\n")
    run = Progress({0: Job("train d=5", "train", log=str(log)), 1: Job("b", "b")}, 1, now=clock)
    run.start([0, 1])
    clock.time = 120
    assert run.details() == ["  train d=5: 2 min so far; epoch 3", "  b: 2 min so far"]


# --- the handler between Snakemake's events and the log


@pytest.fixture
def follow(tmp_path, monkeypatch, caplog):
    """A handler on a made-up run of two jobs; returns what sends it an event."""
    jobs = {0: Job("a", "a", seconds=10), 1: Job("b", "b", seconds=10)}
    monkeypatch.setattr(plan, "jobs_of", lambda dag, usually: jobs)
    monkeypatch.setattr(progress.settings, "changed_settings", lambda config: [])
    monkeypatch.setattr(progress, "logger", logging.getLogger("made up"))
    caplog.set_level(logging.INFO)

    def start(dryrun=False, local=True):
        workflow = SimpleNamespace(dryrun=dryrun, dag=None, local_exec=local, config={})
        setattr(workflow, *(("cores", 1) if local else ("nodes", 5)))  # Snakemake has either
        handler = Handler(workflow, tmp_path / "results")

        def send(event, **values):
            record = logging.makeLogRecord({"event": event} | values)
            handler.handle(record)

        send.close, send.handler = handler.close, handler
        return send

    yield start


def test_a_run_is_told_in_the_log_and_in_a_file(follow, tmp_path, caplog, monkeypatch):
    monkeypatch.setattr(progress, "APART", 0)
    send = follow()
    send(LogEvent.RUN_INFO, stats={})
    send(LogEvent.JOB_STARTED, jobs=[0])
    send(LogEvent.JOB_FINISHED, job_id=0)
    send(LogEvent.JOB_STARTED, jobs=[1])
    send(LogEvent.JOB_ERROR, jobid=1)
    send.close()
    lines = (tmp_path / "results/logs/progress.log").read_text()
    for words in ("2 jobs", "1 of 2 jobs done, about 10 s left", "1 of 2 jobs done, 1 failed"):
        assert words in lines and words in caplog.text


@pytest.mark.timeout(30)  # it waits for a thread
def test_each_minute_says_what_is_under_way(follow, tmp_path, monkeypatch):
    monkeypatch.setattr(progress, "MINUTE", 0.01)
    send = follow()
    send(LogEvent.RUN_INFO, stats={})
    send(LogEvent.JOB_STARTED, jobs=[0])
    log = tmp_path / "results/logs/progress.log"
    while "a: 0 s so far" not in log.read_text():
        time.sleep(0.01)
    send.close()


def test_a_dry_run_gets_the_plan_and_writes_nothing(follow, tmp_path, caplog):
    send = follow(dryrun=True)
    send(LogEvent.RUN_INFO, stats={})
    send(LogEvent.RUN_INFO, stats={})
    assert caplog.text.count("time: about 20 s on 1 core;") == 1
    assert not (tmp_path / "results").exists()


def test_on_a_cluster_the_slots_are_the_jobs_at_once(follow, caplog):
    send = follow(local=False)
    send(LogEvent.RUN_INFO, stats={})
    send.close()
    assert "about 10 s on 2 cluster slots" in caplog.text


def test_a_place_that_takes_no_file_does_not_stop_the_run(follow, tmp_path, caplog):
    (tmp_path / "results").write_text("in the way")
    send = follow()
    send(LogEvent.RUN_INFO, stats={})
    send.close()
    assert "the progress is not written to a file" in caplog.text
