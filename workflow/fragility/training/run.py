"""The settings of a training, and the run of one network with its random orders."""

from collections.abc import Iterator, Sequence
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


def all_steps(run: Run, settings: Settings) -> int:
    """The number of steps of a whole training."""
    return settings.epochs * _steps(run, settings)


def _steps(run: Run, settings: Settings) -> int:
    """The number of steps of an epoch."""
    points = 2 ** len(run.matrix)
    return -(-points // (settings.batch_size or points))


def pieces(
    run: Run, settings: Settings, checkpoints: Sequence[int]
) -> Iterator[tuple[int, list[tuple[int, NDArray]]]]:
    """The epochs' orders, cut at checkpoints: each checkpoint, and the orders that lead to it.

    An order comes with the number of steps before it.  Whatever the checkpoints, the batches are
    the same.
    """
    each = _steps(run, settings)
    size = settings.batch_size or 2 ** len(run.matrix)
    done, order = 0, epoch_order(run)
    for checkpoint in checkpoints:
        orders = []
        while done < checkpoint:
            at = done % each
            if done and not at:
                order = epoch_order(run)
            n = min(checkpoint - done, each - at)
            orders.append((done, order[at * size : (at + n) * size]))
            done += n
        yield checkpoint, orders


def log_spaced(steps: int, n: int) -> list[int]:
    """Up to ``n`` numbers of steps from 1 to ``steps``, log-spaced, without repeats."""
    return np.unique(np.rint(np.geomspace(1, steps, n)).astype(int)).tolist()
