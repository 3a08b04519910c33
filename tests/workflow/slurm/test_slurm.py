"""The workflow on a real Slurm of two nodes, through profiles/slurm."""

import os
import re
import signal
import subprocess
from contextlib import contextmanager

import cluster
import pytest
from workflow_runs import RESULTS, TINY, contents, copy_of_repository, environment, snakemake

pytestmark = pytest.mark.slurm

# looks at the queue from the first second on: the tiny jobs are short
PROFILE = ["--profile", "profiles/slurm", "--slurm-init-seconds-before-status-checks", "1"]
ON_CPUS = [*PROFILE, "--resources", "gpu=0"]
ONCE = [*PROFILE, "--retries", "0"]
TARGETS = ["table_1", "table_4"]
# some of every experiment: Slurm takes the longer, the more jobs there are
FURTHER = [
    "table_5", "table_8", "audit", "dimension_initial",
    f"{RESULTS}/causes/linear_optimisers/d4.csv", f"{RESULTS}/theory/check/lemma_2.csv",
]  # fmt: skip
MATRICES = f"{RESULTS}/linear/draw/d{{d}}.safetensors"


@pytest.fixture(scope="module", autouse=True)
def slurm(tmp_path_factory):
    """Slurm, up and running."""
    with cluster.cluster(tmp_path_factory.mktemp("slurm")):
        yield


@pytest.fixture(scope="module")
def here(finished):
    """What a run of everything makes without Slurm."""
    return contents(finished)


@pytest.fixture(scope="module")
def with_gpu(tmp_path_factory):
    """A run that was handed GPUs, its output, and the jobs that Slurm saw of it.

    The node's GPU is a device file that no CUDA answers to, so that it ends where torch looks.
    """
    folder = copy_of_repository(tmp_path_factory.mktemp("gpu") / "run")
    before = len(cluster.jobs())
    done = snakemake(folder, *TARGETS, *ONCE, check=False)
    return folder, done, cluster.jobs()[before:]


@pytest.fixture
def folder(tmp_path):
    return copy_of_repository(tmp_path / "run")


def started(folder, *words):
    """A workflow that runs on, in a process group of its own, its output in a pipe."""
    return subprocess.Popen(
        ["snakemake", *words, *TINY], cwd=folder, env=environment(), text=True,
        start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        # a shell's background job ignores SIGINT, and so would what it starts
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip


def running(rule):
    """Wait until a job of the rule runs; return it."""
    found = []

    def look():
        found[:] = [job for job in cluster.active() if (job.rule, job.state) == (rule, "RUNNING")]
        return found

    cluster.wait_for(look, f"a running job of {rule}")
    return found[0]


def test_only_a_killed_run_of_these_tests_is_cleared_away(tmp_path, monkeypatch):
    with pytest.raises(RuntimeError, match="is running"):
        cluster.check_machine()
    monkeypatch.setattr(cluster, "CONFIGURATION", tmp_path)
    (tmp_path / "slurm.conf").write_text("ClusterName=another\n")
    with pytest.raises(RuntimeError, match="of its own"):
        cluster.check_machine()
    (tmp_path / "slurm.conf").write_text(f"{cluster.OURS}\n")
    monkeypatch.setattr(cluster, "slurm", lambda *words: "")  # no daemon answers
    cluster.check_machine()


def test_gpu_rules_ask_for_a_gpu_and_get_its_node(with_gpu):
    _, _, jobs = with_gpu
    placed = {(job.rule, job.gpus, job.node) for job in jobs}
    assert placed == {
        ("linear_draw", 0, "cpu01"), ("linear_train", 1, "gpu01"), ("relu_train", 1, "gpu01"),
    }  # fmt: skip


def test_a_gpu_that_torch_cannot_use_is_a_clear_error(with_gpu):
    _, done, jobs = with_gpu
    assert done.returncode != 0
    assert done.stdout.count("torch finds no CUDA device") >= 2
    assert {job.state for job in jobs if job.gpus} == {"FAILED"}


def test_two_jobs_never_hold_the_one_gpu_together(with_gpu):
    _, _, jobs = with_gpu
    first, second = sorted((job for job in jobs if job.gpus), key=lambda job: job.started)
    assert second.submitted < first.ended, "they never competed for it"
    assert first.ended <= second.started


def test_results_are_those_of_a_run_without_slurm(with_gpu, here):
    folder, _, _ = with_gpu
    snakemake(folder, *TARGETS, *FURTHER, *ON_CPUS)
    made = contents(folder)
    assert len(made) > 40
    assert made == {name: value for name, value in here.items() if name in made}


def test_every_job_asks_for_what_a_node_of_a_cluster_has(folder):
    """Memory, time and a GPU if it wants one, for each job of the whole workflow."""
    told = snakemake(folder, "-n", *ON_CPUS).stdout
    every = re.findall(r"^    resources: (.+)$", told, re.M)
    asked_for = [needs for needs in every if "mem_mb=<TBD>" not in needs]  # "all" computes nothing
    assert len(asked_for) == len(every) - 1
    assert len(asked_for) > 100
    for resources in asked_for:
        needs = dict(each.split("=", 1) for each in resources.split(", ") if "=" in each)
        assert 500 <= int(needs["mem_mb"]) <= 64_000
        assert 0 < int(needs["runtime"]) <= 24 * 60


def test_a_job_out_of_memory_is_sent_again_with_more(folder):
    greedy = [
        "import time",
        "held = b'1' * 1_200_000_000",
        "time.sleep(5)  # it looks each second",
    ]
    with (folder / "workflow/scripts/linear/draw.py").open("a") as script:
        script.write("\n".join(greedy))
    before = len(cluster.jobs())
    snakemake(folder, MATRICES.format(d=5), *PROFILE)
    sent = [(job.rule, job.memory, job.state) for job in cluster.jobs()[before:]]
    assert sent == [("linear_draw", 1000, "FAILED"), ("linear_draw", 2000, "COMPLETED")]
    (log,) = (folder / ".snakemake/slurm_logs").rglob("*.log")  # those of good jobs are removed
    assert "exceeded memory limit" in log.read_text()


def test_a_cancelled_job_is_reported(folder):
    process = started(folder, MATRICES.format(d=5), *ONCE)
    job = running("linear_draw")
    cluster.slurm("scancel", str(job.id))
    output, _ = process.communicate()
    assert process.returncode != 0
    assert f"SLURM-job '{job.id}' failed, SLURM status is: 'CANCELLED'" in output
    assert "Error in rule linear_draw" in output
    assert not (folder / MATRICES.format(d=5)).exists()


@contextmanager
def asleep(script):
    """The script sleeps before it begins, so that its job is there to be ended; then as it was."""
    text = script.read_text()
    script.write_text(text.replace("\nfrom ", "\nimport time; time.sleep(300)\nfrom ", 1))
    assert script.read_text() != text
    yield
    script.write_text(text)


def test_an_interrupted_and_a_killed_run_resume_to_the_same_bytes(folder, here):
    with asleep(folder / "workflow/scripts/linear/train.py"):
        interrupted = started(folder, "table_1", *ON_CPUS)
        running("linear_train")
        os.killpg(interrupted.pid, signal.SIGINT)
        interrupted.communicate()
        cluster.wait_for(lambda: not cluster.active(), "the interrupted run's jobs to end")
        assert cluster.jobs()[-1].state == "CANCELLED"
        assert not list((folder / RESULTS).glob("linear/train/*.safetensors"))

    with asleep(folder / "workflow/scripts/linear/measure.py"):
        killed = started(folder, "table_1", *ON_CPUS)
        job = running("linear_measure")
        os.killpg(killed.pid, signal.SIGKILL)
        output, _ = killed.communicate()
        assert job.id in [left.id for left in cluster.active()]
        cluster.slurm("scancel", "--name", re.search(r"SLURM run ID: (\S+)", output)[1])
        cluster.wait_for(lambda: not cluster.active(), "the killed run's jobs to end")

    snakemake(folder, "--unlock")
    snakemake(folder, "table_1", *ON_CPUS)
    made = contents(folder)
    assert "tables/table_1.csv" in made
    assert made == {name: value for name, value in here.items() if name in made}
