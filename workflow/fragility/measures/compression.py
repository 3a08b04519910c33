"""The paper's measures of how much of a feature a network keeps."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from fragility.synthetic.data import corners, label, points
from fragility.synthetic.geometry import cosine, qr
from fragility.synthetic.networks import ReluNetwork, forward, gradient, margins, theorem_6_weights


def phi(matrix: NDArray) -> float:
    """Phi = |R_dd| / ||A_:,d|| of A (d, d), the compression that Theorem 6 predicts (section 6).

    Raises:
        ValueError: as :func:`fragility.synthetic.geometry.qr`.
    """
    _, r = qr(matrix)
    return float(r[-1, -1] / np.linalg.norm(matrix[:, -1]))


def cos_theta_1(matrix: NDArray, weights: NDArray) -> float:
    """Cosine between W_1 - W_2 and A's last column: the compression a network has (Table 1).

    Args:
        matrix: A, shape (d, d).
        weights: W = H2 H1, shape (2, d).

    Raises:
        ValueError: W_1 = W_2, so that there is no angle.
    """
    return cosine(weights[0] - weights[1], matrix[:, -1])


def cos_theta_2(matrix: NDArray, weights: NDArray) -> float:
    """Cosine between W_1 and the last row of A^{-1}, which Theorem 6 predicts it to be (Table 1).

    Args:
        matrix: A, shape (d, d).
        weights: W, shape (2, d).

    Raises:
        ValueError: W_1 is zero; or as :func:`fragility.synthetic.geometry.qr`.
    """
    return cosine(weights[0], theorem_6_weights(matrix))


def corner_coefficients(matrix: NDArray, weights: NDArray) -> NDArray:
    """C = A^T (W_1 - W_2), shape (d,), from A (d, d) and W (2, d): f_1 - f_2 at z is c . z."""
    return matrix.T @ (weights[0] - weights[1])


def is_valid(matrix: NDArray, weights: NDArray) -> bool:
    """Whether a linear network is correct at all 2^d points, decided without visiting them.

    Correct at z means z_d c . z > 0; the worst corner has z_k = -z_d sign(c_k), hence
    valid if and only if c_d > sum of |c_k| over k < d.  A tie is a mistake.

    Args:
        matrix: A, shape (d, d).
        weights: W, shape (2, d).
    """
    c = corner_coefficients(matrix, weights)
    return bool(c[-1] > np.abs(c[:-1]).sum())


def accuracy(matrix: NDArray, weights: NDArray) -> float:
    """Share of the 2^d points at which a linear network is correct; a tie is a mistake.

    The sums of the first and of the second half of the coordinates are listed separately and
    combined one at a time, so memory grows as 2^(d/2).

    Args:
        matrix: A, shape (d, d).
        weights: W, shape (2, d).
    """
    c = corner_coefficients(matrix, weights)
    first, second = _signed_sums(c[: len(c) // 2]), np.sort(_signed_sums(c[len(c) // 2 : -1]))
    # z_d c.z = c_d + z_d (sum of the rest); both classes have the same margins by symmetry
    right = len(second) - np.searchsorted(second, -(c[-1] + first), side="right")
    return float(right.sum() / (len(first) * len(second)))


def relu_accuracy(matrix: NDArray, network: ReluNetwork, chunk: int = 4096) -> float:
    """Share of the 2^d points of A (d, d) at which a ReLU network is correct; a tie is a mistake.

    All of them are visited, ``chunk`` at a time, in the dtype of the weights.
    """
    d, right = len(matrix), 0
    for start in range(0, 2**d, chunk):
        z = corners(d, np.arange(start, min(start + chunk, 2**d)))
        x = points(matrix, z).astype(network.weights[0].dtype)
        right += int((margins(network, x, label(z)) > 0).sum())
    return right / 2**d


def rho(matrix: NDArray, network: ReluNetwork, x: NDArray) -> NDArray:
    """Compression at the points x (n, d): |cos| of grad(f_1 - f_2) with A's last column, (n,).

    This is ||P(x_1 - x_2)|| / ||x_1 - x_2||, P the projection onto grad f_1 - grad f_2, since x_1
    and x_2 differ by twice that column (section 6, "Nonlinear networks", Table 3).
    """
    return np.abs(cos_theta_t(matrix, network, x))


def cos_theta_t(matrix: NDArray, network: ReluNetwork, x: NDArray) -> NDArray:
    """Cosine of grad(f_1 - f_2) at x (n, d) with A's last column, (n,) (section 6, Table 4).

    NaN where the gradient is zero.
    """
    _, hidden = forward(network, x)
    slopes = gradient(network, hidden, np.array([1.0, -1.0]))
    with np.errstate(invalid="ignore"):
        unit = slopes / np.linalg.norm(slopes, axis=1, keepdims=True)
    return unit @ (matrix[:, -1] / np.linalg.norm(matrix[:, -1]))


def _signed_sums(values: NDArray) -> NDArray:
    """All 2^n sums of +-values, shape (2^n,)."""
    sums = np.zeros(1)
    for value in values:
        sums = np.concatenate([sums - value, sums + value])
    return sums


def largest_cos_theta_1(matrix: NDArray) -> float:
    """The largest |cos theta_1| that any valid linear network can have for this A.

    The valid differences w = W_1 - W_2 form the open cone {c_d > sum |c_k|, c = A^T w}, whose
    closure is spanned by the rays A^{-T}(e_d +- e_k).  The largest cosine with A's last column a
    is ||P a|| / ||a||, P the projection onto that cone: a non-negative least-squares problem.
    A supremum: it is reached only in the limit of margin zero.

    Args:
        matrix: A, shape (d, d).

    Raises:
        numpy.linalg.LinAlgError: A is exactly singular.
    """
    d = matrix.shape[0]
    unit = np.eye(d)[:, :-1]
    rays = np.linalg.solve(
        matrix.T, np.concatenate([np.eye(d)[:, -1:] + unit, np.eye(d)[:, -1:] - unit], axis=1)
    )
    rays /= np.linalg.norm(rays, axis=0)
    feature = matrix[:, -1] / np.linalg.norm(matrix[:, -1])
    coefficients, _ = nnls(rays, feature)
    return float(np.linalg.norm(rays @ coefficients))
