"""Section 5: both paths on networks whose lengths are known, and on random ones."""

import numpy as np
import pytest

from fragility.exact.optimal import point_radii
from fragility.paper.estimates import log_log_slope
from fragility.runtime.seeds import generator
from fragility.statements.section_5.closed_form import (
    predicted_length,
    predicted_ratio,
    riemann_excess,
)
from fragility.statements.section_5.simulation import (
    Pairs,
    attack,
    direct_path,
    g,
    g_and_gradient,
    line_integrals,
    nearest_pairs,
    refined_attack,
    split_integral,
)
from fragility.synthetic.data import corners, gaussian_matrix, points
from fragility.synthetic.networks import ReluNetwork, relu_network

D = 7
NORMAL = np.array([3.0, 4.0])  # of length 5


@pytest.fixture(scope="module")
def pairs():
    matrix = gaussian_matrix(D, generator(0, "test", "section_5"))
    return nearest_pairs(matrix, corners(D)[::3])


def random_network(layers):
    return relu_network(D, 50, layers, generator(0, "test", "section_5", layers), float)


def affine(normal=NORMAL, shift=100.0):
    """g = normal . x for label +1: s(normal x + shift) - shift, far from its kink."""
    return ReluNetwork(
        [normal[None], np.array([[1.0], [0.0]])], [np.array([shift]), np.array([-shift, 0.0])]
    )


def valley():
    """g = |x| + y + 1 for label +1: descent zigzags about the kink x = 0."""
    return ReluNetwork(
        [np.array([[1.0, 0], [-1, 0], [0, 1]]), np.array([[1.0, 1, 1], [0, 0, 0]])],
        [np.array([0.0, 0, 50]), np.array([-49.0, 0])],
    )


def straight(x2, x1):
    return Pairs(np.array([x2], float), np.array([x1], float), np.array([1]))


def test_nearest_pairs_are_the_optimal_classifier_s(pairs):
    matrix = gaussian_matrix(D, generator(0, "test", "section_5"))
    z = corners(D)[::3]
    length = np.linalg.norm(pairs.x1 - pairs.x2, axis=1)
    # the same distances from a branch and bound; float64 with d = 7 terms
    np.testing.assert_allclose(length / 2, point_radii(matrix, z), rtol=1e-10)
    np.testing.assert_allclose(pairs.x2, points(matrix, z))


@pytest.mark.parametrize("layers", [1, 2])
def test_the_gradient_of_g_is_that_of_finite_differences(pairs, layers):
    network, step = random_network(layers), 1e-6
    _, slope = g_and_gradient(network, pairs.x2, pairs.labels)
    ahead, behind = (
        g(network, pairs.x2 + sign * step * np.eye(D)[2], pairs.labels) for sign in (1, -1)
    )
    # rounding 1e-15 over a step of 1e-6; at most a kink or two may lie within 1e-6 of a point
    close = np.isclose((ahead - behind) / 2 / step, slope[:, 2], rtol=0, atol=1e-8)
    assert close.mean() > 0.9


def test_the_line_integral_is_exact_between_kinks(pairs):
    network = random_network(1)
    change = g(network, pairs.x1, pairs.labels) - g(network, pairs.x2, pairs.labels)
    # some fifty pieces, each rounded by 1e-16 of outputs of size 10
    np.testing.assert_allclose(split_integral(network, pairs), change, rtol=0, atol=1e-12)


def test_a_kink_left_out_would_be_seen(pairs):
    # twin: one piece only, the midpoint's gradient for all of the path
    network = random_network(1)
    change = g(network, pairs.x1, pairs.labels) - g(network, pairs.x2, pairs.labels)
    one_piece = line_integrals(network, pairs, 2)["midpoint"]
    assert np.abs(one_piece - change).max() > 1e-4


def test_splitting_needs_one_hidden_layer(pairs):
    with pytest.raises(ValueError, match="one hidden layer expected, got 2"):
        split_integral(random_network(2), pairs)


@pytest.mark.parametrize("layers", [1, 2])
def test_sums_converge_at_first_order(pairs, layers):
    network = random_network(layers)
    change = g(network, pairs.x1, pairs.labels) - g(network, pairs.x2, pairs.labels)
    grid = [10, 30, 100, 300]
    sums = [line_integrals(network, pairs, n) for n in grid]
    for name in ("midpoint", "trapezoid"):
        errors = [np.abs(found[name] - change).mean() for found in sums]
        # piecewise constant integrands: slope -1, of 43 paths with some tens of kinks each the
        # mean error is known to about a tenth at either end of the grid, ln 30 = 3.4 apart
        assert log_log_slope(grid, errors).value == pytest.approx(-1, abs=0.2)


@pytest.mark.parametrize("n", [2, 11, 100])
def test_the_paper_s_sum_counts_too_much(n):
    sums = line_integrals(affine(), straight([2, 2], [-1, 1]), n)
    change = NORMAL @ [-3, -1]
    assert sums["trapezoid"][0] == pytest.approx(change)
    assert sums["paper"][0] / change - 1 == pytest.approx(riemann_excess(n))


def test_an_affine_network_s_paths_are_known():
    pair = straight([2, 2], [-2, -1])  # g from 14 to -10
    found = attack(affine(), pair, 1 / 64, 4)
    # affine: lengths are exact up to rounding, whatever the step
    assert found.z[0] == pytest.approx(predicted_length(24, 5))
    assert found.z_flip[0] == pytest.approx(predicted_length(14, 5))
    assert found.chord[0] == pytest.approx(found.z[0])
    assert (found.low[0], found.high[0]) == pytest.approx((5, 5))
    # the variance is a difference of squares: rounding 1e-16 x 25 leaves a root of 1e-7
    assert found.deviation[0] == pytest.approx(0, abs=1e-6)
    cosines = direct_path(affine(), pair, np.linspace(0, 1, 5)).cosines[0]
    assert found.z[0] / 5 == pytest.approx(predicted_ratio(cosines))
    assert found.z[0] / 5 != pytest.approx(abs(cosines[0]) / 2, rel=0.1)  # twin


def test_the_attacker_zigzags_along_a_kink():
    found = refined_attack(valley(), straight([1e-3, 2], [1e-3, -3]), 1 / 256, 4, 4, 0.01).attack
    # |grad g| is sqrt 2 on both sides, the sliding speed 1/sqrt 2: walked is sqrt 2 times gained
    assert found.z[0] == pytest.approx(5 * np.sqrt(2), rel=0.02)
    assert found.chord[0] == pytest.approx(5, rel=0.02)


def test_a_change_that_is_never_reached_is_told():
    pair = straight([2, 2], [-2, -1])
    found = attack(affine(), pair, 1 / 64, 0.5)
    assert np.isnan(found.z[0]) and np.isnan(found.z_flip[0])
    later = attack(affine(), pair, 1 / 64, 0.6)
    assert np.isnan(later.z[0]) and later.z_flip[0] == pytest.approx(14 / 5)


def test_halving_goes_on_until_the_length_stands():
    pair = straight([0.7, 2], [0.7, -3])
    found = refined_attack(valley(), pair, 1 / 4, 10, 4, 0.01)
    assert found.moved[0] <= 0.01
    assert found.step < 1 / 8
    assert refined_attack(valley(), pair, 1 / 4, 1, 4, 1e-12).step == 1 / 8


def test_the_walk_s_length_times_its_mean_norm_is_the_change(pairs):
    network = random_network(1)
    value = g(network, pairs.x2, pairs.labels) - g(network, pairs.x1, pairs.labels)
    falling = Pairs(*(part[value > 0] for part in pairs))
    found = attack(network, falling, 1 / 512, 4)
    # the sum of h ||grad g|| along the walk is D, up to a step and the change of the gradient
    # within a step: first order in 1/512, with norms that vary by tens of per cent
    reached = ~np.isnan(found.z)
    assert reached.sum() > 10
    walked = (found.z * found.mean)[reached] / value[value > 0][reached]
    assert np.abs(walked - 1).max() < 0.05
    wrong = (found.z * found.low)[reached] / value[value > 0][reached]  # twin: another norm
    assert np.abs(wrong - 1).max() > 0.2


def test_impossible_values_are_refused():
    with pytest.raises(ValueError, match="at least 2 points, got 1"):
        riemann_excess(1)
    with pytest.raises(ValueError, match="gradient norm must be positive"):
        predicted_length(1, 0)
    with pytest.raises(ValueError, match="dimension must be at least 2"):
        gaussian_matrix(1, generator(0))
    for matrix, name in ((np.ones((2, 3)), "square"), (np.ones((3, 3)), "singular")):
        with pytest.raises(ValueError, match=name):
            point_radii(matrix, corners(3))
