"""The noise of attacks that draw some, so that what they find depends on nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def fixed_noise(device: torch.device) -> Iterator[None]:
    """Within the block torch's own generators start anew; after it they are as before.

    Foolbox's DDN goes in a random direction where a gradient vanishes, by torch's own generator.
    What ran earlier in the process would change what it finds.
    """
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(0)
        yield
