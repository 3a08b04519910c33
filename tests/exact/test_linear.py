"""Smallest perturbations of linear networks, by brute force."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fragility.exact.linear import smallest_perturbations
from fragility.measures.compression import cos_theta_1, is_valid
from fragility.runtime.seeds import generator
from fragility.synthetic.data import corners, gaussian_matrix, label, points, scale_columns
from fragility.synthetic.geometry import qr
from fragility.synthetic.networks import theorem_6_weights

EPS = np.finfo(float).eps
SCALES = (1, 5)


def gaussian(d, index=0, scale=1.0):
    a = gaussian_matrix(d, generator(6, "test", "attacks", d, index))
    return scale_columns(a, scale)


def valid_network(a, index=0, slack=0.3):
    """Weights of a valid network that is not Theorem 6's, its c_d above the others' sum."""
    d = len(a)
    stream = generator(6, "test", "network", d, index)
    c = stream.standard_normal(d)
    c[-1] = np.abs(c[:-1]).sum() * (1 + slack)
    rest = stream.standard_normal(d)
    return np.stack([rest, rest - np.linalg.solve(a.T, c)])


@given(st.integers(2, 10), st.integers(0, 1000), st.sampled_from(SCALES))
def test_perturbations_are_those_of_enumeration(d, index, scale):
    a = gaussian(d, index, scale)
    weights = valid_network(a, index)
    w = weights[0] - weights[1]
    distances = np.abs(points(a, corners(d)) @ w) / np.linalg.norm(w)
    found = smallest_perturbations(a, weights)
    expected = distances.min(), distances.mean(), distances.max()
    # the smallest is a difference of sums about ten times larger, of terms known to cond eps
    assert np.allclose(found, expected, rtol=100 * d * EPS * np.linalg.cond(a))


def test_perturbations_of_a_network_made_by_hand():
    weights = np.array([[1.0, 2], [0, 0]])  # margins 1 and 3, norm sqrt(5)
    found = smallest_perturbations(np.eye(2), weights)
    assert np.allclose(found, np.array([1, 2, 3]) / np.sqrt(5), rtol=4 * EPS)


def test_theorem_6_networks_have_all_points_at_one_distance():
    a = gaussian(6)
    row = theorem_6_weights(a)
    found = smallest_perturbations(a, np.stack([row, -row]))
    r_dd = qr(a)[1][-1, -1]
    assert np.allclose(found, r_dd, rtol=100 * EPS * np.linalg.cond(a))


@given(st.integers(2, 10), st.integers(0, 1000))
def test_the_mean_perturbation_is_the_paper_s_measure(d, index):
    a = gaussian(d, index, 5)
    weights = valid_network(a, index)
    measure = cos_theta_1(a, weights) * np.linalg.norm(a[:, -1])
    relative = 100 * d * EPS * np.linalg.cond(a)
    assert smallest_perturbations(a, weights).mean == pytest.approx(measure, rel=relative)


@pytest.mark.parametrize("slack", [-0.01, -0.5])
def test_perturbations_of_an_invalid_network_are_unknown(slack):
    a = gaussian(5)
    weights = valid_network(a, slack=slack)
    assert not is_valid(a, weights)
    assert np.isnan(smallest_perturbations(a, weights)).all()


def test_perturbations_of_a_network_with_a_tie_are_unknown():
    assert np.isnan(smallest_perturbations(np.eye(2), np.array([[2.0, 2], [0, 0]]))).all()


@pytest.mark.parametrize("d", [2, 5, 9])
def test_the_smallest_perturbation_flips_its_point_and_none_smaller_does(d):
    a = gaussian(d, scale=5)
    weights = valid_network(a)
    w = weights[0] - weights[1]
    normal = w / np.linalg.norm(w)
    z = corners(d)
    x, y = points(a, z), label(z)
    margins = y * (x @ w)
    found = smallest_perturbations(a, weights)
    for at, size in ((margins.argmin(), found.minimum), (margins.argmax(), found.maximum)):
        # a millionth: rounding of the margins is 1e-12 of their size
        beyond = x[at] - y[at] * size * (1 + 1e-6) * normal
        before = x[at] - y[at] * size * (1 - 1e-6) * normal
        assert y[at] * (beyond @ w) < 0 < y[at] * (before @ w)


def test_no_direction_flips_the_nearest_point_sooner():
    a = gaussian(4, scale=5)
    weights = valid_network(a)
    w = weights[0] - weights[1]
    size = smallest_perturbations(a, weights).minimum
    directions = generator(6, "test", "directions").standard_normal((2000, 4))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    z = corners(4)
    moved = points(a, z)[:, None] + 0.999999 * size * directions
    assert (label(z)[:, None] * (moved @ w) > 0).all()
