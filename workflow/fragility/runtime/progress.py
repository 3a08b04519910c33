"""Messages on a run's progress: jobs planned, done and under way, and the time they still need.

Snakemake's log has events (a job was submitted, finished, failed).  A handler reads them and writes
the progress after jobs and once a minute: to Snakemake's own log, so to the terminal, and to a
file.  It does not change what Snakemake writes itself.
"""

import logging
import shutil
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import mean

from snakemake.logging import logger
from snakemake_interface_logger_plugins.common import LogEvent

from fragility.runtime import plan, settings

MINUTE = 60.0
APART = 5.0  # least seconds between two lines, so that short jobs do not write one each


def follow(workflow, results: Path) -> None:
    """Listen to the run of ``workflow`` (Snakemake's object); not in the processes of its jobs."""
    if workflow.is_main_process:
        logger.addHandler(Handler(workflow, results))


class Handler(logging.Handler):
    """Writes a dry run's plan, or a run's totals and progress, when Snakemake's events occur."""

    def __init__(self, workflow, results: Path) -> None:
        super().__init__()
        self._workflow, self._results = workflow, results
        self._progress: Progress | None = None
        self._said = 0.0
        self._ended = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        """Act on one event; other log records are ignored."""
        event = getattr(record, "event", None)
        if event == LogEvent.RUN_INFO and self._progress is None:
            self._begin()
        elif self._progress is not None and not self._workflow.dryrun:
            self._continue(event, record)

    def _begin(self) -> None:
        workflow = self._workflow
        # only on default settings: others take another time
        usually = {} if settings.changed_settings(workflow.config) else plan.reference()
        jobs = plan.jobs_of(workflow.dag, usually)
        if workflow.local_exec:
            slots, unit = workflow.cores, "core"
        else:  # a cluster decides itself how many cores are used
            slots, unit = min(workflow.nodes, max(len(jobs), 1)), "cluster slot"
        self._progress = Progress(jobs, slots)
        if workflow.dryrun:
            logger.info(plan.table(jobs.values()) + "\n")
        self._say(plan.summary(jobs, slots, _free(self._results), unit))
        if not workflow.dryrun:
            threading.Thread(target=self._every_minute, daemon=True).start()

    def _continue(self, event: object, record: logging.LogRecord) -> None:
        if event == LogEvent.JOB_STARTED:
            self._progress.start(record.jobs)
        elif event == LogEvent.JOB_FINISHED and self._progress.finish(record.job_id):
            if not self._progress.left or time.monotonic() - self._said > APART:
                self._say(self._progress.line())
        elif event == LogEvent.JOB_ERROR:
            self._progress.fail(record.jobid)
            self._say(self._progress.line())

    def _every_minute(self) -> None:
        while not self._ended.wait(MINUTE):
            with self.lock:
                self._say("\n".join([self._progress.line(), *self._progress.details()]))

    def _say(self, text: str) -> None:
        logger.info(text)
        self._said = time.monotonic()
        if not self._workflow.dryrun:
            self._write(f"{time.strftime('%Y-%m-%d %H:%M:%S')}  {text}\n")

    def _write(self, line: str) -> None:
        log = self._results / "logs" / "progress.log"
        try:
            log.parent.mkdir(parents=True, exist_ok=True)
            with log.open("a", encoding="utf-8") as file:
                file.write(line)
        except OSError as error:  # the jobs go on: they report a full disk themselves
            logger.warning(f"the progress is not written to a file: {error}")

    def close(self) -> None:
        """Stop the message of every minute, at the end of the run."""
        self._ended.set()
        super().close()


def _free(folder: Path) -> int:
    """Free bytes on the disk of a folder that exists or will be made."""
    folder = folder.resolve()
    return shutil.disk_usage(next(p for p in (folder, *folder.parents) if p.exists())).free


class Progress:
    """The progress of a run.

    Args:
        jobs: the jobs that will run, by id.
        slots: as in :func:`fragility.runtime.plan.wall_time`.
        now: a clock, in seconds.
    """

    def __init__(
        self, jobs: dict[int, plan.Job], slots: int, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.left = dict(jobs)  # neither finished nor failed
        self._failed: dict[int, plan.Job] = {}
        self._total, self._slots, self._now = len(jobs), slots, now
        self._started: dict[int, float] = {}  # under way, and since when
        self._took: dict[str, list[float]] = defaultdict(list)  # in this run, by rule

    def start(self, numbers: list[int]) -> None:
        """Jobs were submitted; groups of jobs and named targets are not counted."""
        for number in numbers:
            if number in self._failed:  # it is tried again
                self.left[number] = self._failed.pop(number)
            if number in self.left:
                self._started[number] = self._now()

    def finish(self, number: int) -> bool:
        """A job is done; returns False if it is not counted."""
        if number not in self.left:
            return False
        job = self.left.pop(number)
        if number in self._started:
            self._took[job.rule].append(self._now() - self._started.pop(number))
        return True

    def fail(self, number: int) -> None:
        """A job failed; jobs that need its files are not run."""
        if number in self.left:
            self._failed[number] = self.left.pop(number)
            self._started.pop(number, None)

    def line(self) -> str:
        """For example "Progress: 12 of 57 jobs done, 2 under way, about 14 min left"."""
        done = self._total - len(self.left) - len(self._failed)
        words = [f"Progress: {done} of {self._total} jobs done"]
        words += [f"{len(self._failed)} failed"] * bool(self._failed)
        words += [f"{len(self._started)} under way"] * bool(self._started)
        return ", ".join(words + self._time_left())

    def details(self) -> list[str]:
        """A line for each job under way: for how long, and the last line of its log."""
        return [
            "; ".join(
                [
                    f"  {self.left[number].name}: {plan.duration(self._now() - since)} so far",
                    *_last_words(self.left[number].log),
                ]
            )
            for number, since in self._started.items()
        ]

    def _time_left(self) -> list[str]:
        expected = {number: self._expected(number, job) for number, job in self.left.items()}
        unknown = sum(job.seconds is None for job in expected.values())
        if unknown == len(expected):
            return ["time left unknown"] * bool(expected)
        left = plan.duration(plan.wall_time(expected, self._slots))
        if unknown:
            return [f"more than {left} left ({unknown} never timed)"]
        return [f"about {left} left"]

    def _expected(self, number: int, job: plan.Job) -> plan.Job:
        """The job with the time it still needs, by earlier runs or by its rule's jobs so far."""
        seconds = job.seconds
        if seconds is None and job.rule in self._took:
            seconds = mean(self._took[job.rule])
        if seconds is not None and number in self._started:
            seconds = max(seconds - (self._now() - self._started[number]), 0.0)
        return replace(job, seconds=seconds)


def _last_words(log: str | None) -> list[str]:
    """The last line of a job's log, if there is one (a progress bar writes its line many times)."""
    try:
        text = Path(log or "").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return [line for line in text.splitlines() if line.strip()][-1:]
