"""The data of Theorem 6: the corners of a hypercube, multiplied by a random matrix."""

import numpy as np
from numpy.typing import NDArray

from fragility.runtime.seeds import generator
from fragility.synthetic.geometry import qr


def gaussian_matrix(d: int, stream: np.random.Generator) -> NDArray:
    """A (d, d) of independent standard normal entries, float64 (Theorem 6).

    Raises:
        ValueError: ``d`` is below 2.
    """
    if d < 2:
        raise ValueError(f"the dimension must be at least 2, got {d}")
    return stream.standard_normal((d, d))


def scale_columns(matrix: NDArray, scale: float) -> NDArray:
    """A (..., d, d) with all columns but the last times ``scale`` (section 6: 5)."""
    factors = np.full(matrix.shape[-1], float(scale))
    factors[-1] = 1.0
    return matrix * factors


def corners(d: int, indices: NDArray | None = None) -> NDArray:
    """Corners z in {-1, +1}^d, one per row, int8 (n, d); corner i has z_k = +1 if i's bit k is 1.

    Args:
        d: dimension, at least 1.
        indices: (n,) integers in [0, 2^d); without them all 2^d corners, in order.
    """
    if indices is None:
        indices = np.arange(2**d)
    bits = (np.asarray(indices)[:, None] >> np.arange(d)) & 1
    return (2 * bits - 1).astype(np.int8)


def points(matrix: NDArray, z: NDArray) -> NDArray:
    """Data x = A z, one per row: (n, d) from A (d, d) and z (n, d)."""
    return z @ matrix.T


def label(z: NDArray) -> NDArray:
    """The label of each corner (n, d), the sign of its last coordinate: (n,) of -1 and +1."""
    return z[..., -1]


def with_phi(matrix: NDArray, phi: float) -> NDArray:
    """The matrix (d, d) with its last column turned so that |R_dd| / ||A_:,d|| is exactly ``phi``.

    The column keeps its norm and the direction of its part inside the span of the others.  For a
    Gaussian A these are independent of phi, so the result has A's distribution given phi.

    Raises:
        ValueError: ``phi`` is not in (0, 1], or the last column is orthogonal to the others; or as
            :func:`fragility.synthetic.geometry.qr`.
    """
    if not 0 < phi <= 1:
        raise ValueError(f"phi must be in (0, 1], got {phi}")
    q, r = qr(matrix)
    if not r[:-1, -1].any():
        raise ValueError("the last column has no part in the span of the others")
    inside = q[:, :-1] @ r[:-1, -1]
    inside *= np.sqrt(1 - phi**2) / np.linalg.norm(inside)
    turned = matrix.astype(float)
    turned[:, -1] = np.linalg.norm(matrix[:, -1]) * (phi * q[:, -1] + inside)
    return turned


def draw_corners(d: int, n: int, seed: int, experiment: str, run: int) -> NDArray:
    """The corners z, (n, d), at which a run of an experiment is measured: uniform, with repeats.

    Every job that measures this run draws the same corners.
    """
    stream = generator(seed, experiment, "corners", d, run)
    return corners(d, stream.integers(0, 2**d, n))


def segment(matrix: NDArray, z: NDArray, alphas: NDArray) -> NDArray:
    """Points x = alpha b_1 + (1 - alpha) b_2 of section 6, shape (n, len(alphas), d).

    b_1 = A z_+ and b_2 = A z_- with z_+ and z_- equal to z but for the last sign.

    Args:
        matrix: A, (d, d).
        z: corners, (n, d); their last sign does not matter.
        alphas: in [0, 1].
    """
    plus = np.asarray(z, dtype=float).copy()
    plus[:, -1] = 1
    b1 = points(matrix, plus)
    return b1[:, None] - 2 * (1 - np.asarray(alphas))[None, :, None] * matrix[:, -1]
