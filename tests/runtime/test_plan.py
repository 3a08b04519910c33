"""What a run will take: read from the files of earlier runs, from nothing else."""

from types import SimpleNamespace

import pytest

from fragility.runtime.plan import Job, duration, jobs_of, summary, table, volume, wall_time

HEADER = "s\th:m:s\tmax_rss\n"


def benchmark(path, seconds):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{HEADER}{seconds}\t0:00:00\t1\n")


class Made:
    """Stands for a job of Snakemake: a rule with one output and one benchmark file per cell."""

    def __init__(self, folder, rule, cell, threads=1, norun=False):
        paths = {"benchmark": f"{folder}/benchmarks/{rule}", "output": f"{folder}/{rule}"}
        self.rule = SimpleNamespace(
            name=rule,
            benchmark=f"{paths['benchmark']}/{{cell}}.tsv",
            output=[f"{paths['output']}/{{cell}}.csv"],
        )
        self.benchmark, self.output = (
            f"{paths['benchmark']}/{cell}.tsv",
            [f"{paths['output']}/{cell}.csv"],
        )
        self.wildcards_dict, self.threads, self.log = {"cell": cell}, threads, []
        self.is_norun = norun


def dag(*jobs, needs=None):
    return SimpleNamespace(
        needrun_jobs=lambda: jobs,
        jobid=jobs.index,
        dependencies={job: (needs or {}).get(job, []) for job in jobs},
    )


def test_a_jobs_own_benchmark_counts_before_its_rules_mean(tmp_path):
    benchmark(tmp_path / "benchmarks/train/a.tsv", 10)
    benchmark(tmp_path / "benchmarks/train/b.tsv", 20)
    benchmark(tmp_path / "benchmarks/other/a.tsv", 1000)
    a, new = (Made(tmp_path, "train", cell) for cell in ("a", "new"))
    jobs = jobs_of(dag(a, new))
    assert jobs[0].seconds == 10
    assert jobs[1].seconds == pytest.approx(15)
    assert jobs[1].name == "train cell=new"


def test_nothing_known_is_none_and_an_unfinished_benchmark_too(tmp_path):
    benchmark(tmp_path / "benchmarks/train/a.tsv", 10)
    (tmp_path / "benchmarks/train/a.tsv").write_text(HEADER)
    (job,) = jobs_of(dag(Made(tmp_path, "train", "a"))).values()
    assert job.seconds is None and job.size is None


def test_sizes_come_from_files_under_the_same_path(tmp_path):
    (tmp_path / "train").mkdir()
    (tmp_path / "train/a.csv").write_bytes(b"x" * 300)
    (tmp_path / "train/b.csv").write_bytes(b"x" * 500)
    jobs = jobs_of(dag(*(Made(tmp_path, "train", cell) for cell in ("a", "new"))))
    assert [job.size for job in jobs.values()] == [300, 400]


def test_named_targets_are_no_jobs_and_finished_jobs_hold_nobody_up(tmp_path):
    target, train, measure = (
        Made(tmp_path, "all", "-", norun=True),
        Made(tmp_path, "train", "a"),
        Made(tmp_path, "measure", "a"),
    )
    finished = Made(tmp_path, "draw", "a")
    needs = {target: [measure], train: [finished], measure: [train]}
    jobs = jobs_of(dag(target, train, measure, needs=needs))
    assert {job.rule for job in jobs.values()} == {"train", "measure"}
    assert jobs[1].needs == frozenset() and jobs[2].needs == {1}


@pytest.mark.parametrize(
    ("slots", "seconds"), [(1, 42), (2, 24), (100, 24)], ids=["work", "chain", "chain still"]
)
def test_wall_time_is_the_work_shared_or_the_longest_chain(slots, seconds):
    jobs = {
        0: Job("a", "a", seconds=4),
        1: Job("b", "b", seconds=20, needs=frozenset({0})),
        2: Job("c", "c", seconds=9, threads=2, needs=frozenset({0})),
        3: Job("d", "d", seconds=None, needs=frozenset({7})),
    }
    assert wall_time(jobs, slots) == seconds


def test_totals_say_what_they_leave_out():
    jobs = {0: Job("a", "a", seconds=120, size=5e6), 1: Job("b", "b", size=1e6), 2: Job("c", "c")}
    words = summary(jobs, 2, 3e9)
    assert "3 jobs" in words
    assert "about 2 min on 2 cores; 2 min one job after the other" in words
    assert "not counting 2 never timed (b, c)" in words
    assert "6 MB, not counting 1 whose files are not there (c); 3.0 GB free" in words


def test_no_earlier_run_is_said_plainly():
    words = summary({0: Job("a", "a")}, 1, 3e9)
    assert words.startswith("1 job\n")
    assert "time: unknown; there is no benchmark file of an earlier run" in words
    assert "disk: unknown" in words


def test_table_adds_up_by_rule_costliest_first():
    jobs = [Job("a 1", "a", seconds=5), Job("b", "b", seconds=50), Job("a 2", "a", seconds=7)]
    rows = [line.split() for line in table([*jobs, Job("c", "c")]).splitlines()[2:]]
    assert rows == [["b", "1", "50", "s", "?"], ["a", "2", "12", "s", "?"], ["c", "1", "?", "?"]]


def test_amounts_for_reading():
    assert [duration(s) for s in (0.2, 89, 91, 5399, 7500)] == [
        "0 s", "89 s", "2 min", "1 h 30 min", "2 h 05 min",
    ]  # fmt: skip
    assert [volume(n) for n in (12, 2e4, 999_600, 3e10)] == ["12 bytes", "20 kB", "1 MB", "30.0 GB"]
