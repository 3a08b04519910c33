"""The max-margin direction, to which gradient training of a linear classifier tends."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import lsq_linear

from fragility.synthetic.geometry import square


class MaxMargin(NamedTuple):
    """Direction w (d,), a unit vector, and the smallest distance of a point to its boundary."""

    direction: NDArray
    radius: float


def max_margin(matrix: NDArray) -> MaxMargin:
    """Solve min ||w|| subject to c_d - sum_{k<d} |c_k| >= 1, c = A^T w, by its dual; A (d, d).

    The dual is the distance of A's last column from the zonotope of the others,
    min over u in [-1, 1]^(d-1) of ||A_:,d + sum u_k A_:,k||: a least-squares problem in a box, the
    continuous relaxation of the optimal classifier's integer one.  The residual is parallel to w,
    its norm is the radius.  Whenever the unconstrained minimum lies inside the box, w is the
    last row of A^{-1} (Theorem 6's weights) and the radius is |R_dd|.

    Raises:
        ValueError: A is not square, smaller than 2 x 2, or holds a value that is not finite.
    """
    a = square(matrix)
    solution = lsq_linear(a[:, :-1], -a[:, -1], bounds=(-1, 1), method="bvls", tol=1e-14)
    residual = a[:, -1] + a[:, :-1] @ solution.x
    radius = np.linalg.norm(residual)
    return MaxMargin(residual / radius, float(radius))
