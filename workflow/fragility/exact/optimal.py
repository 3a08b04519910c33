"""The optimal (minimum-distance) classifier of Theorem 6's data, exactly, by branch and bound.

Two points of different classes differ by 2 (A_:,d + sum u_k A_:,k), up to sign, with u_k in
{-1, 0, 1}.  The optimal classifier's radius is half that distance: a closest-vector problem in a
box.  The search walks the rows of R in A = Q R from the bottom, nearest coordinate first, and
leaves a branch as soon as its partial sum of squares reaches the best found.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from fragility.synthetic.geometry import qr


def class_radius(matrix: NDArray) -> float:
    """Half the distance between the two classes, for A (d, d): min over u in {-1, 0, 1}^(d-1).

    Raises:
        ValueError: as :func:`fragility.synthetic.geometry.qr`.
    """
    _, r = qr(matrix)
    d = len(r)
    return float(np.sqrt(_search(r, np.full(d, -1), np.full(d, 1))))


def point_radii(matrix: NDArray, z: NDArray) -> NDArray:
    """Half the distance from each point A z to the other class, shape (n,).

    From z the points of the other class have u_k in {0, z_d z_k} only, after the sign of z_d is
    taken out.

    Args:
        matrix: A, shape (d, d).
        z: corners, shape (n, d), entries -1 and +1.

    Raises:
        ValueError: as :func:`fragility.synthetic.geometry.qr`.
    """
    _, r = qr(matrix)
    direction = np.asarray(z, dtype=np.int64) * np.asarray(z, dtype=np.int64)[:, -1:]
    return np.sqrt(_search_all(r, np.minimum(direction, 0), np.maximum(direction, 0)))


# Numba's cache notices an edit only to the file that a function is in: functions that call one
# another must stay together in this file.
@njit(cache=True)
def _search(r, low, high):
    """Minimum of ||R u||^2 over integers low <= u <= high, u_d = 1."""
    d = r.shape[0]
    u = np.zeros(d, np.int64)
    u[d - 1] = 1
    best = 0.0  # the norm of the last column itself: u = 0
    for row in range(d):
        best += r[row, d - 1] ** 2
    above = np.zeros(d)  # above[k]: squares of the rows below row k, already decided
    shift = np.zeros(d)  # shift[k]: sum over j > k of R_kj u_j
    tried = np.zeros(d, np.int64)  # bit v - low of the values already taken at row k
    k = d - 2
    above[k] = r[d - 1, d - 1] ** 2
    shift[k] = r[k, d - 1]
    while k < d - 1:
        value, cost = 0, np.inf
        for candidate in range(low[k], high[k] + 1):
            square = (shift[k] + r[k, k] * candidate) ** 2
            if not (tried[k] >> (candidate - low[k])) & 1 and square < cost:
                value, cost = candidate, square
        if above[k] + cost >= best:  # also when nothing is left to try
            tried[k] = 0
            k += 1
            continue
        tried[k] |= 1 << (value - low[k])
        u[k] = value
        if k == 0:
            best = above[k] + cost
            continue
        k -= 1
        above[k] = above[k + 1] + cost
        shift[k] = 0.0
        for j in range(k + 1, d):
            shift[k] += r[k, j] * u[j]
    return best


@njit(cache=True)
def _search_all(r, low, high):
    squares = np.empty(low.shape[0])
    for i in range(low.shape[0]):
        squares[i] = _search(r, low[i], high[i])
    return squares
