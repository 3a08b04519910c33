"""Condition (1) of Theorem 1, outputs that are one-hot at the points: how far a network is from it.

Only differences of outputs decide, and only up to a positive scale.  So condition (1) leaves open a
scale c > 0, and a shift b of all outputs at a point, which the cross-entropy does not see either.
"""

import numpy as np
from numpy.typing import NDArray


def condition_distance(outputs: NDArray) -> NDArray:
    """Min over c > 0 and b of ||F - c I - 1 b^T|| / (c sqrt(d)), F (..., d, d) class by point.

    The best b takes out the mean over classes: with F centred so and P = I - 1 1^T / d, the square
    is ||F||^2 / c^2 - 2 <F, P> / c + ||P||^2, smallest at 1 / c = <F, P> / ||F||^2.  Without a
    positive scale that helps (c to infinity) it is ||P|| / sqrt(d) = sqrt(1 - 1 / d), the largest
    value.

    Returns:
        The distances, shape (...): 0 where condition (1) holds.
    """
    d = outputs.shape[-1]
    centred = outputs - outputs.mean(axis=-2, keepdims=True)
    along = np.trace(centred, axis1=-2, axis2=-1)  # <F, P>, since F is centred
    squares = (centred**2).sum(axis=(-2, -1))
    share = np.maximum(along, 0) ** 2 / np.where(squares > 0, squares, 1)
    return np.sqrt(np.maximum(d - 1 - share, 0) / d)


def cos_with_inverse(weights: NDArray, matrix: NDArray) -> NDArray:
    """Cosine of W with X^(-1), both (..., d, d), as vectors; the mean over classes is taken out.

    It is 1 where W is a positive multiple of X^(-1), up to a row that is added to all classes.
    """

    def centred(rows: NDArray) -> NDArray:
        return rows - rows.mean(axis=-2, keepdims=True)

    w, p = centred(weights), centred(np.linalg.inv(matrix))
    norms = np.linalg.norm(w, axis=(-2, -1)) * np.linalg.norm(p, axis=(-2, -1))
    return (w * p).sum(axis=(-2, -1)) / norms
