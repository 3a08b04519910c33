"""The paper's measures: validity by enumeration, angles by hand, bounds by another solver."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from fragility.measures import compression
from fragility.runtime.seeds import generator
from fragility.synthetic.data import corners, gaussian_matrix, label, points, scale_columns
from fragility.synthetic.networks import theorem_6_weights

EPS = np.finfo(float).eps


def gaussian(d, index=0, scale=1.0):
    a = gaussian_matrix(d, generator(5, "test", "compression", d, index))
    return scale_columns(a, scale)


def right(matrix, weights):
    """Whether each of the 2^d points is classified right, by visiting it; a tie is a mistake."""
    z = corners(len(matrix))
    scores = points(matrix, z) @ weights.T
    return label(z) * (scores[:, 0] - scores[:, 1]) > 0


def weights_with(matrix, c, rest):
    """Rows W_1, W_2 = W_1 - w for the w whose corner coefficients A^T w are c."""
    return np.stack([rest, rest - np.linalg.solve(matrix.T, c)])


@st.composite
def integer_problems(draw):
    """A unimodular integer matrix and integer weights: every score is exact, ties do occur."""
    d = draw(st.integers(2, 7))
    small = st.integers(-2, 2)
    entries = draw(st.lists(small, min_size=d * d, max_size=d * d))
    below, above = np.tril(np.reshape(entries, (d, d)), -1), np.triu(np.reshape(entries, (d, d)), 1)
    matrix = ((np.eye(d) + below) @ (np.eye(d) + above)).astype(float)
    inverse = np.rint(np.linalg.inv(np.eye(d) + above)) @ np.rint(np.linalg.inv(np.eye(d) + below))
    c = np.array(draw(st.lists(st.integers(-3, 3), min_size=d, max_size=d)), dtype=float)
    if draw(st.booleans()):  # near the boundary of validity, on either side or on it
        c[-1] = np.abs(c[:-1]).sum() + draw(st.integers(-1, 1))
    first = np.array(draw(st.lists(small, min_size=d, max_size=d)), dtype=float)
    weights = np.stack([first, first - inverse.T @ c])
    assert np.array_equal(matrix.T @ (weights[0] - weights[1]), c)  # no rounding anywhere
    return matrix, weights


@given(integer_problems())
def test_corner_coefficients_give_the_difference_of_the_outputs(problem):
    a, w = problem
    z = corners(len(a))
    scores = points(a, z) @ w.T
    assert np.array_equal(scores[:, 0] - scores[:, 1], z @ compression.corner_coefficients(a, w))


@given(integer_problems())
def test_validity_is_being_right_at_every_point(problem):
    assert compression.is_valid(*problem) == right(*problem).all()


@given(integer_problems())
def test_accuracy_is_the_share_of_points_that_are_right(problem):
    # equality, not closeness: both are counts over 2^d
    assert compression.accuracy(*problem) == right(*problem).mean()


@pytest.mark.parametrize("d", range(2, 13))
def test_validity_and_accuracy_of_real_weights_near_the_boundary(d):
    outcomes = set()
    for index in range(12):
        stream = generator(5, "test", "boundary", d, index)
        a = gaussian(d, index, scale=5)
        c = stream.standard_normal(d)
        c[-1] = np.abs(c[:-1]).sum() * stream.uniform(0.8, 1.2)  # rounding is 1e-10 of this
        w = weights_with(a, c, stream.standard_normal(d))
        outcomes.add(compression.is_valid(a, w))
        assert compression.is_valid(a, w) == right(a, w).all()
        assert compression.accuracy(a, w) == right(a, w).mean()
    assert outcomes == {False, True}


@pytest.mark.parametrize("d", [2, 3, 8, 11])
def test_accuracy_of_random_weights(d):
    for index in range(10):
        w = generator(5, "test", "random", d, index).standard_normal((2, d))
        a = gaussian(d, index)
        assert compression.accuracy(a, w) == right(a, w).mean()


def test_a_tie_everywhere_is_wrong_everywhere():
    a, w = gaussian(4), np.ones((2, 4))
    assert not compression.is_valid(a, w)
    assert compression.accuracy(a, w) == 0


def test_a_tie_at_two_points_makes_a_network_invalid():
    # c = (1, 2): c . z is 3, 1, -1, -3; c = (2, 2): two of the four points tie
    assert compression.is_valid(np.eye(2), np.array([[1, 2], [0, 0]]))
    tied = np.array([[2, 2], [0, 0]])
    assert not compression.is_valid(np.eye(2), tied)
    assert compression.accuracy(np.eye(2), tied) == 0.5


def test_the_opposite_network_is_wrong_everywhere():
    w = theorem_6_weights(gaussian(6))
    assert compression.accuracy(gaussian(6), np.stack([-w, w])) == 0


def test_phi_of_a_triangular_matrix():
    assert compression.phi(np.array([[2.0, 3], [0, -4]])) == pytest.approx(4 / 5, rel=4 * EPS)


@given(st.integers(2, 10), st.integers(0, 1000))
def test_theorem_6_weights_have_cos_theta_2_one_and_cos_theta_1_phi(d, index):
    a = gaussian(d, index)
    row = theorem_6_weights(a)
    w = np.stack([row, -row])
    relative = 10 * d * EPS * np.linalg.cond(a)
    assert compression.is_valid(a, w)
    assert compression.cos_theta_2(a, w) == pytest.approx(1, abs=relative)
    assert compression.cos_theta_1(a, w) == pytest.approx(compression.phi(a), rel=relative)
    # the other sign convention of the outputs flips both signs (assumption L3)
    assert compression.cos_theta_2(a, -w) == pytest.approx(-1, abs=relative)
    assert compression.cos_theta_1(a, -w) == pytest.approx(-compression.phi(a), rel=relative)


def test_angles_made_by_hand():
    a = np.array([[1.0, 1], [0, 1]])  # last column (1, 1), last row of the inverse (0, 1)
    w = np.array([[3.0, 4], [3, 3]])  # W_1 - W_2 = (0, 1)
    assert compression.cos_theta_1(a, w) == pytest.approx(np.sqrt(0.5), rel=4 * EPS)
    assert compression.cos_theta_2(a, w) == pytest.approx(4 / 5, rel=4 * EPS)


def test_the_angles_do_not_depend_on_the_scale_of_the_weights():
    a, w = gaussian(5), generator(5, "test", "w").standard_normal((2, 5))
    for measure in (compression.cos_theta_1, compression.cos_theta_2):
        assert measure(a, 7.3 * w) == pytest.approx(measure(a, w), rel=50 * EPS)


def largest_by_slsqp(matrix):
    """max a . w / ||a|| subject to ||w|| <= 1, t_k >= |c_k|, c_d >= sum t_k, by another solver."""
    d = len(matrix)
    a = matrix[:, -1] / np.linalg.norm(matrix[:, -1])
    row = theorem_6_weights(matrix)
    start = np.concatenate([row / np.linalg.norm(row), np.zeros(d - 1)])
    others, last = matrix[:, :-1].T, matrix[:, -1]
    linear = np.block(
        [[-others, np.eye(d - 1)], [others, np.eye(d - 1)], [last[None], -np.ones((1, d - 1))]]
    )
    solution = minimize(
        lambda v: -a @ v[:d],
        start,
        jac=lambda v: -np.concatenate([a, np.zeros(d - 1)]),
        constraints=[
            {"type": "ineq", "fun": lambda v: linear @ v, "jac": lambda v: linear},
            {
                "type": "ineq",
                "fun": lambda v: 1 - v[:d] @ v[:d],
                "jac": lambda v: -2 * np.concatenate([v[:d], np.zeros(d - 1)]),
            },
        ],
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-14},
    )
    return -solution.fun


@pytest.mark.parametrize("d", [3, 4, 5, 6])
@pytest.mark.parametrize("scale", [1, 5])
def test_the_largest_cos_theta_1_is_what_another_solver_finds(d, scale):
    for index in range(6):
        a = gaussian(d, index, scale)
        # SLSQP keeps its constraints to about 1e-8
        assert compression.largest_cos_theta_1(a) == pytest.approx(largest_by_slsqp(a), abs=1e-6)


@given(st.integers(2, 10), st.integers(0, 1000), st.sampled_from([1, 5]))
def test_the_largest_cos_theta_1_lies_between_phi_and_one(d, index, scale):
    a = gaussian(d, index, scale)
    rounding = 10 * d * EPS * np.linalg.cond(a)
    assert compression.phi(a) - rounding <= compression.largest_cos_theta_1(a) <= 1 + rounding


@pytest.mark.parametrize("d", [3, 6, 12])
def test_no_valid_network_exceeds_the_largest_cos_theta_1(d):
    for index in range(5):
        a = gaussian(d, index, scale=5)
        largest = compression.largest_cos_theta_1(a)
        stream = generator(5, "test", "cone", d, index)
        found = []
        for _ in range(300):
            c = stream.standard_normal(d) * stream.uniform(0, 1, d) ** 4
            c[-1] = np.abs(c[:-1]).sum() * (1 + stream.exponential())
            w = weights_with(a, c, np.zeros(d))
            assert compression.is_valid(a, w)
            found.append(compression.cos_theta_1(a, w))
        assert max(found) < largest + 1e-12  # cosines round at eps
        assert min(found) > 0


def test_a_free_feature_can_be_kept_whole():
    # last column orthogonal to the others: w along it is valid, and the cone holds it
    assert compression.largest_cos_theta_1(np.eye(4)) == pytest.approx(1, abs=10 * EPS)
    # last column longest but slanted: still inside the cone, w = a has c_d = 5 > |c_1| = 1
    slanted = np.array([[1.0, 1], [0, 2]])
    assert compression.largest_cos_theta_1(slanted) == pytest.approx(1, abs=10 * EPS)


def test_a_feature_outside_the_cone_is_projected_onto_it():
    # a = (2, 1), other column (1, 0) times 5: the cone is |5 w_1| <= 2 w_1 + w_2, whose nearest
    # ray to a is w = (1, 3)
    a = np.array([[5.0, 2], [0, 1]])
    expected = (2 * 1 + 1 * 3) / np.sqrt(5 * 10)
    assert compression.largest_cos_theta_1(a) == pytest.approx(expected, rel=10 * EPS)
