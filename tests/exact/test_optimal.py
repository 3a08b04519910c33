"""The optimal classifier's smallest perturbations, by brute force."""

import itertools

import numpy as np
import pytest

from fragility.exact.max_margin import max_margin
from fragility.exact.optimal import class_radius, point_radii
from fragility.runtime.seeds import generator
from fragility.synthetic.data import corners, gaussian_matrix, label, points, scale_columns
from fragility.synthetic.geometry import qr

EPS = np.finfo(float).eps


SCALES = (1, 5)


def gaussian(d, index=0, scale=1.0):
    a = gaussian_matrix(d, generator(6, "test", "attacks", d, index))
    return scale_columns(a, scale)


def by_pairs(a):
    """Half the distance from each of the 2^d points to the other class: all pairs are visited."""
    z = corners(len(a))
    x, y = points(a, z), label(z)
    distances = np.linalg.norm(x[:, None] - x[None], axis=-1)
    distances[y[:, None] == y[None]] = np.inf
    return distances.min(axis=1) / 2


def by_enumeration(a):
    """min over u in {-1, 0, 1}^(d-1) of ||A_:,d + sum u_k A_:,k||."""
    u = np.array(list(itertools.product((-1, 0, 1), repeat=len(a) - 1)))
    return np.linalg.norm(a[:, -1] + u @ a[:, :-1].T, axis=1).min()


@pytest.mark.parametrize("d", range(2, 8))
@pytest.mark.parametrize("scale", SCALES)
def test_the_optimal_radii_are_those_of_brute_force(d, scale):
    for index in range(8):
        a = gaussian(d, index, scale)
        pairs = by_pairs(a)
        relative = 100 * EPS * scale * d  # sums of d squares, the columns' norms differ by scale
        assert class_radius(a) == pytest.approx(pairs.min(), rel=relative)
        assert class_radius(a) == pytest.approx(by_enumeration(a), rel=relative)
        assert np.allclose(point_radii(a, corners(d)), pairs, rtol=relative)


def test_brute_force_cases_include_every_kind_of_answer():
    # else the test above could not tell the search from returning the last column's norm
    norm = [np.linalg.norm(gaussian(7, i, s)[:, -1]) for s in SCALES for i in range(8)]
    radius = [class_radius(gaussian(7, i, s)) for s in SCALES for i in range(8)]
    shorter = np.array(radius) < np.array(norm) * (1 - 1e-9)
    assert shorter[:8].all()  # columns as drawn: some combination is shorter
    assert not shorter[8:].all()  # scaled by 5: for some matrices none is


@pytest.mark.parametrize("d", [2, 4, 7, 9])
@pytest.mark.parametrize("scale", SCALES)
def test_radii_form_the_chain_of_relaxations(d, scale):
    for index in range(10):
        a = gaussian(d, index, scale)
        r_dd = qr(a)[1][-1, -1]
        chain = [r_dd, max_margin(a).radius, class_radius(a), np.linalg.norm(a[:, -1])]
        rounding = 100 * d * EPS * np.linalg.cond(a) * chain[-1]
        assert (np.diff(chain) > -rounding).all()


@pytest.mark.parametrize("d", [2, 5, 9])
@pytest.mark.parametrize("scale", SCALES)
def test_the_class_radius_is_the_smallest_of_the_points(d, scale):
    a = gaussian(d, scale=scale)
    radii = point_radii(a, corners(d))
    assert class_radius(a) == pytest.approx(radii.min(), rel=100 * EPS * d)


def test_a_point_and_its_opposite_have_one_radius():
    a, z = gaussian(6), corners(6)
    assert np.array_equal(point_radii(a, z), point_radii(a, -z))


def test_radii_of_orthogonal_columns_are_the_last_column_s_norm():
    a = np.diag([1.0, 1, 3])
    assert class_radius(a) == 3
    assert point_radii(a, corners(3)).tolist() == [3] * 8


def test_a_point_on_one_side_may_lack_the_nearest_neighbour():
    # A_:,2 - A_:,1 = (0, 1) is shorter than A_:,2 = (2, 1); it joins (1, -1) to (-1, 1) only
    a = np.array([[2.0, 2], [0, 1]])
    assert class_radius(a) == 1
    expected = [np.sqrt(5) if z[0] == z[1] else 1 for z in corners(2)]
    assert np.allclose(point_radii(a, corners(2)), expected, rtol=10 * EPS)


def meet_in_the_middle(a):
    """The same minimum at larger d: two lists of 3^((d-1)/2) half sums, all pairs by products."""
    d = len(a)
    half = (d - 1) // 2
    first, second = (
        np.array(list(itertools.product((-1.0, 0, 1), repeat=n))) @ columns.T
        for n, columns in ((half, a[:, :half]), (d - 1 - half, a[:, half:-1]))
    )
    first = first + a[:, -1]
    squares = (second**2).sum(axis=1)
    best = min(
        ((chunk**2).sum(axis=1)[:, None] + squares + 2 * chunk @ second.T).min()
        for chunk in np.array_split(first, 1 + len(first) // 200)
    )
    return np.sqrt(best)


def test_meet_in_the_middle_is_plain_enumeration():
    assert meet_in_the_middle(gaussian(8)) == pytest.approx(by_enumeration(gaussian(8)), rel=1e-13)


@pytest.mark.parametrize("index", [0, 1])
def test_the_class_radius_at_d_17_is_that_of_all_3_to_the_16_combinations(index):
    a = gaussian(17, index)
    # the products lose digits against squares of about 17 * 17
    assert class_radius(a) == pytest.approx(meet_in_the_middle(a), rel=1e-12)


def test_point_radii_at_d_12_are_those_of_all_points_of_the_other_class():
    a = gaussian(12)
    z = corners(12)
    some = generator(6, "test", "some").integers(0, 2**12, 20)
    x, y = points(a, z), label(z)
    expected = [np.linalg.norm(x[y != label(z[i])] - x[i], axis=1).min() / 2 for i in some]
    assert np.allclose(point_radii(a, z[some]), expected, rtol=1e-12)
