"""The device a job computes on: asked for by name, never guessed."""


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
    return device


def describe(device: str) -> str:
    """The device's name for the provenance record, for example 'cpu' or 'NVIDIA H100'."""
    if device == "cpu":
        return "cpu"
    import torch

    return torch.cuda.get_device_name()
