"""Theorem 7: laws of the projection ratios, and the first-order claim on ReLU networks."""

import numpy as np
import pytest
from scipy import stats

from fragility.paper.estimates import log_log_slope
from fragility.runtime.seeds import generator
from fragility.statements.theorem_7.check import first_networks
from fragility.statements.theorem_7.closed_form import (
    harder_than,
    ratio_law,
    ratio_mean,
    smallest_perturbation,
)
from fragility.statements.theorem_7.simulation import (
    Segment,
    first_order,
    gradients,
    projections,
    ratios,
    segments,
)
from fragility.synthetic.data import gaussian_matrix
from fragility.synthetic.networks import SOFTPLUS, ReluNetwork, relu_network

TRIALS = 2000


@pytest.mark.parametrize("d", [3, 12, 300])
def test_simulated_ratios_have_the_law(d):
    two, one = ratios(d, TRIALS, generator(0, "test", "theorem_7", d))
    # six tests; together they fail one correct run in a thousand
    assert stats.kstest(two, ratio_law(d, 2).cdf).pvalue > 1e-3 / 6
    assert stats.kstest(one, ratio_law(d, 1).cdf).pvalue > 1e-3 / 6
    # twins: the law of the other number of gradients is far off
    assert stats.kstest(two, ratio_law(d, 1).cdf).pvalue < 1e-6
    assert stats.kstest(one, ratio_law(d, 2).cdf).pvalue < 1e-6


def test_the_first_networks_are_those_of_each_dimension_and_depth():
    def pair(d, layers):
        return np.eye(d), relu_network(d, 3, layers, generator(0, "test", "first"))

    pairs = [pair(d, layers) for d in (4, 5) for layers in (1, 2) for _ in range(3)]
    few = first_networks(pairs, 2)
    assert [id(each) for _, each in few] == [id(pairs[k][1]) for k in (0, 1, 3, 4, 6, 7, 9, 10)]
    assert len(first_networks(pairs, 9)) == 12


def test_one_degree_too_many_is_caught():
    two, _ = ratios(12, TRIALS, generator(0, "test", "theorem_7", 12))
    assert stats.kstest(two, stats.beta(1.5, 4.5).cdf).pvalue < 1e-6


@pytest.mark.parametrize("d", [2, 5, 64])
def test_means(d):
    two, one = ratios(d, TRIALS, generator(1, "test", "theorem_7", d))
    for gradient_count, sample in ((1, one), (2, two)):
        # 4.5 standard errors: one chance in 1e5; rounding where the ratio is exactly 1 (d = 2)
        margin = 4.5 * sample.std() / np.sqrt(TRIALS) + 1e-12
        assert sample.mean() == pytest.approx(ratio_mean(d, gradient_count), abs=margin)
    if d > 2:
        assert ratio_law(d, 2).mean() == pytest.approx(2 / d)
        assert ratio_law(d, 1).mean() == pytest.approx(1 / d)


def test_no_factor_of_d_holds_with_probability_tending_to_one():
    # the exact limit is 1 - exp(-1 / (2 c)); at d = 1e6 it is reached up to O(1 / d)
    assert harder_than(10**6, 2, 0.5) == pytest.approx(1 - np.exp(-1), abs=1e-5)
    assert harder_than(10**6, 2, 0.1) < 0.994
    two, _ = ratios(50, TRIALS, generator(2, "test", "theorem_7"))
    hits = int((1 / two >= 0.5 * 50).sum())
    assert stats.binomtest(hits, TRIALS, harder_than(50, 2, 0.5)).pvalue > 1e-4
    assert stats.binomtest(hits, TRIALS, harder_than(50, 1, 0.5)).pvalue < 1e-6  # twin


@pytest.mark.parametrize("d", [-1, 0, 1])
def test_dimensions_below_two_are_refused(d):
    for refuse in (lambda: ratio_mean(d, 1), lambda: ratio_law(d, 1)):
        with pytest.raises(ValueError, match="dimension must be at least 2"):
            refuse()
    with pytest.raises(ValueError, match="dimension must be at least 2"):
        ratios(d, 3, generator(0))


def test_a_span_that_is_everything_has_no_law():
    with pytest.raises(ValueError, match="2 gradients span all of dimension 2"):
        ratio_law(2, 2)
    with pytest.raises(ValueError, match="gradients must be 1 or 2"):
        ratio_mean(5, 3)


def test_the_smallest_perturbation_is_the_projection():
    stream = generator(0, "test", "smallest")
    rows, direction = stream.standard_normal((2, 9)), stream.standard_normal(9)
    q = smallest_perturbation(rows, direction)
    basis = np.linalg.qr(rows.T).Q
    # float64 with condition numbers below 100
    np.testing.assert_allclose(q, basis @ (basis.T @ direction), rtol=0, atol=1e-12)
    np.testing.assert_allclose(rows @ q, rows @ direction, rtol=0, atol=1e-12)
    assert np.linalg.norm(q) < np.linalg.norm(direction)


def test_dependent_gradients_are_refused():
    with pytest.raises(ValueError, match="linearly dependent"):
        smallest_perturbation([[1.0, 2, 3], [-2, -4, -6]], [1.0, 0, 0])


@pytest.fixture(scope="module")
def case():
    """A random network of two layers, and points on segments, as in the paper's section 6."""
    d = 10
    network = relu_network(d, 100, 2, generator(0, "test", "network"), float)
    at = segments(gaussian_matrix(d, generator(0, "test", "A")), 400, generator(0, "test", "x"))
    return network, at


def test_segments_are_the_paper_s(case):
    _, at = case
    step = at.x1 - at.x2
    np.testing.assert_allclose(step, np.broadcast_to(step[0], step.shape), atol=1e-12)
    inside = (at.x1 * step).sum(axis=1) / (step**2).sum(axis=1)  # 1 - alpha
    assert ((inside >= 0) & (inside <= 1)).all()
    np.testing.assert_allclose(at.x1, inside[:, None] * step, atol=1e-12)


def test_projections_solve_the_proof_s_equations(case):
    network, at = case
    spans = projections(network, at)
    rows = gradients(network, at.x)
    feature = at.x2 - at.x1
    left, right = (np.einsum("nkd,nd->nk", rows, v) for v in (spans.kept, feature))
    np.testing.assert_allclose(left, right, rtol=0, atol=1e-12)
    kept = smallest_perturbation(rows[0], feature[0])
    np.testing.assert_allclose(spans.kept[0], kept, rtol=0, atol=1e-10)
    assert (spans.one <= spans.two + 1e-12).all()


def test_a_relu_network_errs_by_rounding_only_until_a_kink(case):
    network, at = case
    kept = projections(network, at).kept
    found = first_order(network, at, kept, 0.01)
    flat = found.kinks.sum(axis=0) == 0
    assert 20 < flat.sum() < 380  # both cases are there
    # the rigorous bound on rounding: half a unit of epsilon a term, 210 terms over three layers
    assert (found.error[flat] <= 105 * found.rounding[flat]).all()
    assert np.median(found.error[~flat]) > 1e6 * np.median(found.rounding)


def test_a_wrong_projection_is_no_first_order_match(case):
    network, at = case
    wrong = 0.99 * projections(network, at).kept  # twin
    found = first_order(network, at, wrong, 1e-4)
    flat = found.kinks.sum(axis=0) == 0
    assert np.median(found.error[flat] / found.rounding[flat]) > 1e6


def test_kinks_are_counted_by_layer():
    # one unit per layer: s(s(x) - 1), kinks at 0 and at 1 along the first axis
    network = ReluNetwork(
        [np.array([[1.0, 0]]), np.array([[1.0]]), np.array([[1.0], [2.0]])],
        [np.zeros(1), np.array([-1.0]), np.zeros(2)],
    )
    at = Segment(np.array([[0.5, 0.0]]), np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]]))
    kinks = [first_order(network, at, np.zeros((1, 2)), eps).kinks[:, 0] for eps in (0.1, 0.9)]
    assert [list(k) for k in kinks] == [[0, 0], [0, 1]]


def test_slope_two_with_a_smooth_activation(case):
    network, at = case
    grid = np.logspace(-4, -2, 5)
    kept = projections(network, at, SOFTPLUS).kept
    errors = [first_order(network, at, kept, e, SOFTPLUS).error.mean() for e in grid]
    # Taylor: the next order is smaller by about eps <= 0.01, so the slope is 2 within 0.02
    assert log_log_slope(grid, errors).value == pytest.approx(2, abs=0.02)
    wrong = projections(network, at).kept  # twin: the ReLU's gradients, not the softplus's
    errors = [first_order(network, at, wrong, e, SOFTPLUS).error.mean() for e in grid]
    assert log_log_slope(grid, errors).value == pytest.approx(1, abs=0.1)
