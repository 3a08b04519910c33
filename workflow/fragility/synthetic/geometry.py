"""Angles and triangular factors: the linear algebra that the paper uses."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import linalg


def cosine(u: ArrayLike, v: ArrayLike) -> float:
    """Cosine of the angle between two vectors of one shape (n,).

    Raises:
        ValueError: a vector is zero, so that no angle exists.
    """
    u, v = np.asarray(u, dtype=float), np.asarray(v, dtype=float)
    if not u.any() or not v.any():
        raise ValueError("the angle with a zero vector is undefined")
    u, v = u / np.abs(u).max(), v / np.abs(v).max()  # no square over- or underflows
    return float(np.clip(u @ v / (np.linalg.norm(u) * np.linalg.norm(v)), -1, 1))


def qr(matrix: ArrayLike) -> tuple[NDArray, NDArray]:
    """QR decomposition A = Q R of a matrix (d, d), unique by a positive diagonal of R.

    The sign convention matters where the paper writes R_dd for its absolute value (proof of
    Theorem 6).

    Returns:
        Q (d, d) orthogonal and R (d, d) upper triangular with R_jj >= 0.

    Raises:
        ValueError: the matrix is not square, smaller than 2 x 2, not finite, or singular to working
            precision.
    """
    a = square(matrix)
    q, r = linalg.qr(a)
    diagonal = np.abs(np.diag(r))
    if diagonal.min() <= len(a) * np.finfo(float).eps * diagonal.max():
        raise ValueError(f"matrix of shape {a.shape} is singular to working precision")
    signs = np.where(np.diag(r) < 0, -1.0, 1.0)
    return q * signs, r * signs[:, None]


def square(matrix: ArrayLike) -> NDArray:
    """The matrix (d, d) as float64.

    Raises:
        ValueError: it is not square, d is below 2, or a value is not finite.
    """
    a = np.asarray(matrix, dtype=float)
    if a.ndim != 2 or a.shape[0] != a.shape[1]:
        raise ValueError(f"expected a square matrix, got shape {a.shape}")
    if a.shape[0] < 2:
        raise ValueError(f"the dimension must be at least 2, got {a.shape[0]}")
    if not np.isfinite(a).all():
        raise ValueError("the matrix holds a value that is not finite")
    return a
