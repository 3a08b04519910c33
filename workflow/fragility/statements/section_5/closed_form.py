"""Section 5: the two paths' lengths by equations (8) and (9)."""

import numpy as np
from numpy.typing import ArrayLike


def predicted_ratio(cosines: ArrayLike) -> float:
    """Ratio z / ||x1 - x2|| if ||grad g|| is constant on both paths: |mean cos theta_gamma|.

    (8) then reads D = ||grad g|| ||x1 - x2|| mean(cos theta), (9) reads D = -||grad g|| z.

    Args:
        cosines: cos theta_gamma at equally spaced points of the direct path, (k,).
    """
    return float(abs(np.mean(cosines)))


def predicted_length(change: float, gradient_norm: float) -> float:
    """Length z by (9) if the gradient norm is that at x2: |D| / ||grad g(x2)|| (section 6, M).

    Raises:
        ValueError: the gradient norm is not positive.
    """
    if gradient_norm <= 0:
        raise ValueError(f"the gradient norm must be positive, got {gradient_norm}")
    return abs(change) / gradient_norm


def riemann_excess(n: int) -> float:
    """Relative excess of the paper's sum over (8), for a constant integrand: 1 / (n - 1).

    Section 6 adds n values, both ends included, each with the weight L / (n - 1); the sum of the
    weights is L n / (n - 1).

    Raises:
        ValueError: ``n`` is below 2.
    """
    if n < 2:
        raise ValueError(f"the sum needs at least 2 points, got {n}")
    return 1 / (n - 1)
