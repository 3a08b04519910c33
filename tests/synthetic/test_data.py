"""The data of Theorem 6: corners, labels, points, and matrices with a given phi."""

import itertools
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from fragility.runtime.seeds import generator
from fragility.statements.theorem_6.closed_form import phi_squared_law
from fragility.synthetic import data
from fragility.synthetic.geometry import qr

EPS = np.finfo(float).eps


def gaussian(d, index=0):
    return data.gaussian_matrix(d, generator(2, "test", "data", d, index))


def test_corner_i_has_plus_one_where_bit_k_of_i_is_set():
    expected = [[-1, -1, -1], [1, -1, -1], [-1, 1, -1], [1, 1, -1],
                [-1, -1, 1], [1, -1, 1], [-1, 1, 1], [1, 1, 1]]  # fmt: skip
    assert data.corners(3).tolist() == expected


@pytest.mark.parametrize("d", [1, 2, 5, 10])
def test_all_corners_are_there_once(d):
    corners = data.corners(d)
    assert corners.dtype == np.int8
    every = set(itertools.product((-1, 1), repeat=d))
    assert len(corners) == 2**d
    assert {tuple(z) for z in corners.tolist()} == every


@given(st.integers(1, 24), st.data())
def test_corners_by_index_are_those_of_the_full_list(d, draw):
    indices = draw.draw(st.lists(st.integers(0, 2**d - 1), min_size=1, max_size=5))
    z = data.corners(d, np.array(indices))
    back = ((z.astype(int) + 1) // 2 * 2 ** np.arange(d)).sum(axis=1)
    assert back.tolist() == indices


def test_the_label_is_the_last_coordinate():
    z = data.corners(4)
    assert data.label(z).tolist() == [-1] * 8 + [1] * 8
    assert data.label(np.array([1, 1, -1])) == -1


def test_points_are_the_matrix_times_each_corner():
    a, z = gaussian(5), data.corners(5)
    one_by_one = np.stack([a @ row for row in z])
    assert np.allclose(data.points(a, z), one_by_one, rtol=0, atol=20 * EPS)  # 5 terms of order 1


def test_all_columns_but_the_last_are_scaled():
    a = gaussian(4)
    scaled = data.scale_columns(a, 5)
    assert np.array_equal(scaled[:, :-1], 5 * a[:, :-1])
    assert np.array_equal(scaled[:, -1], a[:, -1])


def test_a_stack_of_matrices_is_scaled_each_and_left_alone_itself():
    stack = np.stack([gaussian(3, i) for i in range(4)])
    before = stack.copy()
    scaled = data.scale_columns(stack, 2.5)
    assert np.array_equal(scaled, [data.scale_columns(a, 2.5) for a in stack])
    assert np.array_equal(stack, before)


def test_a_gaussian_matrix_has_standard_normal_entries():
    entries = np.concatenate([gaussian(7, i).ravel() for i in range(200)])
    assert stats.kstest(entries, "norm").pvalue > 1e-3
    # negative control: 9800 entries tell a standard deviation of 1.1 (KS distance 0.02) from 1
    assert stats.kstest(1.1 * entries, "norm").pvalue < 1e-3


@pytest.mark.parametrize("d", [1, 0, -3])
def test_a_dimension_below_two_is_refused(d):
    with pytest.raises(ValueError, match="at least 2"):
        data.gaussian_matrix(d, generator(2, "test"))


@given(st.integers(2, 12), st.integers(0, 1000), st.floats(1e-3, 1))
def test_with_phi_sets_phi_and_keeps_norm_and_inner_direction(d, index, phi):
    a = gaussian(d, index)
    turned = data.with_phi(a, phi)
    _, r = qr(turned)
    norm = np.linalg.norm(a[:, -1])
    tolerance = 50 * d * EPS * np.linalg.cond(a[:, :-1])  # how well the others' span is known
    assert np.array_equal(turned[:, :-1], a[:, :-1])
    assert abs(np.linalg.norm(turned[:, -1]) - norm) < 10 * d * EPS * norm
    assert abs(r[-1, -1] / norm - phi) < tolerance
    before, after = qr(a)[1][:-1, -1], r[:-1, -1]
    expected = norm * np.sqrt(1 - phi**2) * before / np.linalg.norm(before)
    assert np.allclose(after, expected, rtol=0, atol=tolerance * norm)


def squared_cosines_with_first_column(turn, d=5, n=3000):
    """Between the first and the last column, phi drawn from its law and set by ``turn``."""
    stream = generator(2, "test", "with_phi", d)
    found = []
    for phi in np.sqrt(phi_squared_law(d).rvs(n, random_state=stream)):
        a = turn(data.gaussian_matrix(d, stream), phi)
        found.append((a[:, 0] @ a[:, -1]) ** 2 / (a[:, 0] @ a[:, 0]) / (a[:, -1] @ a[:, -1]))
    return np.array(found)


def test_with_phi_draws_from_the_law_given_phi():
    # given phi from its own law, the turned matrix is Gaussian again
    law = stats.beta(0.5, (5 - 1) / 2).cdf
    assert stats.kstest(squared_cosines_with_first_column(data.with_phi), law).pvalue > 1e-3

    def only_phi(matrix, phi):  # negative control: phi is right, the inner direction is a fixed one
        q, _ = qr(matrix)
        turned = matrix.copy()
        turned[:, -1] = phi * q[:, -1] + np.sqrt(1 - phi**2) * q[:, 1]
        return turned

    assert stats.kstest(squared_cosines_with_first_column(only_phi), law).pvalue < 1e-6


def test_with_phi_leaves_its_argument_alone():
    a = gaussian(4)
    before = a.copy()
    data.with_phi(a, 0.5)
    assert np.array_equal(a, before)


@pytest.mark.parametrize("phi", [0, -0.1, 1.0001, np.nan, np.inf])
def test_a_phi_outside_its_range_is_refused(phi):
    with pytest.raises(ValueError, match="phi must be in"):
        data.with_phi(gaussian(3), phi)


def test_drawn_corners_are_the_same_for_the_same_run():
    first = data.draw_corners(9, 40, 3, "relu", 7)
    assert first.shape == (40, 9)
    assert set(np.unique(first).tolist()) == {-1, 1}
    assert np.array_equal(first, data.draw_corners(9, 40, 3, "relu", 7))


@pytest.mark.parametrize("seed, experiment, run", [(3, "relu", 8), (3, "other", 7), (4, "relu", 7)])
def test_drawn_corners_differ_by_run_experiment_and_seed(seed, experiment, run):
    first, other = (
        data.draw_corners(9, 40, *key) for key in ((3, "relu", 7), (seed, experiment, run))
    )
    # two uniform corners agree with probability 2^-9: the chance of 5 in 40 is below 1e-7
    assert (first == other).all(axis=1).sum() < 5


def test_drawn_corners_are_uniform():
    z = np.concatenate([data.draw_corners(3, 50, 3, "relu", run) for run in range(60)])
    index = ((z.astype(int) + 1) // 2 * 2 ** np.arange(3)).sum(axis=1)
    assert stats.chisquare(np.bincount(index, minlength=8)).pvalue > 1e-3
    kept = index[(index > 0) | (np.arange(len(index)) % 2 > 0)]  # control: one half as often
    assert stats.chisquare(np.bincount(kept, minlength=8)).pvalue < 1e-3


def test_the_first_corners_drawn_do_not_hang_on_how_many():
    few, many = (data.draw_corners(6, n, 3, "relu", 0) for n in (4, 30))
    assert np.array_equal(few, many[:4])


def test_with_phi_of_an_orthogonal_column_is_refused():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(ValueError, match="span"):
            data.with_phi(np.eye(3), 0.5)


def test_a_segment_joins_b1_and_b2():
    a = data.gaussian_matrix(5, generator(7, "test", "segment"))
    z = data.corners(5)[3:29:2]
    plus, minus = z.astype(float), z.astype(float)
    plus[:, -1], minus[:, -1] = 1, -1
    b1, b2 = plus @ a.T, minus @ a.T
    x = data.segment(a, z, np.array([1, 0, 0.5, 0.25]))
    assert x.shape == (13, 4, 5)
    for k, expected in enumerate((b1, b2, (b1 + b2) / 2, 0.25 * b1 + 0.75 * b2)):
        np.testing.assert_allclose(x[:, k], expected, rtol=0, atol=1e-14)  # sums of five terms


def test_a_segment_does_not_depend_on_the_last_sign():
    a = data.gaussian_matrix(5, generator(7, "test", "segment"))
    z, alphas = data.corners(5), np.array([0, 0.3, 1])
    flipped = z * np.array([1, 1, 1, 1, -1], dtype=np.int8)
    before = z.copy()
    assert np.array_equal(data.segment(a, z, alphas), data.segment(a, flipped, alphas))
    assert np.array_equal(z, before)
    flipped[:, 0] *= -1  # another sign does matter
    assert not np.allclose(data.segment(a, z, alphas), data.segment(a, flipped, alphas))
