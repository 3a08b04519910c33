"""Theorem 4: points from a chain of Gaussian generators, x_i = G_t ... G_1 v_i.

G_k has entries of variance 1/d, V = [v_1 ... v_d] of variance 1.  X = G_t ... G_1 V = Q R with
R = R_t ... R_0: V = Q_0 R_0 and G_k Q_{k-1} = Q_k R_k.  By Lemma 3 the R_k are independent, R_k
as the R of G_k itself.  The paper writes R of G_{t-1} ... G_1, without G_t and V.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, stats
from scipy.special import digamma, polygamma

from fragility.synthetic.geometry import qr, square


class Perturbation(NamedTuple):
    """Norm of e of equation (3), its bound there, and the product of the factors' bottom sums."""

    norm: float
    bound: float
    product: float


def blocks(factors: Sequence[NDArray]) -> list[NDArray]:
    """Bottom 2 x 2 blocks of R_0, R_1, ... for factors V, G_1, ..., each (d, d).

    Raises:
        ValueError: a factor is not square, smaller than 2 x 2, or singular to working precision.
    """
    bottom, q = [], np.eye(len(square(factors[0])))
    for factor in factors:
        q, r = qr(factor @ q)
        bottom.append(r[-2:, -2:])
    return bottom


def perturbation(parts: Sequence[NDArray]) -> Perturbation:
    """Sizes of e = Q b from the (2, 2) blocks B_0, ..., B_t: R's bottom block is B_t ... B_0.

    b's two entries are that block times (1, -1).  Sums of absolute values are submultiplicative,
    and so |R_{d-1,d-1}| + |R_{d-1,d}| + |R_dd| is at most the product of the factors' sums.
    """
    block = np.eye(2)
    for part in parts:
        block = part @ block
    sums = [np.abs(part).sum() for part in parts]
    norm = np.hypot(block[0, 0] - block[0, 1], block[1, 1])
    return Perturbation(float(norm), float(np.abs(block).sum()), float(np.prod(sums)))


class Printed(NamedTuple):
    """The proof's printed bottom sums for t generators, NaN where a product is empty."""

    bound: float
    product: float
    without_v: float


def printed_bounds(generators: Sequence[NDArray]) -> list[Printed]:
    """The proof's right-hand sides as printed, for t = 0, 1, ... generators, each (d, d).

    bound: of R of G_{t-1} ... G_1; product: of the bottom sums of each R of G_{t-1}, ..., G_1
    themselves; without_v: of R of G_t ... G_1.  X's R contains V, too, and unlike the first two
    G_t.

    Raises:
        ValueError: a generator is not square or smaller than 2 x 2.
    """
    chains = list(accumulate(generators, lambda chain, generator: generator @ chain))
    without_v = [np.nan, *map(block_sum, chains)]
    products = [np.nan, *np.cumprod([block_sum(generator) for generator in generators])]
    before = [np.nan, *without_v], [np.nan, *products]
    return [Printed(*sums) for sums in zip(*before, without_v, strict=False)]


def block_sum(matrix: NDArray) -> float:
    """||R||_1B, the sum of absolute values of R's bottom 2 x 2 block, R of the (d, d) matrix.

    Raises:
        ValueError: the matrix is not square, smaller than 2 x 2, or not finite.
    """
    (r,) = linalg.qr(square(matrix), mode="r")
    return float(np.abs(r[-2:, -2:]).sum())


def log_perturbation(d: int, t: int) -> tuple[float, float]:
    """Mean and variance of ln ||e||: the mean falls as -(t/2) ln d, exactly.

    The blocks B_k are the R of 2 x 2 Gaussian matrices, so by Lemma 3 at dimension 2
    ||e||^2 = 2 d^-t times a product of t + 1 independent chi-squares with 2 degrees.
    """
    mean = np.log(2) - _checked(d, t) * np.log(d) + (t + 1) * (digamma(1) + np.log(2))
    return float(mean / 2), float((t + 1) * polygamma(1, 1) / 4)


def perturbation_probability(size: float, d: int, t: int) -> float:
    """P(||e|| <= size) = P(product of t + 1 chi-squares with 2 degrees <= size^2 d^t / 2)."""
    log_x = 2 * np.log(size) + _checked(d, t) * np.log(d) - np.log(2)
    return _product_probability(log_x, 2, t + 1)


def pair_probability(epsilon: float, d: int, t: int) -> float:
    """P(||x_i - x_j|| <= (1 - epsilon) sqrt(2d)) of one pair.

    ||x_i - x_j||^2 / 2 is d^-t times a product of t + 1 independent chi-squares with d degrees.

    Raises:
        ValueError: epsilon is not in [0, 1), d below 2, or t below 0.
    """
    return _product_probability(2 * _log_gap(epsilon) + (_checked(d, t) + 1) * np.log(d), d, t + 1)


def close_pair_bound(epsilon: float, d: int, t: int) -> float:
    """The union bound on P(some pair is closer than (1 - epsilon) sqrt(2d)), all d (d-1) / 2."""
    return min(1.0, d * (d - 1) / 2 * pair_probability(epsilon, d, t))


def exponent(epsilon: float, t: int) -> float:
    """Beta, the limit of -ln P / d of one pair: near ln(1 - epsilon)^2 / (t + 1), so 0 for large t.

    By Cramer's theorem each of t + 1 factors shrinks by the same y = 2 ln(1 - epsilon) / (t + 1) in
    the logarithm, with the exponent (e^y - 1 - y) / 2 (Lemma 2's at alpha = e^y).
    """
    y = 2 * _log_gap(epsilon) / (_checked(2, t) + 1)
    return float((t + 1) * (np.expm1(y) - y) / 2)


def dimension_needed(epsilon: float, t: int, probability: float = 0.95) -> int:
    """Smallest d from which the union bound proves the distance claim with that probability."""
    high = 2
    while close_pair_bound(epsilon, high, t) > 1 - probability:
        high *= 2
    low = high // 2  # the bound falls with d once it is below 1
    while high - low > 1:
        middle = (low + high) // 2
        if close_pair_bound(epsilon, middle, t) > 1 - probability:
            low = middle
        else:
            high = middle
    return high


def _product_probability(log_x: float, degrees: int, count: int) -> float:
    """P(sum of count logarithms of chi-squares <= log_x), by convolution on a grid.

    The trapezoid rule on an analytic density that vanishes at both ends: with steps of an eighth of
    a standard deviation the error is of the order of float64's rounding.
    """
    middle = digamma(degrees / 2) + np.log(2)
    deviation = np.sqrt(polygamma(1, degrees / 2))
    step = deviation / 8
    y = middle + step * np.arange(-240, 81)
    density = step * np.exp(stats.chi2.logpdf(np.exp(y), degrees) + y)
    total, start = np.ones(1), 0.0
    for _ in range(count - 1):
        total, start = np.convolve(total, density), start + y[0]
    sums = start + step * np.arange(len(total))
    return float(total @ stats.chi2.cdf(np.exp(np.minimum(log_x - sums, 700)), degrees))


def _log_gap(epsilon: float) -> float:
    if not 0 <= epsilon < 1:
        raise ValueError(f"epsilon must be in [0, 1), got {epsilon}")
    return float(np.log1p(-epsilon))


def _checked(d: int, t: int) -> int:
    if d < 2:
        raise ValueError(f"the dimension must be at least 2, got {d}")
    if t < 0:
        raise ValueError(f"the number of generators must be at least 0, got {t}")
    return t
