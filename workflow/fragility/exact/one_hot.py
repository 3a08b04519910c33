"""Theorem 1's data, one point for each class: exact perturbations and the optimal radius."""

import numpy as np
from numpy.typing import NDArray


def smallest_perturbations(weights: NDArray, matrix: NDArray) -> NDArray:
    """Norms of the smallest perturbations that flip a linear network, at each point, (..., d).

    At x_i it is the least over all other classes j of (f_i - f_j)(x_i) / ||w_i - w_j||, and 0 where
    another class has an output as large, so that x_i is misclassified.

    Args:
        weights: W, (..., d, d), a row for each class.
        matrix: X, (..., d, d); column i is the point of class i.
    """
    outputs = np.swapaxes(weights @ matrix, -2, -1)  # point by class
    own = np.diagonal(outputs, axis1=-2, axis2=-1)[..., None]
    lengths = np.sqrt(_squared_distances(weights))
    with np.errstate(divide="ignore", invalid="ignore"):
        distances = np.where(own > outputs, (own - outputs) / lengths, 0)
    return _without_diagonal(distances).min(axis=-1)


def optimal_radii(matrix: NDArray) -> NDArray:
    """Half the distance from each point, a column of X (..., d, d), to the nearest other, (..., d).

    This is the smallest perturbation of the classifier that names the nearest point's class.
    """
    squares = _squared_distances(np.swapaxes(matrix, -2, -1))
    return np.sqrt(_without_diagonal(squares).min(axis=-1)) / 2


def _squared_distances(rows: NDArray) -> NDArray:
    """Squared distances of all pairs of rows (..., n, d), shape (..., n, n)."""
    return ((rows[..., :, None, :] - rows[..., None, :, :]) ** 2).sum(axis=-1)


def _without_diagonal(pairs: NDArray) -> NDArray:
    """Pairs (..., n, n) with infinity on the diagonal."""
    return np.where(np.eye(pairs.shape[-1], dtype=bool), np.inf, pairs)
