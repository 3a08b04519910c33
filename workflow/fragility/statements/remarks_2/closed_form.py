"""Remarks 2: random directions against the worst one, for network and nearest-point classifier.

The setting is Theorem 1's: d Gaussian points, one class each, W = H2 H1 = X^(-1) with rows p_j.
The distributions of the worst cases are Theorem 1's.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

NODES = 400  # per normal variable, at the middles of intervals of equal probability


def network_survival(s: float, d: int) -> float:
    """P(x_i + t g is classified correctly for all t <= s), g of d standard normals.

    Exact for condition (1): W g = |g| u / |Z_0| with u uniform on the sphere, so s is distributed
    as |Z_0| / (max_j Z_j - Z_i), with independent normals.  The size of the perturbation is s |g|,
    close to s sqrt(d).
    """
    z = _normals()
    return float(np.mean(ndtr(z[:, None] + np.abs(z) / s) ** (_dimension(d) - 1)))


def network_median(d: int) -> float:
    """Median of s in :func:`network_survival`: about 0.67 / sqrt(2 ln d); infinite at d = 2."""
    return _median(lambda s: network_survival(s, d), d, 1e-3, 1e3)


def optimal_survival(t: float, d: int) -> float:
    """P(of all points x_i is still the nearest to x_i + t u), u uniform of length 1: exact.

    No other point may lie within t of y = x_i + t u.  Given the part a of x_i along u and the
    rest, each squared distance is a non-central chi-square with d >= 2 degrees and ||y||^2.
    """
    u, weights = np.polynomial.legendre.leggauss(24)
    u, weights = (u + 1) / 2, weights / 2
    along = ndtri(u)[:, None]
    rest = stats.chi2.ppf(u, _dimension(d) - 1)
    outside = stats.ncx2.sf(t**2, d, (along + t) ** 2 + rest)
    return float(weights @ outside ** (d - 1) @ weights)


def optimal_median(d: int) -> float:
    """Median of t in :func:`optimal_survival`: about d / sqrt(2 ln d); infinite at d = 2."""
    return _median(lambda t: optimal_survival(t, d), d, 0.1, 10.0 * d)


def never_probability(d: int) -> float:
    """P(no length flips x_i along a random direction) = 1/d, for both classifiers.

    It is the probability that x_i is the extreme one of d exchangeable points along u.
    """
    return 1 / _dimension(d)


def two_class_median(d: int) -> float:
    """Median over random directions of their flipping distance, divided by the smallest; 2 classes.

    For a linear network and both signs of u it is 1/|cos| of u with the gradient, where cos^2 is
    Beta(1/2, (d - 1)/2); about sqrt(d) / 0.67.
    """
    return float(1 / np.sqrt(stats.beta(0.5, (_dimension(d) - 1) / 2).median()))


def logarithmic_slope(d: float) -> float:
    """The part of 1 / sqrt(2 ln d) in the local log-log slope at d: -1 / (2 ln d)."""
    return -1 / (2 * np.log(d))


def _median(survival: Callable[[float], float], d: int, low: float, high: float) -> float:
    """Where a survival function of a size is one half, searched on the logarithm of the size."""
    if never_probability(d) >= 0.5:
        return np.inf
    root = brentq(lambda x: survival(np.exp(x)) - 0.5, np.log(low), np.log(high), xtol=1e-6)
    return float(np.exp(root))


def _normals() -> NDArray:
    return ndtri((np.arange(NODES) + 0.5) / NODES)


def _dimension(d: int) -> int:
    if d < 2:
        raise ValueError(f"the dimension must be at least 2, got {d}")
    return d
