"""The device a job computes on: asked for by name, never guessed."""

import os


class DeviceError(RuntimeError):
    """A device was asked for that this machine lacks."""


def require(device: str) -> str:
    """Return ``device`` ("cpu" or "cuda") if it can be used here.

    Raises:
        DeviceError: "cuda" was asked for and torch finds no CUDA device.
        ValueError: another name.
    """
    if device == "cpu":
        return device
    if device != "cuda":
        raise ValueError(f"device must be 'cpu' or 'cuda', got {device!r}")
    import torch

    if not torch.cuda.is_available():
        raise DeviceError(
            "a GPU was asked for (resources gpu=1) but torch finds no CUDA device here; "
            "run with --resources gpu=0, or on a machine or partition that has one"
        )
    torch.backends.cudnn.allow_tf32 = False  # else convolutions would round to 10 bits
    return device


def describe(device: str) -> str:
    """The device's name for the provenance record, for example 'cpu' or 'NVIDIA H100'."""
    if device == "cpu":
        return "cpu"
    import torch

    return torch.cuda.get_device_name()


def make_deterministic() -> None:
    """Let torch choose algorithms that give the same bytes again, where the device has them.

    Where it has none torch warns and goes on.  To be called before the device is first used.
    """
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS asks for it
    import torch

    torch.use_deterministic_algorithms(True, warn_only=True)
    # else every tensor is filled before it is computed: an eighth of the time of small layers
    torch.utils.deterministic.fill_uninitialized_memory = False
