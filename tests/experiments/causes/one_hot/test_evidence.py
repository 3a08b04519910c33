"""Verdicts on the claims about Theorem 1's data, on made-up results that meet them and not."""

import numpy as np
import pytest
from causes_results import one_hot
from claim_cases import Case, assert_case, turning
from judging import CLAIMS, estimates, verdicts

from fragility.experiments.causes.one_hot.evidence import evidence
from fragility.paper.verdicts import NOT_COMPARABLE

NECESSARY = {"causes-one-hot-necessary"}
CASES = {
    "causes-one-hot-cross-entropy": Case({}, {"distance": 0.5}),
    "causes-one-hot-squared": Case({}, {"squared_distance": 0.5}),
    "causes-one-hot-decay": Case({}, {"decayed_distance": 0.2}),
    "causes-one-hot-ratio-cross-entropy": Case({}, {"factor": 5}, NECESSARY),
    "causes-one-hot-ratio-squared": Case({}, {"squared_factor": 5}, NECESSARY),
    "causes-one-hot-slope-cross-entropy": Case({}, {"slope": 0}),
    "causes-one-hot-slope-squared": Case({}, {"squared_slope": -0.3}),
    "causes-one-hot-follows": Case({}, {"follows": False}),
    "causes-one-hot-necessary": Case({}, {"decayed_factor": 5}),
}


def found(**settings):
    return evidence(one_hot(**settings))


@pytest.mark.parametrize("name, case", turning(CASES))
def test_the_verdict_turns_with_what_the_claim_is_about(name, case):
    assert_case(name, case, found)


def test_every_claim_has_a_case():
    assert set(CASES) == {name for name in CLAIMS if name.startswith("causes-one-hot-")}


def test_the_numbers_are_those_of_the_largest_dimension():
    numbers = estimates(found())
    # noise over the six matrices: 1 + 0.02 m, of mean 1.05
    assert numbers["causes-one-hot-squared"].value == pytest.approx(0.01 * 1.05)
    assert numbers["causes-one-hot-ratio-squared"].value == pytest.approx(1.1)
    assert numbers["causes-one-hot-slope-squared"].value == pytest.approx(-1)
    assert numbers["causes-one-hot-follows"].value == pytest.approx(1)
    assert numbers["causes-one-hot-squared"].n == 6


def test_without_an_accurate_network_there_is_no_verdict_and_a_note():
    nothing = found(accuracy=0.9)
    assert set(verdicts(nothing).values()) == {NOT_COMPARABLE}
    assert nothing["causes-one-hot-squared"].note == "no network is accurate"
    assert np.isnan(nothing["causes-one-hot-necessary"].estimate.value)


def test_the_note_says_which_networks_are_the_most_robust():
    assert found(decayed_factor=5)["causes-one-hot-necessary"].note.endswith(
        "squared, weight decay"
    )
