"""Closed forms of the paper's statements, one function each."""

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import gammaln

from fragility.geometry import qr


def r_dd_law():
    """Law of |R_dd| for a square Gaussian A (proof of Theorem 6): |N(0, 1)|, for every d."""
    return stats.halfnorm()


def phi_squared_law(d: int):
    """Law of phi^2 = R_dd^2 / ||A_:,d||^2: Beta(1/2, (d - 1)/2).

    R_dd is one coordinate of the last column in a basis independent of it.

    Raises:
        ValueError: ``d`` is below 2.
    """
    if d < 2:
        raise ValueError(f"the dimension must be at least 2, got {d}")
    return stats.beta(0.5, (d - 1) / 2)


def phi_mean(d: int) -> float:
    """E phi over all Gaussian A: Gamma(d/2) / (sqrt(pi) Gamma((d + 1)/2)), about sqrt(2/(pi d))."""
    if d < 2:
        raise ValueError(f"the dimension must be at least 2, got {d}")
    return float(np.exp(gammaln(d / 2) - gammaln((d + 1) / 2)) / np.sqrt(np.pi))


def theorem_6_weights(matrix: NDArray) -> NDArray:
    """The row w_{+1}^T H_{l-1} ... H_1 = Q_:,d^T / R_dd that condition (6) forces, shape (d,).

    It is the last row of A^{-1}; the row for -1 is its negative (proof of Theorem 6).

    Raises:
        ValueError: as :func:`fragility.geometry.qr`.
    """
    q, r = qr(matrix)
    return q[:, -1] / r[-1, -1]


def theorem_6_perturbation(matrix: NDArray, bit: int) -> NDArray:
    """The perturbation e = -bit 2 R_dd Q_:,d of equation (7), shape (d,), of norm 2 |R_dd|."""
    q, r = qr(matrix)
    return -bit * 2 * r[-1, -1] * q[:, -1]
