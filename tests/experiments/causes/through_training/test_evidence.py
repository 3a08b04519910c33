"""Verdicts on the claims about the way through training, on made-up results."""

import pytest
from causes_results import through_training
from claim_cases import Case, assert_case, turning
from judging import CLAIMS, estimates, verdicts

from fragility.experiments.causes.through_training.evidence import evidence
from fragility.paper.verdicts import NOT_COMPARABLE

CASES = {
    "causes-through-present": Case({}, {"present": False}),
    "causes-through-early": Case({}, {"tells_mean": False}),
    "causes-through-early-easiest": Case({}, {"tells_easiest": False}),
    "causes-through-first": Case({}, {"first": False}),
}


def found(**settings):
    return evidence(through_training(**settings))


@pytest.mark.parametrize("name, case", turning(CASES))
def test_the_verdict_turns_with_what_the_claim_is_about(name, case):
    assert_case(name, case, found)


def test_every_claim_has_a_case():
    assert set(CASES) == {name for name in CLAIMS if name.startswith("causes-through-")}


def test_without_accurate_networks_only_the_untrained_ones_tell():
    judged = verdicts(found(accurate=0))
    assert judged.pop("causes-through-present") == "reproduced"
    assert set(judged.values()) == {NOT_COMPARABLE}


def test_the_note_names_step_and_medians():
    evidence_found = found()
    assert "linear: step 100" in evidence_found["causes-through-early"].note
    assert "settles at step 0, accuracy at 100" in evidence_found["causes-through-first"].note
    assert estimates(evidence_found)["causes-through-present"].n == 20
