"""Figure 1: the distances in it, for a g that is affine around x2 and x1."""

import numpy as np
from numpy.typing import ArrayLike


def boundary_distance(value: float, gradient: ArrayLike) -> float:
    """Distance of x2 from the boundary g = 0: |g(x2)| / ||grad g||, with the gradient (d,).

    Raises:
        ValueError: the gradient is zero, so that no boundary exists.
    """
    norm = float(np.linalg.norm(gradient))
    if norm == 0:
        raise ValueError("g has gradient zero: it has no boundary")
    return abs(value) / norm


def attack_ratio(cosine: float, crossing: float) -> float:
    """Attack distance divided by the optimal radius ||x1 - x2|| / 2: 2 crossing cos theta.

    Args:
        cosine: cos theta between -grad g and x1 - x2.
        crossing: where the direct path meets g = 0, as a fraction of its length: 1/2 for a network
            that treats x2 and x1 alike.  The ratio is then cos theta, as in the figure.

    Raises:
        ValueError: ``crossing`` is not between 0 and 1.
    """
    if not 0 <= crossing <= 1:
        raise ValueError(f"the crossing must be between 0 and 1, got {crossing}")
    return 2 * crossing * cosine
