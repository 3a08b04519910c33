"""Evidence on Theorem 7's claims, from made-up projections and errors with known answers."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from claim_cases import (
    Case,
    assert_alternatives_refused,
    assert_turns,
    claims_of,
    slope_by_hand,
    turning,
)
from judging import all_but, verdicts
from scipy import stats

from fragility.statements.theorem_7 import evidence as module
from fragility.statements.theorem_7.evidence import evidence

DIMENSIONS = (8, 32, 128, 512)
TRIALS = 300
EPS = (0.001, 0.003, 0.01, 0.03, 0.04)
NETWORKS = 6
POINTS = 400


def rows(two=2, one=1, growth=0.0, length=1.0, rounding=1.0, softplus=2.0, relu=2.0):
    """check.py's rows by the theorem's own laws.

    Args:
        two, one: gradients that the ratios are drawn onto; their laws are of 2 and 1.
        growth: exponent in d added to the mean ratio onto two gradients.
        length: ||e|| over eps ||P(x1 - x2)||.
        rounding: error of points without a kink, in units of rounding.
        softplus, relu: exponents in eps of the two networks' errors.
    """
    return pd.concat(
        [_gaussian(two, one, growth), _networks(length, rounding, softplus, relu)],
        ignore_index=True,
    )


def _gaussian(two, one, growth):
    generator, parts = np.random.default_rng(8), []
    for d in DIMENSIONS:
        table = {"kind": "gaussian", "d": d, "trial": range(TRIALS), "predicted_harder": 0.99}
        for name, drawn, k in (("two", two, 2), ("one", one, 1)):
            # at the middles of equal shares of its law, out of order
            u = (generator.permutation(TRIALS) + 0.5) / TRIALS
            ratio = stats.beta(drawn / 2, (d - drawn) / 2).ppf(u)
            table[f"observed_{name}"] = ratio
            table[f"predicted_cdf_{name}"] = stats.beta(k / 2, (d - k) / 2).cdf(ratio)
        table["observed_two"] *= float(d) ** growth
        parts.append(pd.DataFrame(table).assign(observed_harder=table["observed_two"] * d < 10))
    return pd.concat(parts)


def _networks(length, rounding, softplus, relu):
    """Points that cross a kink are a share of 5 eps; mean errors are powers of eps."""
    generator, parts = np.random.default_rng(9), []
    eps = np.array(EPS)
    for network in range(NETWORKS):
        near = np.exp(0.02 * generator.standard_normal((2, len(eps))))
        crossed = np.round(POINTS * (5 * eps).clip(max=1))
        table = {"kind": "network", "d": 8, "network": network, "points": POINTS, "eps": eps}
        table |= {"crossed": crossed, "crossed_one": crossed, "log_error_one": np.log(eps)}
        table |= {"error": 0.1 * eps**relu * near[0], "softplus_error": eps**softplus * near[1]}
        table |= {"observed_length_ratio": length, "flat_excess": rounding}
        parts.append(pd.DataFrame(table))
    return pd.concat(parts)


@cache
def found(**changes):
    return evidence(rows(**changes))


CASES = {
    "theorem-7-law-two": Case({}, {"two": 3}),
    "theorem-7-law-one": Case({}, {"one": 2}),
    "theorem-7-slope": Case({}, {"growth": -0.25}),
    "theorem-7-magnitude": Case({"growth": -1.0}, {}, {"theorem-7-slope"}),
    "theorem-7-length": Case({}, {"length": 1.001}),
    "theorem-7-exact": Case({}, {"rounding": 1e6}),
    "theorem-7-softplus": Case({}, {"softplus": 1.0}),
    "theorem-7-relu": Case({}, {"relu": 1.0}),
}


def test_each_claim_of_the_theorem_has_evidence_and_a_case():
    assert set(CASES) == set(found()) == claims_of("theorem_7")


def test_the_theorem_s_laws_reproduce_all_but_a_factor_d_without_squares():
    assert verdicts(found()) == all_but(CASES, {"theorem-7-magnitude"})


def test_the_alternatives_that_the_claims_name_are_refused():
    # four times as many trials as at these four d: the full grid has eleven
    parts = [rows().query("kind == 'gaussian'"), rows()] + [rows().query("kind == 'gaussian'")] * 2
    assert_alternatives_refused(module, pd.concat(parts, ignore_index=True))


@pytest.mark.parametrize(("name", "case"), turning(CASES))
def test_the_verdict_turns_with_what_the_claim_is_about(name, case):
    assert_turns(name, case, found)


# --- the numbers themselves ---


def gaussian(**columns):
    """Two trials at each of d = 4, 16, 64 with ratios onto two directions of 2/d on average."""
    d = np.repeat([4, 16, 64], 2)
    table = {
        "kind": "gaussian", "d": d, "observed_two": np.array([1, 3] * 3) / d,
        "observed_one": np.float_power(d, -0.75), "predicted_cdf_two": [0.2, 0.7] * 3,
        "predicted_cdf_one": [0.25, 0.75] * 3, "predicted_harder": [1] * 2 + [0.98] * 4,
        "observed_harder": [True] * 5 + [False],
    }  # fmt: skip
    return pd.DataFrame(table | columns)


def networks(**columns):
    """Two networks at eps = 0.001, 0.003, 0.01, 0.03 and, too large for slopes, 0.04."""
    eps = np.array(EPS * 2)
    power = np.where(np.arange(10) < 5, 1.75, 2.25)  # of the first network and the second
    shape = np.where(eps > 0.03, 1e6, eps**power)
    table = {
        "kind": "network", "d": 8, "network": [0] * 5 + [1] * 5, "points": 100, "eps": eps,
        "crossed": [5, 6, 10, 20, 50] * 2, "crossed_one": [5, 6, 8, 10, 5] * 2,
        "flat_excess": [0.1] * 9 + [np.nan], "error": shape, "softplus_error": shape**1.1,
        "log_error_one": 0.5 * np.log(eps), "observed_length_ratio": [1.0] * 9 + [1 + 1e-12],
    }  # fmt: skip
    return pd.DataFrame(table | columns)


def plain(changed=None, **columns):
    """Both kinds of rows; ``columns`` are written to the kind that ``changed`` makes."""
    parts = {gaussian: gaussian(), networks: networks()}
    if changed:
        parts[changed] = changed(**columns)
    return pd.concat(parts.values(), ignore_index=True)


NUMBERS = {
    # the four tests' smallest p times 4; two values among uniform ones are never suspicious
    "theorem-7-law-two": 1.0,
    "theorem-7-law-one": 1.0,
    "theorem-7-slope": 1.0,  # of d/2
    "theorem-7-magnitude": 0.5,
    "theorem-7-length": 1 + 1e-12,
    "theorem-7-exact": 0.1,
    "theorem-7-softplus": 2.2,  # mean of 1.1 times 1.75 and 2.25
    "theorem-7-relu": 2.0,
}


def test_each_estimate_is_the_number_worked_out_by_hand():
    result = evidence(plain())
    assert {name: estimate.value for name, (estimate, *_) in result.items()} == (
        pytest.approx(NUMBERS, rel=1e-13)
    )
    assert {name: estimate.n for name, (estimate, *_) in result.items()} == {
        "theorem-7-law-two": 6,
        "theorem-7-law-one": 6,
        "theorem-7-slope": 3,  # dimensions
        "theorem-7-magnitude": 3,
        "theorem-7-length": 10,
        "theorem-7-exact": 9,  # one has no point without a kink
        "theorem-7-softplus": 2,  # networks
        "theorem-7-relu": 2,
    }


def test_p_values_are_multiplied_by_the_number_of_dimensions_and_one_for_all_together():
    low = evidence(plain(gaussian, predicted_cdf_two=[0.2, 0.7, 0.01, 0.02, 0.2, 0.7]))
    # two values below 0.02: the distance is 0.98, and P(D >= x) = 2 (1 - x)^2 of two
    assert low["theorem-7-law-two"][0][:4] == pytest.approx((*[4 * 2 * 0.02**2] * 3, 6))
    assert low["theorem-7-law-one"][0].value == 1


def test_all_dimensions_together_see_what_none_sees_alone():
    # values that lean to one side, 40 at each of three d: p about 0.1 alone
    u = (np.arange(40) + 0.5) / 40
    lean = pd.concat([plain().query("kind == 'gaussian'").iloc[[k] * 40] for k in (0, 2, 4)])
    lean["predicted_cdf_two"] = np.tile(u**1.45, 3)
    table = pd.concat([lean, networks()], ignore_index=True)
    alone, together = (stats.kstest(np.tile(u**1.45, k), "uniform").pvalue for k in (1, 3))
    assert 4 * alone > 0.1 > 4 * together
    assert evidence(table)["theorem-7-law-two"].estimate.value == pytest.approx(4 * together)


def test_the_slope_is_that_of_one_over_mean_ratios():
    ratios = [0.1, 0.3, 0.5, 0.1, 0.02, 0.04]
    estimate, note, *_ = evidence(plain(gaussian, observed_two=ratios))["theorem-7-slope"]
    by_hand = slope_by_hand(np.log([4, 16, 64]), -np.log([0.2, 0.3, 0.03]))
    assert estimate.value == pytest.approx(by_hand)
    assert note == (
        "one gradient: 0.750; at d = 64 the share that is at least the factor times d harder is "
        "0.500, exactly 0.9800"
    )


def test_the_largest_length_and_the_largest_rounding_decide():
    longer = plain(networks, observed_length_ratio=[1.0] * 3 + [1.5] + [1.0] * 6)
    assert evidence(longer)["theorem-7-length"][0][:3] == (1.5, 1.5, 1.5)
    rough = plain(networks, flat_excess=[np.nan, 3.0] + [2.0] * 8)
    assert evidence(rough)["theorem-7-exact"][0][:4] == (3, 3, 3, 9)


def test_the_slopes_interval_is_student_s_over_networks():
    estimate, *_ = evidence(plain())["theorem-7-relu"]
    half = stats.t.ppf(0.975, 1) * 0.25  # 1.75 and 2.25: deviation sqrt(1/8), over sqrt(2)
    assert (estimate.low, estimate.high) == pytest.approx((2 - half, 2 + half))


def test_a_mean_of_fewer_than_five_kinks_is_left_out_of_the_slope_with_relu_only():
    eps = np.array(EPS * 2)
    wild = np.where(np.arange(10) % 5 == 0, 1.0, eps**2)  # at the smallest eps
    table = plain(networks, error=wild, softplus_error=eps**2, crossed=[4, 6, 10, 20, 50] * 2)
    assert evidence(table)["theorem-7-relu"][0].value == pytest.approx(2)
    assert evidence(plain(networks, error=wild))["theorem-7-relu"][0].value < 1
    table = plain(networks, softplus_error=wild, crossed=[4, 6, 10, 20, 50] * 2)
    assert evidence(table)["theorem-7-softplus"][0].value < 1


def test_a_network_with_two_sizes_of_eps_has_no_slope():
    few = [4, 4, 10, 20, 50, 5, 6, 10, 20, 50]
    estimate, *_ = evidence(plain(networks, crossed=few))["theorem-7-relu"]
    assert (estimate.value, estimate.n) == (pytest.approx(2.25), 1)


def test_notes_show_the_kinks_crossed_and_the_slope_past_one():
    notes = {name: note for name, (_, note, *_) in evidence(plain()).items()}
    assert notes["theorem-7-exact"] == (
        "share of points with a kink crossed: 0.05 at ε = 0.001, 0.1 at ε = 0.01, 0.5 at ε = 0.04"
    )
    assert notes["theorem-7-relu"].endswith("past exactly one kink a slope of 0.50")
    assert notes["theorem-7-law-two"] == "3 values of d, and all together"
