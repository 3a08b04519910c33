"""Theorem 6: weights, perturbation and compression of linear networks on a hypercube's corners."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from scipy.optimize import brentq
from scipy.special import gammaln, lambertw, logsumexp

from fragility.statements.lemma_2.closed_form import log_bound, log_probability
from fragility.synthetic.geometry import qr


def r_dd_law():
    """Distribution of |R_dd| for a square Gaussian A (proof of Theorem 6): |N(0, 1)|, every d."""
    return stats.halfnorm()


def phi_squared_law(d: int):
    """Distribution of phi^2 = R_dd^2 / ||A_:,d||^2: Beta(1/2, (d - 1)/2).

    R_dd is one coordinate of the last column in a basis independent of it.

    Raises:
        ValueError: ``d`` is below 2.
    """
    if d < 2:
        raise ValueError(f"the dimension must be at least 2, got {d}")
    return stats.beta(0.5, (d - 1) / 2)


def phi_mean(d: int) -> float:
    """E phi over all Gaussian A: Gamma(d/2) / (sqrt(pi) Gamma((d + 1)/2)), about sqrt(2/(pi d)).

    Raises:
        ValueError: ``d`` is below 2.
    """
    if d < 2:
        raise ValueError(f"the dimension must be at least 2, got {d}")
    return float(np.exp(gammaln(d / 2) - gammaln((d + 1) / 2)) / np.sqrt(np.pi))


def theorem_6_perturbation(matrix: NDArray, bit: int) -> NDArray:
    """The perturbation e = -bit 2 R_dd Q_:,d of equation (7), (d,), of norm 2 |R_dd|; A (d, d).

    Raises:
        ValueError: as :func:`fragility.synthetic.geometry.qr`.
    """
    q, r = qr(matrix)
    return -bit * 2 * r[-1, -1] * q[:, -1]


def perturbation_probability(size: ArrayLike) -> NDArray:
    """P(2 |R_dd| <= size), the shape of ``size``: equation (7)'s norm is at most that.

    It is the same for every d, so for a fixed size it does not tend to 1 with d.
    """
    return r_dd_law().cdf(np.asarray(size, dtype=float) / 2)


def perturbation_quantile(probability: ArrayLike) -> NDArray:
    """The constant D with P(2 |R_dd| <= D) = probability for every d; the shape of probability."""
    return 2 * r_dd_law().ppf(probability)


def log_pairs_bound(alpha: float, d: int) -> float:
    """Logarithm of the proof's union bound on P(distance between the classes <= alpha sqrt(d)).

    It counts 2^(2(d - 1)) pairs of points, each by Lemma 2 with variance 4, the least of any pair.
    """
    return 2 * (d - 1) * np.log(2) + float(log_bound(alpha**2 / 4, d))


def log_differences_bound(alpha: float, d: int) -> float:
    """As :func:`log_pairs_bound`, but each difference of two points is counted once.

    2 (A_:,d + sum u_k A_:,k), u_k in {-1, 0, 1}, has 3^(d - 1) values up to sign.
    """
    return (d - 1) * np.log(3) + float(log_bound(alpha**2 / 4, d))


def log_weights_bound(alpha: float, d: int, scale: float = 1.0) -> float:
    """The sharp union bound: each difference once, with its own variance and exact chi-square tail.

    A difference with n nonzero u_k has elements of variance 4 (1 + scale^2 n), where ``scale``
    multiplies all columns but the last; there are C(d - 1, n) 2^n of them.
    """
    n = np.arange(d)
    log_count = gammaln(d) - gammaln(n + 1) - gammaln(d - n) + n * np.log(2)
    return float(logsumexp(log_count + log_probability(alpha**2 / 4 / (1 + scale**2 * n), d)))


def proved_alpha(
    log_bound_at: Callable[[float, int], float], d: int, probability: float = 0.99
) -> float:
    """The largest alpha < 2 for which a union bound proves: distance >= alpha sqrt(d).

    Args:
        log_bound_at: one of the three functions above, increasing in alpha.
        d: dimension, at least 2.
        probability: with which that holds, in (1/2, 1).

    Raises:
        ValueError: ``d`` is below 2.
    """
    if d < 2:
        raise ValueError(f"the dimension must be at least 2, got {d}")
    target = np.log1p(-probability)
    return float(brentq(lambda alpha: log_bound_at(alpha, d) - target, 1e-9, 2 - 1e-9))


def limit_alpha(differences: int) -> float:
    """The alpha that a union bound over differences^(d - 1) terms of variance 4 proves as d grows.

    It solves beta e^(1 - beta) = differences^-2 with beta = alpha^2 / 4; ``differences`` is 4 for
    the paper's pairs, 3 for the differences.
    """
    return float(2 * np.sqrt(-lambertw(-(differences**-2.0) / np.e).real))
