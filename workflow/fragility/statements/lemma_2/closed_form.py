"""Lemma 2: a sum of d squared standard normals is rarely at most d alpha, alpha < 1."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, hyp1f1


def log_bound(alpha: ArrayLike, d: ArrayLike) -> NDArray:
    """Logarithm of the lemma's bound (alpha e^(1 - alpha))^(d/2), for 0 < alpha < 1 and d >= 1.

    Alpha and d are numbers or arrays of one shape, which is that of the result, too.

    Raises:
        ValueError: as :func:`exponent`.
    """
    return np.asarray(d) * exponent(alpha)


def exponent(alpha: ArrayLike) -> NDArray:
    """g(alpha) = ln(alpha e^(1 - alpha)) / 2, the shape of alpha: the bound's logarithm over d.

    Raises:
        ValueError: an alpha is not in (0, 1).
    """
    alpha = np.asarray(alpha, dtype=float)
    if not ((alpha > 0) & (alpha < 1)).all():
        raise ValueError("alpha must be in (0, 1)")
    return (np.log(alpha) + 1 - alpha) / 2


def log_probability(alpha: ArrayLike, d: ArrayLike) -> NDArray:
    """Logarithm of P(chi-square with d degrees <= d alpha), also where P itself underflows.

    With a = d/2 and x = a alpha, P = x^a e^(-x) / Gamma(a + 1) 1F1(1; a + 1; x); the last factor
    lies between 1 and 1 / (1 - alpha).  Shapes as in :func:`log_bound`.

    Raises:
        ValueError: as :func:`exponent`.
    """
    exponent(alpha)
    a = np.asarray(d, dtype=float) / 2
    x = a * np.asarray(alpha, dtype=float)
    return a * np.log(x) - x - gammaln(a + 1) + np.log(hyp1f1(1, a + 1, x))
