"""Figure 1: the straight attack, the plane, the optimal classifier's boundary."""

import numpy as np
import pytest

from fragility.runtime.seeds import generator
from fragility.statements.figure_1.closed_form import attack_ratio, boundary_distance
from fragility.statements.figure_1.simulation import (
    attack_direction,
    first_crossing,
    nearest_margin,
    plane,
    sketch,
)
from fragility.statements.section_5.simulation import Pairs, g, nearest_pairs
from fragility.synthetic.data import corners, gaussian_matrix, points
from fragility.synthetic.networks import ReluNetwork, relu_network

NORMAL = np.array([3.0, 4.0])


def affine(shift=100.0):
    """g = NORMAL . x for label +1, far from its kink."""
    return ReluNetwork(
        [NORMAL[None], np.array([[1.0], [0.0]])], [np.array([shift]), np.array([-shift, 0.0])]
    )


def pair(x2, x1):
    return Pairs(np.array([x2], float), np.array([x1], float), np.array([1]))


@pytest.mark.parametrize("x1", [[-2, -1], [-3, 0], [2, -6]])
def test_an_affine_network_s_figure_is_known(x1):
    one = pair([2, 2], x1)
    found = sketch(affine(), one, 20)
    # bisected 50 times from a tenth of the length: rounding
    assert found.distance[0] == pytest.approx(boundary_distance(14, NORMAL))
    assert found.crossing[0] == pytest.approx(14 / (14 - NORMAL @ x1))
    ratio = 2 * found.distance[0] / found.length[0]
    assert ratio == pytest.approx(attack_ratio(found.cosine[0], found.crossing[0]))
    assert ratio != pytest.approx(attack_ratio(found.cosine[0], 1 - found.crossing[0]), rel=0.05)


def test_g_is_zero_where_the_attack_lands():
    d = 6
    network = relu_network(d, 60, 2, generator(0, "test", "figure_1"), float)
    pairs = nearest_pairs(gaussian_matrix(d, generator(1, "test", "figure_1")), corners(d))
    own = g(network, pairs.x2, pairs.labels) > 0
    pairs = Pairs(*(part[own] for part in pairs))
    direction = attack_direction(network, pairs)
    t = first_crossing(network, pairs, direction, 3, 300)
    met = ~np.isnan(t)
    assert met.sum() > 5
    landing = pairs.x2 + np.nan_to_num(t)[:, None] * direction
    # bisection down to the rounding of x, about 1e-15, times gradients below 1
    np.testing.assert_allclose(g(network, landing, pairs.labels)[met], 0, atol=1e-12)
    before = pairs.x2 + 0.9 * np.nan_to_num(t)[:, None] * direction
    assert (g(network, before, pairs.labels)[met] > 0).all()


def test_no_crossing_is_told():
    away = np.array([[1.0, 1.0]])
    assert np.isnan(first_crossing(affine(), pair([2, 2], [-2, -1]), away, 5, 50)[0])


def test_the_plane_holds_its_three_points():
    stream = generator(2, "test", "figure_1")
    x2, x1, attack = stream.standard_normal((3, 9))
    flat = plane(x2, x1, attack)
    length = np.linalg.norm(x1 - x2)
    np.testing.assert_allclose(flat.at(np.array([0, length]), np.zeros(2)), [x2, x1], atol=1e-12)
    u, v = attack @ flat.first, attack @ flat.second
    np.testing.assert_allclose(flat.at(np.array([u]), np.array([v]))[0], x2 + attack, atol=1e-12)
    assert v > 0
    assert flat.first @ flat.second == pytest.approx(0, abs=1e-12)


def test_a_line_is_no_plane():
    with pytest.raises(ValueError, match="parallel"):
        plane(np.zeros(3), np.ones(3), -2 * np.ones(3))


def test_the_optimal_boundary_is_the_bisector():
    d = 5
    matrix = gaussian_matrix(d, generator(3, "test", "figure_1"))
    one = nearest_pairs(matrix, corners(d)[:1])
    own = int(one.labels[0])
    ends = np.concatenate([one.x2, one.x1])
    length = np.linalg.norm(one.x1 - one.x2)
    margins = nearest_margin(matrix, ends, own)
    np.testing.assert_allclose(margins[0], length)
    assert margins[1] < 0
    # just before half way the nearest point is still of x2's class: x1 is its nearest other one
    before, half = (one.x2 + t * (one.x1 - one.x2) for t in (0.499, 0.5))
    assert nearest_margin(matrix, before, own)[0] > 0
    assert nearest_margin(matrix, half, own)[0] <= 1e-12
    everything = points(matrix, corners(d))
    assert (nearest_margin(matrix, everything, 1) > 0).sum() == 2 ** (d - 1)


def test_impossible_values_are_refused():
    with pytest.raises(ValueError, match="gradient zero"):
        boundary_distance(1, [0, 0])
    with pytest.raises(ValueError, match="crossing must be between 0 and 1"):
        attack_ratio(0.5, 1.2)
    with pytest.raises(ValueError, match="dimension must be at least 2"):
        gaussian_matrix(1, generator(0))
