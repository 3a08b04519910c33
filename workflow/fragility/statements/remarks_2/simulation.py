"""Remarks 2 by experiment: the sizes along random directions at which both classifiers flip."""

import numpy as np
from numpy.typing import NDArray

from fragility.synthetic.geometry import square


def network_sizes(matrix: NDArray, directions: NDArray) -> tuple[NDArray, float]:
    """Smallest misclassifying t > 0 along each direction at x_d, and over all directions.

    With condition (1) W = X^(-1) for any number of hidden units (Theorem 1's experiment tries it
    on two-layer networks); f_d - f_j falls from 1 at the rate (p_j - p_d).u.

    Args:
        matrix: X, shape (d, d), points as columns; float64, which W of a nearly singular X needs.
        directions: unit vectors as columns, shape (d, n).

    Returns:
        (n,) sizes, infinite where no length misclassifies, and 1 / max_j ||p_j - p_d||.

    Raises:
        ValueError: X is not square, smaller than 2 x 2, or exactly singular.
    """
    try:
        p = np.linalg.inv(square(matrix))
    except np.linalg.LinAlgError as error:
        raise ValueError(f"matrix of shape {matrix.shape} is singular") from error
    rates = p[:-1] - p[-1]
    return _inverse((rates @ directions).max(axis=0)), 1 / np.linalg.norm(rates, axis=1).max()


def optimal_sizes(matrix: NDArray, directions: NDArray) -> tuple[NDArray, float]:
    """The same for the nearest-point classifier: the distance to the first bisecting plane.

    The plane with point j is at t = ||x_j - x_d||^2 / (2 u.(x_j - x_d)), if that is positive.

    Args:
        matrix: X, shape (d, d), points as columns.
        directions: unit vectors as columns, shape (d, n).

    Returns:
        (n,) sizes, infinite where no length misclassifies, and the smallest over all directions.

    Raises:
        ValueError: X is not square, smaller than 2 x 2, or not finite.
    """
    steps = square(matrix)[:, :-1].T - matrix[:, -1]
    norms = np.linalg.norm(steps, axis=1)
    rates = 2 * (steps @ directions) / norms[:, None] ** 2
    return _inverse(rates.max(axis=0)), norms.min() / 2


def trial(
    matrix: NDArray, gaussian: NDArray, network_scale: float, optimal_scale: float
) -> dict[str, float]:
    """All measures on one X, by the names of check.py's columns.

    Args:
        matrix: X, shape (d, d).
        gaussian: (d, n) standard normals; divided by their lengths they are the directions.
        network_scale, optimal_scale: shares of directions with a larger size are counted; the
            network's is in units of the noise's standard deviation, s = t / |g|.

    Raises:
        ValueError: as :func:`network_sizes`.
    """
    lengths = np.linalg.norm(gaussian, axis=0)
    network, network_worst = network_sizes(matrix, gaussian / lengths)
    optimal, optimal_worst = optimal_sizes(matrix, gaussian / lengths)
    return {
        "observed_network_average": np.median(network),
        "observed_optimal_average": np.median(optimal),
        "observed_network_worst": network_worst,
        "observed_optimal_worst": optimal_worst,
        "network_above": np.mean(network / lengths > network_scale),
        "optimal_above": np.mean(optimal > optimal_scale),
        "network_never": np.mean(np.isinf(network)),
        "optimal_never": np.mean(np.isinf(optimal)),
    }


def _inverse(rates: NDArray) -> NDArray:
    """1 / rate where the rate is positive, else infinity: the boundary is never reached."""
    return np.divide(1, rates, out=np.full(rates.shape, np.inf), where=rates > 0)
