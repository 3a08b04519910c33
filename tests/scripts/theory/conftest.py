"""The theory's tiny settings, and networks trained with them once."""

import pytest
import yaml
from workflow_runs import REPOSITORY, run_job


@pytest.fixture(scope="session")
def theory():
    """The block of the tiny configuration."""
    text = (REPOSITORY / "tests/config.tiny.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)["theory"]


@pytest.fixture(scope="session")
def trained(theory, tmp_path_factory):
    """The folder of the trained networks."""
    folder = tmp_path_factory.mktemp("theory")
    run_job(
        "theory/train", folder, inputs={},
        outputs={"networks": "train.safetensors", "record": "train.json"},
        settings={"settings": theory["networks"], "seed": 1},
    ).check_returncode()  # fmt: skip
    return folder
