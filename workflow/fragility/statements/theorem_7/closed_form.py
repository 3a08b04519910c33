"""Theorem 7: the part of x1 - x2 in the span of the gradients of f1 and f2.

Gaussian model: both gradients and x1 - x2 have independent standard normal entries.  The squared
norm is chi-square with d degrees, that of the projection onto k independent directions with k: the
squared ratio ||P(x1 - x2)||^2 / ||x1 - x2||^2 is Beta(k/2, (d - k)/2).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats


def ratio_law(d: int, gradients: int):
    """Distribution of the squared projection ratio onto 1 or 2 independent ``gradients``.

    Two, grad f1 and grad f2, as in the theorem: Beta(1, (d - 2)/2).  One, grad(f1 - f2), as in
    its remarks: Beta(1/2, (d - 1)/2).

    Raises:
        ValueError: as :func:`ratio_mean`, or ``d`` is not above ``gradients``: the ratio is 1.
    """
    ratio_mean(d, gradients)
    if d <= gradients:
        raise ValueError(f"{gradients} gradients span all of dimension {d}: the ratio is 1")
    return stats.beta(gradients / 2, (d - gradients) / 2)


def ratio_mean(d: int, gradients: int) -> float:
    """Mean of the squared projection ratio: gradients / d.

    Raises:
        ValueError: ``d`` is below 2, or ``gradients`` is neither 1 nor 2.
    """
    if d < 2:
        raise ValueError(f"the dimension must be at least 2, got {d}")
    if gradients not in (1, 2):
        raise ValueError(f"the gradients must be 1 or 2, got {gradients}")
    return gradients / d


def harder_than(d: int, gradients: int, factor: float) -> float:
    """P(||x1 - x2||^2 / ||P(x1 - x2)||^2 >= factor d): probability of "O(d) times more difficult".

    For two gradients it is 1 - (1 - 1/(factor d))^((d - 2)/2), below 1, and so is its limit
    1 - exp(-1 / (2 factor)): no fixed factor holds with a probability that tends to 1.
    """
    return float(ratio_law(d, gradients).cdf(1 / (factor * d)))


def smallest_perturbation(gradients: ArrayLike, direction: ArrayLike) -> NDArray:
    """The smallest q (d,) whose products with all gradients are those of ``direction``.

    This is the projection of ``direction`` onto their span (proof of Theorem 7), here as the
    minimum-norm solution of the linear equations.

    Args:
        gradients: (k, d), rows.
        direction: eps (x2 - x1), (d,).

    Raises:
        ValueError: the gradients are linearly dependent to working precision.
    """
    rows = np.atleast_2d(np.asarray(gradients, dtype=float))
    q, _, rank, _ = np.linalg.lstsq(rows, rows @ np.asarray(direction, dtype=float), rcond=None)
    if rank < len(rows):
        raise ValueError(f"the {len(rows)} gradients are linearly dependent")
    return q
