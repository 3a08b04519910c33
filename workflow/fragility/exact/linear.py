"""How far a linear network's points lie from its decision boundary: exact, in closed form."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fragility.measures.compression import corner_coefficients, is_valid


class Perturbations(NamedTuple):
    """Smallest flipping perturbations in l2 over the 2^d points: minimum, mean and maximum."""

    minimum: float
    mean: float
    maximum: float


def smallest_perturbations(matrix: NDArray, weights: NDArray) -> Perturbations:
    """Norms of the smallest perturbations that flip a valid linear network, over all 2^d points.

    At x = A z it is |c . z| / ||W_1 - W_2||, c = A^T (W_1 - W_2).  For a valid network
    z_d c . z = c_d + z_d sum_{k<d} z_k c_k is positive everywhere, and no point need be visited:

    - minimum (c_d - sum |c_k|) / ||W_1 - W_2||,
    - mean    c_d / ||W_1 - W_2|| = cos theta_1 ||A_:,d||, the paper's measure exactly,
    - maximum (c_d + sum |c_k|) / ||W_1 - W_2||.

    Args:
        matrix: A, shape (d, d).
        weights: W, shape (2, d).

    Returns:
        The three norms, in the units of the data; NaN each if the network is not valid.
    """
    if not is_valid(matrix, weights):
        return Perturbations(np.nan, np.nan, np.nan)
    c = corner_coefficients(matrix, weights)
    norm = np.linalg.norm(weights[0] - weights[1])
    rest = np.abs(c[:-1]).sum()
    return Perturbations(*(float(m / norm) for m in (c[-1] - rest, c[-1], c[-1] + rest)))
