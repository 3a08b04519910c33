"""What a linear network learns from inputs that another one takes for the other class.

A teacher with row v = W_1 - W_2, u = v/||v||, is correct at all points x = A z, labels y = z_d.
Each x is moved across its boundary, 1 + e times as far as the boundary is:

    x' = x - (1 + e) (u . x) u = M x,   M = I - (1 + e) u u^T,   label -y.

M does not depend on the point, so the inputs are M A z with labels -z_d.  Replace z by -z: they are
the points of Theorem 6's own problem for the matrix

    A' = -M A.

So a student trained on them alone does what any linear network does on Theorem 6's data:

- Its first gradient, from weights 0, is -mean(y' x')/2, so its first row is proportional to
  A' e_d = (1 + e)(u . a) u - a, where a is A's last column.  Its mean signed output on the clean
  data is proportional to a . A' e_d = ||a||^2 ((1 + e) cos^2 theta_1 - 1).  It starts below chance
  if (1 + e) cos^2 theta_1 < 1: it first learns the feature a with the wrong sign.
- Gradient descent on the logistic loss tends to the max-margin direction of A' (Soudry et al.
  2018).  If no constraint of the dual is active, it is the last row of A'^{-1}, proportional to
  (1 + 1/e)(u . r) u - r, where r is the last row of A^{-1}; if the teacher has Theorem 6's
  weights, that is the teacher's direction for every e.
- For e to 0 the limit is the teacher's direction, unless a row orthogonal to u is correct at all
  points, too: then that row, with the wrong sign, is correct on the relabelled points whatever e
  is, and the student ends with it, wrong at every clean point.
- The inputs vary along u by e (u . x) only.  To first order a step changes the output along u by
  e^2, so the time that the student needs grows as 1/e^2.
"""

import numpy as np
from numpy.typing import NDArray

from fragility.exact.max_margin import max_margin


def moved(x: NDArray, row: NDArray, margin: float) -> NDArray:
    """Points (n, d) moved across the boundary of a linear teacher, 1 + ``margin`` times as far.

    Args:
        x: points, (n, d).
        row: the teacher's W_1 - W_2, (d,).
        margin: e, above 0.

    Raises:
        ValueError: the margin is not above 0, so that the points do not change their class.
    """
    if not margin > 0:
        raise ValueError(f"the margin must be above 0, got {margin}")
    unit = row / np.linalg.norm(row)
    return x - (1 + margin) * np.outer(x @ unit, unit)


def students_matrix(matrix: NDArray, row: NDArray, margin: float) -> NDArray:
    """A' = -M A (d, d), whose points A' z with labels z_d are the moved and relabelled ones.

    Args:
        matrix: A, (d, d).
        row: the teacher's W_1 - W_2, (d,).
        margin: e, above 0.

    Raises:
        ValueError: as :func:`moved`.
    """
    return -moved(matrix.T, row, margin).T


def first_row(matrix: NDArray, row: NDArray, margin: float) -> NDArray:
    """Direction of the student's row after one step of gradient descent from 0, (d,); as above."""
    return students_matrix(matrix, row, margin)[:, -1]


def limit_row(matrix: NDArray, row: NDArray, margin: float) -> NDArray:
    """Direction to which gradient descent on the relabelled points tends, (d,), a unit vector."""
    return max_margin(students_matrix(matrix, row, margin)).direction
