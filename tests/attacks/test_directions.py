"""Flipping distances along directions: a linear margin's closed form, networks, cases by hand."""

import numpy as np
import pytest

from fragility.attacks.directions import flipping_distances
from fragility.runtime.seeds import generator
from fragility.synthetic.networks import margins, relu_network

REACH, GRID = 5.0, 50
BISECTION = REACH / GRID / 2**30  # what is left of a grid step


def directions(d, count=40):
    u = generator(0, "test", "directions", d).standard_normal((count, d))
    return u / np.linalg.norm(u, axis=1, keepdims=True)


@pytest.mark.parametrize("d", [1, 2, 6])
def test_distances_of_a_linear_margin_are_exact(d):
    stream = generator(0, "test", "directions linear", d)
    x, w, u = stream.standard_normal(d), stream.standard_normal(d), directions(d)
    offset = 1.3 * np.linalg.norm(w) - x @ w  # the boundary is 1.3 away
    found = flipping_distances(lambda p: p @ w + offset, x, u, REACH, GRID)
    expected = 1.3 * np.linalg.norm(w) / np.abs(u @ w)
    within = expected <= REACH
    assert found.shape == (len(u),)
    np.testing.assert_allclose(found[within], expected[within], rtol=1e-13, atol=2 * BISECTION)
    assert np.isnan(found[~within]).all()
    assert within.any()
    assert d < 6 or not within.all()  # some directions do not reach the boundary
    assert d < 2 or {True, False} == set((u[within] @ w > 0).tolist())  # both signs of t are used


def test_a_direction_and_its_opposite_have_one_distance():
    w, u = np.array([1.0, 2, 3]), directions(3)
    first, second = (
        flipping_distances(lambda p: p @ w + 1, np.zeros(3), v, REACH, GRID) for v in (u, -u)
    )
    np.testing.assert_array_equal(first, second)


def test_a_direction_along_the_boundary_does_not_flip():
    u = np.array([[0.0, 1, 0], [1.0, 0, 0], [0, 0, 1.0]])
    found = flipping_distances(lambda p: 1 - p[:, 0], np.zeros(3), u, REACH, GRID)
    np.testing.assert_allclose(found, [np.nan, 1, np.nan], atol=2 * BISECTION)


def test_no_direction_may_flip_at_all():
    found = flipping_distances(lambda p: np.ones(len(p)), np.zeros(2), directions(2), REACH, GRID)
    assert np.isnan(found).all()


@pytest.mark.parametrize("reach", [0.9, 1.1])
def test_beyond_the_reach_is_unknown(reach):
    u = np.array([[1.0]])
    found = flipping_distances(lambda p: 1 - p[:, 0], np.zeros(1), u, reach, GRID)
    assert np.isnan(found[0]) == (reach < 1)


def test_the_nearer_of_both_signs_is_taken():
    found = flipping_distances(
        lambda p: np.minimum(2 - p[:, 0], p[:, 0] + 0.53), np.zeros(1), np.eye(1), REACH, GRID
    )
    np.testing.assert_allclose(found, 0.53, atol=2 * BISECTION)


def test_the_first_of_several_crossings_is_taken_if_the_grid_shows_it():
    def margin(p):
        return np.where((np.abs(p[:, 0] - 1.15) < 0.1) | (p[:, 0] > 3.3), -1.0, 1.0)

    fine = flipping_distances(margin, np.zeros(1), np.eye(1), 4.0, 80)
    np.testing.assert_allclose(fine, 1.05, atol=1e-9)
    coarse = flipping_distances(margin, np.zeros(1), np.eye(1), 4.0, 2)  # looks at 2 and 4 only
    np.testing.assert_allclose(coarse, 3.3, atol=1e-8)


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_a_network_flips_at_the_distance_and_not_just_before(layers):
    stream = generator(0, "test", "directions relu", layers)
    net = relu_network(4, 30, layers, stream, float)
    points, u = stream.standard_normal((10, 4)), directions(4)
    net.biases[-1][0] -= np.median(margins(net, points, 1))
    flipped = 0
    for x in points:
        y = np.sign(margins(net, x[None], 1))[0]
        t = flipping_distances(lambda p, y=y: margins(net, p, y), x, u, REACH, GRID)
        hit = ~np.isnan(t)
        flipped += hit.sum()
        for factor in (1, 1 - 1e-6):  # a millionth is far more than the bisection leaves
            at = factor * t[hit, None] * u[hit]
            either = np.minimum(margins(net, x + at, y), margins(net, x - at, y))
            assert ((either <= 0) == (factor == 1)).all()
        for step in np.linspace(0, REACH, GRID + 1):  # none on the grid is missed
            either = np.minimum(*(margins(net, x + s * step * u, y) for s in (1, -1)))
            assert (either[~(step >= t)] > 0).all()
    assert 40 < flipped < 400  # some do, some do not
