"""Theorem 1: sizes that flip a linear network on Gaussian points, and the optimal classifier.

X = [x_1 ... x_d] is d x d with independent standard normal entries, X = Q R, and condition (1)
implies W = H2 H1 = X^(-1), whose rows are p_1 ... p_d.  Classes are numbered from 0 here: the
paper's class d is the last row, its target d - 1 the last but one.
"""

from typing import NamedTuple

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.typing import NDArray
from scipy import stats
from scipy.linalg import solve_triangular
from scipy.optimize import brentq
from scipy.special import log_ndtr, ndtr, ndtri

from fragility.synthetic.geometry import qr


class Sizes(NamedTuple):
    """The sizes that depend on X only.

    Attributes:
        perturbation, bound: norm of the proof's e = Q b at x_d, and the bound on it, both of
            equation (3).
        smallest: norm of the smallest flipping perturbation of each x_i over all classes, (d,).
    """

    perturbation: float
    bound: float
    smallest: NDArray


def sizes(matrix: NDArray) -> Sizes:
    """Sizes of the proof's perturbation and of the smallest ones, 1 / max_j ||p_i - p_j||.

    X is (d, d).  On the boundary with class j, f_i - f_j = (p_i - p_j).x vanishes; at x_i it is 1.

    Raises:
        ValueError: X is not square, smaller than 2 x 2, or singular to working precision.
    """
    q, r = qr(matrix)
    block = r[-2:, -2:]
    size = float(np.hypot(block[0, 0] - block[0, 1], block[1, 1]))
    p = solve_triangular(r, q.T)
    gram = p @ p.T
    squares = np.diag(gram)[:, None] + np.diag(gram) - 2 * gram
    return Sizes(size, float(np.abs(block).sum()), 1 / np.sqrt(squares.max(axis=1)))


def perturbation_law():
    """Distribution of ||e||: P(||e|| <= C) = 1 - exp(-C^2 / 4), for every d >= 2.

    Q b is the projection of x_{d-1} - x_d onto the two directions orthogonal to x_1 ... x_{d-2},
    so a normal vector in the plane with variance 2: ||e|| is sqrt(2) times a chi with 2 degrees.
    No C is exceeded with a probability that goes to 0 as d grows.
    """
    return stats.rayleigh(scale=np.sqrt(2))


def boundary_law():
    """Distribution of 1 / ||p_i - p_j||, from x_i to the boundary with class j: |N(0,1)| / sqrt(2).

    (x_i - x_j) / sqrt(2) and (x_i + x_j) / sqrt(2) are again independent columns, and the inverse
    has (p_i - p_j) / sqrt(2) in the first one's row.  Its norm is 1 divided by that column's
    distance from the span of the others.
    """
    return stats.halfnorm(scale=np.sqrt(0.5))


def target_probability(d: int) -> float:
    """P(class d - 1 has the largest output at x_d + e) = E Phi(chi_3 / sqrt(2))^(d - 2).

    The other outputs are sqrt(2) times the coefficients of a normal vector regressed on the d - 2
    other points, Z_k / chi_3: normals divided by one common chi with 3 degrees.  The probability
    falls as d^(-0.9) at d = 8, d^(-1.7) at 1024, and at last as d^(-2).  It comes from chi_3 near
    2 sqrt(ln d), so the quadrature is over chi_3 itself; its error is below 1e-9 up to d = 10^5.
    """
    x, weights = _nodes(0, 2 * np.sqrt(np.log(_dimension(d))) + 12, 200)
    log_all = (d - 2) * log_ndtr(x / np.sqrt(2))
    return min(1.0, float(weights @ np.exp(log_all + stats.chi.logpdf(x, 3))))


def last_direction_probability(d: int) -> float:
    """P(-R_dd Q_:,d alone flips x_d) = 1 - 2^(1 - d): it fails if all other outputs are below 0."""
    return 1 - 0.5 ** (_dimension(d) - 1)


def smallest_exceeds(c: float, d: int) -> float:
    """Upper bound on P(the smallest perturbation of x_i, over all classes j, is above c).

    With s the least singular value of X and v its right vector, the perturbation is at most
    s / max_j |v_i - v_j|.  As d grows P(s sqrt(d) > t) tends to exp(-t^2/2 - t) (Edelman) and v's
    coordinates to normals / sqrt(d); the bound falls about as d^(-c^2), so to 0 for every c > 0.
    """
    g, weights = _normal_nodes()
    y = np.linspace(0, 14, 2801)
    below = (ndtr(g[:, None] + y) - ndtr(g[:, None] - y)) ** (_dimension(d) - 1)
    tail = np.exp(-((c * y) ** 2) / 2 - c * y)
    inner = np.trapezoid((c**2 * y + c) * tail * below, y, axis=1) + tail[-1]
    return float(weights @ inner)


def smallest_median(d: int) -> float:
    """Where :func:`smallest_exceeds` is one half: an upper bound on the median, for large d."""
    return brentq(lambda c: smallest_exceeds(c, d) - 0.5, 1e-3, 3)


def close_pair_probability(epsilon: float, d: int) -> tuple[float, float]:
    """P(some two points are closer than (1 - epsilon) sqrt(2d)): prediction and union bound.

    ||x_i - x_j||^2 / 2 is chi-square with d degrees (as in Lemma 2).  The prediction treats the
    d (d - 1) / 2 pairs as independent, 1 - exp(-expected number); the bound holds for all d.

    Raises:
        ValueError: epsilon is not in [0, 1), or d is below 2.
    """
    if not 0 <= epsilon < 1:
        raise ValueError(f"epsilon must be in [0, 1), got {epsilon}")
    expected = _dimension(d) * (d - 1) / 2 * stats.chi2.cdf(d * (1 - epsilon) ** 2, d)
    return float(-np.expm1(-expected)), float(min(expected, 1))


def nearest_survival(r: float, d: int) -> float:
    """P(all other points are farther than r from x_i), exact, as a mixture over ||x_i||^2."""
    u, weights = _nodes(0, 1)
    farther = stats.ncx2.sf(r**2, d, stats.chi2.ppf(u, _dimension(d)))
    return float(weights @ farther ** (d - 1))


def radius_median(d: int) -> float:
    """Median of the optimal classifier's radius at x_i, half the nearest distance."""
    middle = brentq(lambda r: nearest_survival(r, d) - 0.5, 1e-3, 2 * np.sqrt(2 * d), rtol=1e-6)
    return middle / 2


def _dimension(d: int) -> int:
    if d < 2:
        raise ValueError(f"the dimension must be at least 2, got {d}")
    return d


def _nodes(low: float, high: float, n: int = 100) -> tuple[NDArray, NDArray]:
    """Gauss-Legendre nodes and weights on [low, high]."""
    x, weights = leggauss(n)
    return low + (high - low) * (x + 1) / 2, weights * (high - low) / 2


def _normal_nodes() -> tuple[NDArray, NDArray]:
    """Nodes and weights of the mean over a standard normal variable."""
    u, weights = _nodes(0, 1)
    return ndtri(u), weights
