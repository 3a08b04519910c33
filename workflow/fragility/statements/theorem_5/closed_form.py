"""Theorem 5: the distance of a point from a linear network's boundary between two classes.

All arrays are batched: probes (..., d), points (..., n, d), results (..., n).  No result depends on
the sign convention of the QR decomposition.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats


class Pair(NamedTuple):
    """The theorem's letters for one pair of probes and its points.

    Attributes:
        q: Q, shape (..., d, 2), orthonormal columns that span the probes.
        r11, r12, r22: [probe_i, probe_j] = Q [[r11, r12], [0, r22]], each of shape (..., 1).
        a1, a2: the points' coordinates a_i1 and a_i2 along Q's columns, each of shape (..., n).
    """

    q: NDArray
    r11: NDArray
    r12: NDArray
    r22: NDArray
    a1: NDArray
    a2: NDArray


def probes(layers: Sequence[NDArray]) -> NDArray:
    """All probing vectors, one per row: (classes, d) from the layers H_1, ..., H_l in order."""
    product = np.asarray(layers[-1], dtype=float)
    for layer in reversed(layers[:-1]):
        product = product @ layer
    return product


def decompose(probe_i: ArrayLike, probe_j: ArrayLike, x: ArrayLike) -> Pair:
    """QR of the two probes and the projections of the points onto their span.

    Parallel probes are accepted: Q's second column is then any unit vector, r22 = 0, and a_i2 has
    no meaning, but neither the distance nor the bound's validity depends on it.

    Args:
        probe_i, probe_j: shape (..., d).
        x: points of class i, shape (..., n, d).

    Raises:
        ValueError: d is below 2 (Q has two orthonormal columns), or the probes of a pair are
            equal to working precision, so that no boundary exists.
    """
    matrix = np.stack([probe_i, probe_j], axis=-1).astype(float)
    if matrix.shape[-2] < 2:
        raise ValueError(f"the dimension must be at least 2, got {matrix.shape[-2]}")
    lengths = np.linalg.norm(matrix, axis=-2).max(axis=-1)
    gaps = np.linalg.norm(matrix[..., 0] - matrix[..., 1], axis=-1)
    if (gaps <= 4 * np.finfo(float).eps * lengths).any():
        raise ValueError("the probes of a pair are equal: no boundary lies between its classes")
    q, r = np.linalg.qr(matrix)
    a = np.asarray(x, dtype=float) @ q
    return Pair(q, r[..., 0, 0, None], r[..., 0, 1, None], r[..., 1, 1, None], a[..., 0], a[..., 1])


def margin(pair: Pair) -> NDArray:
    """f_i - f_j at the points (rows): r11 a_i1 - (r12 a_i1 + r22 a_i2), shape (..., n)."""
    return pair.r11 * pair.a1 - (pair.r12 * pair.a1 + pair.r22 * pair.a2)


def distance(pair: Pair) -> NDArray:
    """The theorem's middle term |f_i - f_j| / ||probe_i - probe_j||, shape (..., n).

    The exact distance to the boundary {f_i = f_j}, as an infimum: at the boundary itself both
    outputs are equal, and only beyond it f_j > f_i (equation (4)'s epsilon).
    """
    return np.abs(margin(pair)) / np.hypot(pair.r12 - pair.r11, pair.r22)


def bound(pair: Pair) -> NDArray:
    """The theorem's right-hand side sqrt(a_i1^2 + a_i2^2), shape (..., n)."""
    return np.hypot(pair.a1, pair.a2)


def perturbation(pair: Pair) -> NDArray:
    """The shortest perturbation to the boundary, in the probes' span: (..., n, d)."""
    step = np.stack([pair.r12 - pair.r11, pair.r22], axis=-1)  # probe_j - probe_i in Q, (..., 1, 2)
    step = step / (step**2).sum(axis=-1, keepdims=True) * margin(pair)[..., None]
    return step @ np.swapaxes(pair.q, -1, -2)


def ratio_squared_law():
    """Distribution of (distance / bound)^2 for Gaussian x independent of the network: arcsine.

    The projection of x onto any plane then has a uniform direction, and distance / bound is |cos|
    of its angle with probe_i - probe_j: mean 2/pi at every d, for any network.
    """
    return stats.arcsine()


RATIO_MEAN = 2 / np.pi  # of |cos| of a uniform angle
