"""Devices: asked for by name, refused clearly."""

import pytest
import torch

from fragility import devices


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
