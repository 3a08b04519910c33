"""Devices: asked for by name, refused clearly."""

import os
import subprocess
import sys

import pytest
import torch
from workflow_runs import REPOSITORY

from fragility.runtime import devices


def test_the_cpu_is_always_there():
    assert devices.require("cpu") == "cpu"
    assert devices.describe("cpu") == "cpu"


@pytest.mark.parametrize("name", ["gpu", "CPU", "cuda:0", "mps", "", None])
def test_another_name_is_refused(name):
    with pytest.raises(ValueError, match="'cpu' or 'cuda'"):
        devices.require(name)


def test_a_missing_gpu_is_an_error_that_says_what_to_do(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(devices.DeviceError, match="--resources gpu=0"):
        devices.require("cuda")


def test_a_gpu_that_is_there_is_used_under_its_name(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "NVIDIA H100")
    assert devices.require("cuda") == "cuda"
    assert devices.describe("cuda") == "NVIDIA H100"


def test_deterministic_algorithms_are_asked_for_before_the_device_is_used():
    program = (
        "import os, torch; from fragility.runtime import devices; devices.make_deterministic(); "
        "print(torch.are_deterministic_algorithms_enabled(), os.environ['CUBLAS_WORKSPACE_CONFIG'])"
    )
    environment = {**os.environ, "PYTHONPATH": "workflow"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=REPOSITORY, text=True,
        capture_output=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["True", ":4096:8"]
