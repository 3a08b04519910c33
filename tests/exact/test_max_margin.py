"""The max-margin direction: another solver, its nearest point, Theorem 6."""

from itertools import product

import numpy as np
import pytest
from scipy.optimize import minimize

from fragility.exact.max_margin import max_margin
from fragility.exact.optimal import class_radius
from fragility.runtime.seeds import generator
from fragility.synthetic.data import corners, gaussian_matrix, label, points, scale_columns
from fragility.synthetic.geometry import cosine
from fragility.synthetic.networks import theorem_6_weights


def gaussian(d, index, scale=1):
    return scale_columns(gaussian_matrix(d, generator(7, "test", "margin", d, index)), scale)


def margin_by_slsqp(matrix):
    """min ||w||^2 subject to t_k >= |c_k| and c_d - sum t_k >= 1: direction and 1/||w||."""
    d = len(matrix)
    others, last = matrix[:, :-1].T, matrix[:, -1]
    linear = np.block(
        [[-others, np.eye(d - 1)], [others, np.eye(d - 1)], [last[None], -np.ones((1, d - 1))]]
    )
    offset = np.append(np.zeros(2 * d - 2), -1)
    scale = np.linalg.norm(theorem_6_weights(matrix))  # feasible start, then in its units
    solution = minimize(
        lambda v: (v[:d] @ v[:d]) / scale**2,
        np.append(theorem_6_weights(matrix), np.zeros(d - 1)),
        jac=lambda v: np.append(2 * v[:d], np.zeros(d - 1)) / scale**2,
        constraints={"type": "ineq", "fun": lambda v: linear @ v + offset, "jac": lambda v: linear},
        method="SLSQP",
        options={"maxiter": 1000, "ftol": 1e-15},
    )
    w = solution.x[:d]
    return w / np.linalg.norm(w), 1 / np.linalg.norm(w)


@pytest.mark.parametrize("d", [3, 4, 5, 6])
@pytest.mark.parametrize("scale", [1, 5])
def test_max_margin_is_what_another_solver_finds(d, scale):
    for index in range(6):
        a = gaussian(d, index, scale)
        direction, radius = margin_by_slsqp(a)
        found = max_margin(a)
        assert found.radius == pytest.approx(radius, rel=1e-6)  # SLSQP stops at about 1e-8
        assert found.direction @ direction == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("d", [2, 3, 6, 9])
@pytest.mark.parametrize("scale", [1, 5])
def test_max_margin_s_radius_is_its_nearest_point_s_distance(d, scale):
    for index in range(5):
        a = gaussian(d, index, scale)
        direction, radius = max_margin(a)
        z = corners(d)
        distances = label(z) * (points(a, z) @ direction)
        assert np.linalg.norm(direction) == pytest.approx(1, abs=1e-14)
        assert distances.min() == pytest.approx(radius, rel=1e-9)  # cond eps, cond below 1e4


def test_max_margin_is_theorem_6_exactly_where_the_unconstrained_minimum_lies_in_the_box():
    inside_box = []
    for index in range(60):
        a = gaussian(5, index, scale=5)
        u = np.linalg.lstsq(a[:, :-1], -a[:, -1])[0]
        aligned = cosine(max_margin(a).direction, theorem_6_weights(a)) > 1 - 1e-9
        assert aligned == (np.abs(u).max() < 1)
        inside_box.append(aligned)
    assert 10 < sum(inside_box) < 60  # both happen


@pytest.mark.parametrize("matrix", [np.ones((2, 3)), [[1.0]], [[1, np.nan], [0, 1]]])
def test_max_margin_refuses_what_is_no_square_finite_matrix(matrix):
    with pytest.raises(ValueError):
        max_margin(matrix)


def by_enumeration(matrix):
    """The shortest of A_:,d + sum u_k A_:,k, u in [-1, 1]^(d-1): over all faces of the box."""
    last, others = matrix[:, -1], matrix[:, :-1]
    lengths = []
    for fixed in product((-1, 0, 1), repeat=len(matrix) - 1):  # 0: free
        free = np.array(fixed) == 0
        rest = last + others[:, ~free] @ np.array(fixed)[~free]
        u = np.linalg.lstsq(others[:, free], -rest)[0]
        if (np.abs(u) <= 1).all():
            lengths.append(np.linalg.norm(rest + others[:, free] @ u))
    return min(lengths)


@pytest.mark.parametrize("scale", [1, 5])
def test_the_best_linear_radius_over_the_optimal_one_is_that_of_enumeration_at_d_4(scale):
    ratios = []
    for index in range(20):
        a = gaussian(4, index, scale)
        z = corners(4)
        x = points(a, z)
        plus, minus = x[label(z) > 0], x[label(z) < 0]
        optimal = np.linalg.norm(plus[:, None] - minus[None], axis=2).min() / 2
        ratios.append(max_margin(a).radius / class_radius(a))
        assert ratios[-1] == pytest.approx(by_enumeration(a) / optimal, rel=1e-9)
        assert ratios[-1] <= 1 + 1e-12
    assert min(ratios) < 0.99  # a linear classifier is not always optimal
