"""The configuration of the full run, as tests may change it."""

import copy
from pathlib import Path

import pytest
import yaml

from fragility.runtime import settings

CONFIG = yaml.safe_load((Path(settings.__file__).parents[3] / "config.yaml").read_text("utf-8"))


@pytest.fixture
def config():
    return copy.deepcopy(CONFIG)
