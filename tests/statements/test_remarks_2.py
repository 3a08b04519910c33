"""Remarks 2: the laws of random directions against experiment, the sizes against trying them."""

import numpy as np
import pytest
from scipy import stats

from fragility.runtime.seeds import generator
from fragility.statements.remarks_2 import closed_form as theory
from fragility.statements.remarks_2 import simulation
from fragility.synthetic.data import gaussian_matrix

TRIALS = 3000


def stream(*key):
    return generator(0, "test", "remarks_2", *key)


def problem(d, n, *key):
    """X, directions and their lengths before they were normalised."""
    draws = stream(d, *key)
    matrix, noise = gaussian_matrix(d, draws), draws.standard_normal((d, n))
    lengths = np.linalg.norm(noise, axis=0)
    return matrix, noise / lengths, lengths


@pytest.fixture(scope="module", params=[2, 4, 12])
def sample(request):
    """d, and the sizes of one direction on each of many X: s of the network, t of the optimal."""
    d = request.param
    s, t = [], []
    for i in range(TRIALS):
        matrix, direction, length = problem(d, 1, "law", i)
        s.append(simulation.network_sizes(matrix, direction)[0][0] / length[0])
        t.append(simulation.optimal_sizes(matrix, direction)[0][0])
    return d, np.array(s), np.array(t)


def above(sizes, threshold):
    return int((sizes > threshold).sum())


# one chance in a thousand for each of the comparisons below to fail; the seed is fixed
def test_the_network_s_law(sample):
    d, s, _ = sample
    for size in (0.1, 0.5, 2):
        expected = theory.network_survival(size, d)
        assert stats.binomtest(above(s, size), TRIALS, expected).pvalue > 1e-3
    wrong = theory.network_survival(0.5, 2 * d)  # twin: twice the rivals
    assert stats.binomtest(above(s, 0.5), TRIALS, wrong).pvalue < 1e-3


def test_the_optimal_classifier_s_law(sample):
    d, _, t = sample
    for size in (d / 4, d / 2, d):
        expected = theory.optimal_survival(size, d)
        assert stats.binomtest(above(t, size), TRIALS, expected).pvalue > 1e-3
    wrong = theory.optimal_survival(1.2 * d / 2, d)  # twin: lengths a fifth too long
    assert stats.binomtest(above(t, d / 2), TRIALS, wrong).pvalue < 1e-3


def test_one_direction_in_d_never_flips(sample):
    d, s, t = sample
    for sizes in (s, t):
        never = int(np.isinf(sizes).sum())
        assert stats.binomtest(never, TRIALS, theory.never_probability(d)).pvalue > 1e-3
        wrong = theory.never_probability(2 * d)  # twin
        assert stats.binomtest(never, TRIALS, wrong).pvalue < 1e-6


def test_in_the_plane_half_of_the_directions_never_flip():
    assert theory.network_median(2) == theory.optimal_median(2) == np.inf


@pytest.mark.parametrize("d", [3, 30, 500])
def test_medians_are_medians(d):
    # brentq stops within 1e-6 on the logarithm; survival changes by less than its size
    assert theory.network_survival(theory.network_median(d), d) == pytest.approx(0.5, abs=1e-5)
    assert theory.optimal_survival(theory.optimal_median(d), d) == pytest.approx(0.5, abs=1e-4)


def test_the_logarithm_s_slope():
    low, high = np.exp(9.99), np.exp(10.01)
    found = np.diff(np.log(1 / np.sqrt(2 * np.log([low, high])))) / 0.02
    # central difference: error of third order in 0.01, relative to ln d = 10
    assert theory.logarithmic_slope(np.exp(10)) == pytest.approx(found[0], rel=1e-5)


@pytest.mark.parametrize("d", [3, 10])
def test_beyond_is_misclassified_and_short_is_not(d):
    matrix, directions, _ = problem(d, 40, "steps")
    for sizes, winner in (
        (simulation.network_sizes, lambda x: np.argmax(np.linalg.solve(matrix, x))),
        (simulation.optimal_sizes, lambda x: np.argmin(np.linalg.norm(matrix.T - x, axis=1))),
    ):
        found, worst = sizes(matrix, directions)
        assert (found >= worst).all()
        for t, u in zip(found, directions.T, strict=True):
            x = matrix[:, -1]
            if np.isinf(t):
                assert winner(x + 1e6 * u) == d - 1
                continue
            # margins of 1e-6, far above rounding at these condition numbers
            assert winner(x + t * (1 + 1e-6) * u) != d - 1
            assert winner(x + t * (1 - 1e-6) * u) == d - 1


@pytest.mark.parametrize("sizes", [simulation.network_sizes, simulation.optimal_sizes])
def test_the_worst_case_is_the_limit_of_many_directions(sizes):
    # in the plane, 4000 directions leave no gap above 0.01: the size is within 1 / cos of it
    matrix, directions, _ = problem(2, 4000, "worst")
    found, worst = sizes(matrix, directions)
    assert worst <= found.min() < worst / np.cos(0.01)


def flipping_lengths(d, n=TRIALS):
    """How far along random lines, both ways tried, a linear margin of distance 1 flips."""
    directions = stream("two classes", d).standard_normal((n, d))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    slope = stream("slope", d).standard_normal(d)
    return 1 / np.abs(directions @ slope / np.linalg.norm(slope))


@pytest.mark.parametrize("d", [2, 3, 5, 12, 100])
def test_the_median_of_two_classes_is_that_of_random_lines(d):
    found = flipping_lengths(d)
    assert found.min() >= 1
    assert stats.binomtest(above(found, theory.two_class_median(d)), TRIALS).pvalue > 1e-3
    wrong = theory.two_class_median(2 * d)  # twin: twice the dimension
    assert stats.binomtest(above(found, wrong), TRIALS).pvalue < 1e-3


def test_the_median_of_two_classes_where_its_law_is_plain():
    # the angle in the plane is uniform, and so is the cosine in space
    assert theory.two_class_median(2) == pytest.approx(np.sqrt(2))
    assert theory.two_class_median(3) == pytest.approx(2)


@pytest.mark.parametrize("d", [100, 10_000])
def test_the_median_of_two_classes_grows_as_the_root_of_d(d):
    # cos is normal of variance 1/d up to a relative error of order 1/d; 0.674 is its quartile
    quartile = stats.norm.ppf(0.75)
    assert quartile == pytest.approx(0.674, abs=1e-3)
    assert theory.two_class_median(d) == pytest.approx(np.sqrt(d) / quartile, rel=1 / d)


@pytest.mark.parametrize("bad", [np.ones((3, 2)), np.ones((1, 1))])
def test_bad_shapes_are_refused(bad):
    for sizes in (simulation.network_sizes, simulation.optimal_sizes):
        with pytest.raises(ValueError, match=r"square|at least 2"):
            sizes(bad, np.ones((2, 1)))


def test_singular_matrices_and_too_small_dimensions_are_refused():
    with pytest.raises(ValueError, match="singular"):
        simulation.network_sizes(np.zeros((3, 3)), np.ones((3, 1)))
    for function in (
        theory.network_median, theory.optimal_median, theory.never_probability,
        theory.two_class_median,
    ):  # fmt: skip
        with pytest.raises(ValueError, match="at least 2"):
            function(1)
