"""Theorem 7: how much of x1 - x2 lies in the span of the gradients of f1 and f2.

Gaussian model: both gradients and x1 - x2 have independent standard normal entries.  A projection
onto k independent directions keeps chi-square k of chi-square d: the squared ratio
||P(x1 - x2)||^2 / ||x1 - x2||^2 is Beta(k/2, (d - k)/2).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats


def ratio_law(d: int, gradients: int):
    """Law of the squared projection ratio onto ``gradients`` independent directions, 1 or 2.

    Two, grad f1 and grad f2, as in the theorem: Beta(1, (d - 2)/2).  One, grad(f1 - f2), as in
    its remarks: Beta(1/2, (d - 1)/2).

    Raises:
        ValueError: ``d`` is below 2, or not above ``gradients`` (the ratio is then 1).
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
    """P(||x1 - x2||^2 / ||P(x1 - x2)||^2 >= factor d): how sure "O(d) times more difficult" is.

    For two gradients 1 - (1 - 1/(factor d))^((d - 2)/2) falls short of 1, and in the limit
    1 - exp(-1 / (2 factor)) too: no fixed factor holds with a probability that tends to 1.
    """
    return float(ratio_law(d, gradients).cdf(1 / (factor * d)))


def smallest_perturbation(gradients: ArrayLike, direction: ArrayLike) -> NDArray:
    """The smallest q with the same products with all gradients as ``direction``, shape (d,).

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
