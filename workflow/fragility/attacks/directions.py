"""Average-case perturbations: how far along a given direction a network flips (Remarks 2)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

HALVINGS = 30  # of the interval between two grid points


def flipping_distances(
    margin: Callable[[NDArray], NDArray], x: NDArray, directions: NDArray, reach: float, grid: int
) -> NDArray:
    """Smallest |t| at which x + t u flips, for t of either sign; shape (k,), NaN beyond ``reach``.

    The margin is evaluated on a grid of ``grid`` equal steps; the first change of its sign is then
    bisected.  Two changes within one step would be missed.

    Args:
        margin: takes points (n, d) to margins (n,), positive where the network keeps x's label.
        x: a point, (d,).
        directions: unit vectors u, (k, d).
        reach: largest |t|, in the units of the data.
        grid: steps from 0 to reach.
    """
    both = np.concatenate([directions, -directions])
    low, high = np.zeros(len(both)), np.full(len(both), np.nan)
    open_ = np.arange(len(both))
    for t in np.linspace(0, reach, grid + 1)[1:]:
        flips = margin(x + t * both[open_]) < 0
        high[open_[flips]] = t
        open_ = open_[~flips]
        low[open_] = t
        if not len(open_):
            break
    hit = np.flatnonzero(~np.isnan(high))
    for _ in range(HALVINGS):
        middle = (low[hit] + high[hit]) / 2
        flips = margin(x + middle[:, None] * both[hit]) < 0
        high[hit] = np.where(flips, middle, high[hit])
        low[hit] = np.where(flips, low[hit], middle)
    return np.fmin(*np.split(high, 2))
