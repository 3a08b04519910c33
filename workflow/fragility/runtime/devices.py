"""The device that a job computes on: requested by name, never chosen automatically."""

import os


class DeviceError(RuntimeError):
    """A device was requested that this machine does not have."""


def require(device: str) -> str:
    """Return ``device`` ("cpu" or "cuda") if it can be used here.

    Raises:
        DeviceError: "cuda" was requested and torch finds no CUDA device.
        ValueError: it is another name.
    """
    if device == "cpu":
        return device
    if device != "cuda":
        raise ValueError(f"device must be 'cpu' or 'cuda', got {device!r}")
    import torch

    if not torch.cuda.is_available():
        raise DeviceError(
            "a GPU was asked for (resources gpu=1) but torch finds no CUDA device on this machine; "
            "run with --resources gpu=0, or on a machine or partition that has one"
        )
    torch.backends.cudnn.allow_tf32 = False  # otherwise convolutions would round to 10 bits
    return device


def describe(device: str) -> str:
    """The device's name for the record, for example 'cpu' or 'NVIDIA H100'."""
    if device == "cpu":
        return "cpu"
    import torch

    return torch.cuda.get_device_name()


def make_deterministic() -> None:
    """Let torch choose algorithms that give the same bytes in every run, where the device has them.

    Where it has none, torch warns and continues.  Call this before the device is first used.
    """
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS needs it
    import torch

    torch.set_deterministic_debug_mode("warn")  # imports no compiler, unlike the other switch
    # otherwise torch fills every tensor before computing it: an eighth of the time of small layers
    torch.utils.deterministic.fill_uninitialized_memory = False
