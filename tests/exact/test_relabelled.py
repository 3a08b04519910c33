"""What students of relabelled points must learn: closed forms against enumeration at d = 4."""

import numpy as np
import pytest

from fragility.exact.max_margin import max_margin
from fragility.exact.relabelled import first_row, limit_row, moved, students_matrix
from fragility.measures.compression import accuracy, cos_theta_1, is_valid
from fragility.synthetic.data import corners, gaussian_matrix, label, points
from fragility.synthetic.geometry import cosine
from fragility.synthetic.networks import theorem_6_weights

D = 4
Z = corners(D)
MARGINS = [0.01, 0.1, 1.0]


def problem(seed, turn=0.3):
    """A, and a valid teacher near Theorem 6's weights, by ``turn`` times a random direction."""
    stream = np.random.default_rng(seed)
    while True:
        matrix = gaussian_matrix(D, stream)
        row = theorem_6_weights(matrix)
        other = stream.standard_normal(D)
        row = row + turn * np.linalg.norm(row) * other / np.linalg.norm(other)
        if is_valid(matrix, two(row)):
            return matrix, row


def two(row):
    return np.stack([row, -row]) / 2


@pytest.mark.parametrize("margin", MARGINS)
def test_each_point_goes_farther_than_the_boundary_by_the_margin_and_changes_its_class(margin):
    matrix, row = problem(0)
    x = points(matrix, Z)
    went = moved(x, row, margin)
    to_boundary = np.abs(x @ row) / np.linalg.norm(row)
    assert np.linalg.norm(went - x, axis=1) == pytest.approx((1 + margin) * to_boundary)
    assert (np.sign(went @ row) == -label(Z)).all()


@pytest.mark.parametrize("margin", MARGINS)
def test_the_moved_points_are_theorem_6_s_for_another_matrix(margin):
    matrix, row = problem(1)
    went = moved(points(matrix, Z), row, margin)
    other = students_matrix(matrix, row, margin)
    assert points(other, -Z) == pytest.approx(went)  # and its label there is -z_d, the new one
    assert not np.allclose(points(matrix, -Z), went)


@pytest.mark.parametrize("margin", MARGINS)
def test_the_first_row_is_the_mean_of_label_times_point(margin):
    matrix, row = problem(2)
    went = moved(points(matrix, Z), row, margin)
    by_hand = (-label(Z)[:, None] * went).mean(axis=0)
    assert first_row(matrix, row, margin) == pytest.approx(by_hand)
    a, unit = matrix[:, -1], row / np.linalg.norm(row)
    assert by_hand == pytest.approx((1 + margin) * (unit @ a) * unit - a)


def test_a_student_starts_below_a_guess_exactly_if_the_teacher_compresses():
    sides = set()
    for seed in range(12):
        for margin in (0.1, 1.0, 4.0):
            matrix, row = problem(seed)
            compressed = (1 + margin) * cos_theta_1(matrix, two(row)) ** 2 < 1
            share = accuracy(matrix, two(first_row(matrix, row, margin)))
            assert (share <= 0.5) if compressed else (share >= 0.5)
            sides.add(bool(compressed))
    assert sides == {True, False}


@pytest.mark.parametrize("margin", MARGINS)
def test_the_limit_has_the_greatest_margin_of_all_rows(margin):
    matrix, row = problem(3)
    went, new = moved(points(matrix, Z), row, margin), -label(Z)
    limit = limit_row(matrix, row, margin)
    least = (new * (went @ limit)).min()
    assert least > 0
    stream = np.random.default_rng(0)
    near = limit + 0.05 * stream.standard_normal((2000, D))
    anywhere = stream.standard_normal((2000, D))
    for rows in (near, anywhere):
        others = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        assert (new * (others @ went.T)).min(axis=1).max() <= least + 1e-12


def test_small_margins_lead_to_the_teacher_if_no_row_orthogonal_to_it_is_correct():
    alone = 0
    for seed in range(12):
        matrix, row = problem(seed)
        limit = limit_row(matrix, row, 1e-6)
        if _orthogonal_margin(matrix, row) < 1e-6:
            alone += 1
            assert cosine(limit, row) == pytest.approx(1, abs=1e-3)
            assert accuracy(matrix, two(limit)) == 1
        else:
            assert cosine(limit, row) == pytest.approx(0, abs=1e-3)
            assert accuracy(matrix, two(limit)) == 0
    assert 0 < alone < 12


def _orthogonal_margin(matrix, row):
    """The greatest margin of a row orthogonal to the teacher's, on the clean points."""
    unit = row / np.linalg.norm(row)
    return max_margin(matrix - np.outer(unit, unit @ matrix)).radius


def test_a_teacher_with_theorem_6_s_weights_is_learned_whatever_the_margin():
    """Where its row is the max-margin one, too: the dual's box is not reached."""
    seeds = [s for s in range(20) if _inside(problem(s, turn=0)[0])]
    assert seeds
    for seed in seeds:
        matrix, row = problem(seed, turn=0)
        for margin in MARGINS:
            assert cosine(limit_row(matrix, row, margin), row) == pytest.approx(1)


def _inside(matrix):
    u = np.linalg.lstsq(matrix[:, :-1], -matrix[:, -1], rcond=None)[0]
    return np.abs(u).max() < 1


@pytest.mark.parametrize("margin", [0.0, -0.1])
def test_points_that_do_not_cross_are_an_error(margin):
    matrix, row = problem(0)
    with pytest.raises(ValueError, match="the margin must be above 0"):
        moved(points(matrix, Z), row, margin)
