"""The share of alternatives that a claim's rule would have passed."""

import numpy as np
import pytest
from made_up_claims import claim, near
from scipy import stats

from fragility.paper.estimates import Estimate, proportion
from fragility.paper.severity import passed
from fragility.paper.verdicts import Finding

BOUND = {"rule": "at_least", "tolerance": "0.8"}
NAN = float("nan")


def share(told, ours, changed=None):
    return passed(told, Finding(ours), changed or {})


def test_an_alternative_far_on_the_other_side_of_the_bound_never_passes():
    assert share(claim(**BOUND, alternatives={"no relation": "0"}), near(0.9)) == 0


def test_an_alternative_that_meets_the_bound_passes_always():
    assert share(claim(**BOUND, alternatives={"a weaker one": "0.85"}), near(0.9)) == 1


def test_alternatives_count_alike():
    told = claim(**BOUND, alternatives={"no relation": "0", "weaker": "0.85"})
    assert share(told, near(0.9)) == 0.5


@pytest.mark.parametrize("value", [0.8, 0.81, 0.82, 0.83])
def test_near_the_bound_the_share_is_the_power_of_the_rule(value):
    """Passed if the lower limit is at the bound: P(value + error z - 1.96 error >= 0.8)."""
    error = 0.01
    expected = stats.norm.cdf((value - 0.8) / error - 1.96)
    ours = near(0.9, half=1.96 * error)
    got = share(claim(**BOUND, alternatives={"a": str(value)}), ours)
    assert got == pytest.approx(expected, abs=0.011)


def test_an_exact_number_has_no_error_to_lay_around_the_alternative():
    told = claim(rule="at_most", tolerance="1e-9", alternatives={"one percent off": "0.01"})
    assert share(told, Estimate(0.0, 0.0, 0.0, 10)) == 0


def test_a_change_of_the_results_passes_as_often_as_its_findings_do():
    told = claim(**BOUND, alternatives={"shuffled": "shuffled"})
    values = [0.9, 0.2, 0.3, 0.1]
    changed = {"shuffled": [{"made-up": Finding(near(value))} for value in values]}
    assert share(told, near(0.95), changed) == 0.25


def test_a_printed_number_is_moved_to_half_and_to_twice():
    told = claim(rule="inside", paper="0.4")
    assert share(told, Estimate(0.4, 0.3, 0.5, 9)) == 0
    assert share(told, Estimate(0.4, 0.21, 0.9, 9)) == 0.5  # 0.8, of which 0.4 is half
    assert share(told, Estimate(0.4, 0.05, 1.7, 9)) == 0  # decides nothing about 0.2 or 0.8 either


def test_a_printed_count_is_moved_by_a_quarter():
    assert share(claim(rule="count_prediction", paper="18/20"), proportion(180, 200)) == 0


@pytest.mark.parametrize("told", [claim(**BOUND), claim(rule="not_comparable")])
def test_without_a_stated_alternative_the_share_is_unknown(told):
    assert np.isnan(share(told, near(0.9)))


def test_without_an_estimate_the_share_is_unknown():
    told = claim(**BOUND, alternatives={"no relation": "0"})
    assert np.isnan(share(told, Estimate(NAN, NAN, NAN, 0)))


def test_of_a_claim_with_parts_the_worst_is_tried():
    told = claim(**BOUND, alternatives={"a": "0.85"})
    parts = {"1": near(0.9, half=0.2), "2": near(0.95)}
    assert passed(told, Finding(None, parts=parts), {}) < 0.2
