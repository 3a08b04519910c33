"""The settings of a training, and the run of one network with its random orders."""

from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Network = TypeVar("Network")


@dataclass(frozen=True)
class Settings:
    """How a network is trained; the names are those of config.yaml.

    Attributes:
        batch_size: points per Adam step, or None for all 2^d (the last batch may be smaller).
        learning_rate: Adam's; its betas and eps are PyTorch's defaults (0.9, 0.999, 1e-8).
        epochs: passes over the 2^d points, in a new random order each.
    """

    batch_size: int | None
    learning_rate: float
    epochs: int


@dataclass(frozen=True)
class Run(Generic[Network]):
    """One network to train: its matrix A (d, d), its initial weights and its own random orders."""

    matrix: NDArray
    network: Network
    orders: np.random.Generator


def epoch_order(run: Run) -> NDArray:
    """The next epoch's random order of the 2^d corners, as indices (2^d,) int32; draws from it."""
    return run.orders.permutation(np.arange(2 ** len(run.matrix), dtype=np.int32))
