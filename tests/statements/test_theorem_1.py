"""Theorem 1: closed forms against networks that satisfy condition (1)."""

import numpy as np
import pytest
from scipy import stats

from fragility.runtime.seeds import generator
from fragility.statements.theorem_1 import closed_form as theory
from fragility.statements.theorem_1 import simulation
from fragility.synthetic.data import gaussian_matrix

TRIALS = 1500


def stream(*key):
    return generator(0, "test", "theorem_1", *key)


@pytest.fixture(scope="module", params=[2, 5, 12])
def trials(request):
    """(d, measures of many X) with a network of its own each."""
    d = request.param
    matrices = [gaussian_matrix(d, stream(d, i)) for i in range(TRIALS)]
    nets = [simulation.network(a, 2 * d, stream("net", d, i)) for i, a in enumerate(matrices)]
    return d, matrices, [simulation.trial(a, n) for a, n in zip(matrices, nets, strict=True)]


def column(trials, name):
    return np.array([row[name] for row in trials[2]])


def well(trials):
    """Trials whose condition number leaves float64 at least eight digits."""
    return np.array([np.linalg.cond(a) < 1e8 for a in trials[1]])


def test_the_networks_satisfy_condition_1(trials):
    # residual of a solved system: condition number times eps, with room for the size of d
    limits = [1e3 * np.finfo(float).eps * np.linalg.cond(a) for a in trials[1]]
    assert (column(trials, "condition_error") <= limits).all()


def test_the_proof_s_perturbation_gives_outputs_1_and_0_and_flips(trials):
    keep = well(trials)
    assert column(trials, "output_error")[keep].max() < 1e-6
    assert column(trials, "flips")[keep].all()


def test_predicted_sizes_are_the_observed_ones(trials):
    for i, matrix in enumerate(trials[1]):
        sizes, row = theory.sizes(matrix), trials[2][i]
        tolerance = {"rel": 1e-14 * np.linalg.cond(matrix) + 1e-12}
        assert row["observed_perturbation"] == pytest.approx(sizes.perturbation, **tolerance)
        assert row["observed_smallest"] == pytest.approx(sizes.smallest[-1], **tolerance)
        assert sizes.perturbation <= sizes.bound * (1 + 1e-12)
        assert sizes.smallest[-1] <= sizes.perturbation * (1 + 1e-9)


def test_just_beyond_the_smallest_flips_and_just_short_does_not(trials):
    assert column(trials, "exact")[well(trials)].all()


def test_the_perturbation_s_law_is_the_same_for_every_d(trials):
    sizes = column(trials, "observed_perturbation")
    assert stats.kstest(sizes, theory.perturbation_law().cdf).pvalue > 1e-3
    wrong = stats.chi(3)  # twin: the right mean square's neighbour, three degrees
    assert stats.kstest(sizes, wrong.cdf).pvalue < 1e-6


def test_the_distance_to_one_boundary_is_half_normal():
    d = 6
    sample = []
    for i in range(TRIALS):
        p = np.linalg.inv(gaussian_matrix(d, stream("boundary", i)))
        sample.append(1 / np.linalg.norm(p[0] - p[1]))
    assert stats.kstest(sample, theory.boundary_law().cdf).pvalue > 1e-3
    assert stats.kstest(sample, stats.halfnorm().cdf).pvalue < 1e-6  # twin: without the sqrt(2)


def test_the_target_is_hit_as_often_as_predicted(trials):
    d, hits = trials[0], int(column(trials, "hits_target").sum())
    assert stats.binomtest(hits, TRIALS, theory.target_probability(d)).pvalue > 1e-3
    if d > 2:  # twin: "successful", as the proof says
        assert stats.binomtest(hits, TRIALS, 0.95).pvalue < 1e-6


# E Phi(chi_3 / sqrt(2))^(d - 2) by mpmath.quad, 30 digits, in pieces around 2 sqrt(ln d)
@pytest.mark.parametrize(
    ("d", "exact"),
    [
        (2, 1),
        (3, stats.t.cdf(np.sqrt(1.5), 3)),  # one output in the way: Student's t of 3 degrees
        (1024, 3.926621454583491e-4),
        (4096, 3.5140347570105976e-5),
        (100_000, 1.084728659547394e-7),
    ],
)
def test_the_target_s_probability_is_exact_at_small_and_large_d(d, exact):
    assert theory.target_probability(d) == pytest.approx(exact, rel=1e-9)


def test_the_target_s_probability_falls_ever_faster_towards_the_square():
    steps = [(d, 2 * d) for d in (8, 1024, 100_000)]
    slopes = [np.log2(np.divide(*map(theory.target_probability, step))) for step in steps]
    assert slopes == pytest.approx([1.02, 1.73, 1.84], abs=0.02)


def test_the_smallest_s_median_is_where_its_bound_is_one_half():
    for d in (4, 60):
        assert theory.smallest_exceeds(theory.smallest_median(d), d) == pytest.approx(0.5)


@pytest.mark.parametrize("law", sorted(simulation.OTHERS))
def test_other_entries_have_variance_1_and_another_law(law):
    sample = simulation.entries(law, 400, stream("entries", law)).ravel()
    centred = (sample - sample.mean()) / sample.std()
    # a variance of 160,000 heavy-tailed entries converges slowly: Student's t by its quartile
    assert law == "student" or sample.var() == pytest.approx(1, abs=0.02)
    assert stats.kstest(centred, "norm").pvalue < 1e-9
    if law == "student":
        assert np.quantile(sample, 0.75) == pytest.approx(
            stats.t(3).ppf(0.75) / np.sqrt(3), rel=0.03
        )
    else:
        assert sample.min() >= 0  # as pixels


def test_entries_are_normal_by_default():
    sample = simulation.entries(simulation.NORMAL, 100, stream("entries")).ravel()
    assert stats.kstest(sample, "norm").pvalue > 1e-3


def test_the_last_direction_flips_as_often_as_predicted(trials):
    d, flips = trials[0], int(column(trials, "last_direction_flips").sum())
    assert stats.binomtest(flips, TRIALS, theory.last_direction_probability(d)).pvalue > 1e-3


def test_the_optimal_radius_has_the_predicted_median(trials):
    below = int((column(trials, "observed_radius") < theory.radius_median(trials[0])).sum())
    assert stats.binomtest(below, TRIALS).pvalue > 1e-3
    wrong = 1.1 * theory.radius_median(trials[0])  # twin: a tenth too long
    assert (
        stats.binomtest(int((column(trials, "observed_radius") < wrong).sum()), TRIALS).pvalue
        < 0.01
    )


def test_the_union_bound_on_close_pairs_holds(trials):
    d = trials[0]
    for epsilon in (0.3, 0.6):
        close = column(trials, "observed_distance") < (1 - epsilon) * np.sqrt(2 * d)
        predicted, bound = theory.close_pair_probability(epsilon, d)
        assert predicted <= bound
        assert stats.binomtest(int(close.sum()), TRIALS, bound, "greater").pvalue > 1e-3


@pytest.mark.parametrize("bad", [np.ones((3, 2)), np.ones((1, 1)), np.ones((3, 3))])
def test_bad_matrices_are_refused(bad):
    with pytest.raises(ValueError):
        theory.sizes(bad)
    with pytest.raises(ValueError):
        simulation.paper_perturbation(bad)


def test_too_few_hidden_units_and_too_small_a_dimension_are_refused():
    with pytest.raises(ValueError, match="m >= d"):
        simulation.network(gaussian_matrix(4, stream("width")), 3, stream("w"))
    with pytest.raises(ValueError, match="at least 2"):
        theory.radius_median(1)
    with pytest.raises(ValueError, match="epsilon"):
        theory.close_pair_probability(1, 4)
