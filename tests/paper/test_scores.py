"""Rows of the scorecard: our number beside the claim, verdicts that severity or settings change."""

import numpy as np
import pytest
from made_up_claims import claim, near

from fragility.paper import scores as module
from fragility.paper.estimates import Estimate
from fragility.paper.verdicts import (
    BY_CONSTRUCTION,
    BY_OTHERS,
    HOLDS_HERE,
    HOLDS_NOT_HERE,
    INCONCLUSIVE,
    NOT_REPRODUCED,
    OWN_SETTINGS,
    PARTLY,
    REPRODUCED,
    WITHOUT_EVIDENCE,
    Finding,
)

TOLD = {"rule": "at_least", "tolerance": "0.8", "alternatives": {"no relation": "0"}}


def row(told, finding, departures=(), keys=None):
    found = {} if told.rule in WITHOUT_EVIDENCE else {told.id: finding}
    table = module.scores([told], found, {}, told=keys or {}, departures=departures)
    return table.iloc[0]


def test_a_row_has_the_claim_our_estimate_and_the_interval_that_decided():
    told = claim(**TOLD, paper="0.9", assumptions=["L1", "L2"], trial="0.85")
    got = row(told, Finding(near(0.9), "a note"))
    assert list(got.index) == module.COLUMNS
    assert (got["ours"], got["low"], got["high"], got["n"]) == near(0.9)[:4]
    assert (got["judged_low"], got["judged_high"]) == near(0.9)[1:3]
    assert (got["verdict"], got["passed"], got["alternatives"]) == (REPRODUCED, 0, "no relation")
    assert (got["note"], got["assumptions"], got["trial"]) == ("a note", "L1;L2", "0.85")
    assert got["fixed"] == "before the first run"


@pytest.mark.parametrize(
    "value, verdict",
    [(0.9, HOLDS_HERE), (0.5, HOLDS_NOT_HERE), (0.805, INCONCLUSIVE)],
)
def test_another_network_s_pattern_holds_there_or_not(value, verdict):
    assert row(claim(**TOLD), Finding(near(value), elsewhere=True))["verdict"] == verdict


def test_a_claim_that_cannot_fail_counts_for_nothing_and_says_why():
    got = row(claim(**TOLD, by_construction="an identity"), Finding(near(0.9), "more"))
    assert (got["verdict"], got["note"]) == (BY_CONSTRUCTION, "an identity; more")


def test_a_claim_that_its_alternatives_pass_counts_for_nothing():
    told = claim(rule="at_least", tolerance="0.8", alternatives={"random directions": "0.9"})
    assert row(told, Finding(near(0.9)))["verdict"] == BY_CONSTRUCTION
    elsewhere = Finding(near(0.9), elsewhere=True)
    assert row(told, elsewhere)["verdict"] == BY_CONSTRUCTION


def test_what_fails_fails_even_if_it_should_not_be_able_to():
    told = claim(**TOLD, by_construction="an identity")
    assert row(told, Finding(near(0.5)))["verdict"] == NOT_REPRODUCED


def test_with_own_settings_there_is_no_verdict():
    got = row(claim(**TOLD), Finding(near(0.9)), departures=["linear.width: 5"])
    assert (got["verdict"], got["ours"]) == (OWN_SETTINGS, 0.9)


def test_with_own_settings_parts_have_no_verdict_either():
    finding = Finding(None, parts={"d = 7": near(0.9)})
    assert row(claim(**TOLD), finding, departures=["a: 1"])["parts"] == "d = 7: 0.9 [0.89, 0.91]"


def test_a_claim_that_others_answer_names_them():
    got = row(claim(rule=BY_OTHERS, answered_by=["a", "b"]), None)
    assert (got["verdict"], got["answered_by"]) == (BY_OTHERS, "a;b")


@pytest.mark.parametrize("rule", WITHOUT_EVIDENCE)
def test_a_claim_without_evidence_has_a_row_without_a_number(rule):
    got = row(claim(rule=rule), None)
    assert got["verdict"] == rule
    assert np.isnan(got["ours"])
    assert got["n"] == 0


def test_parts_are_told_with_their_intervals_and_verdicts():
    parts = {"d = 7": near(0.9), "d = 8": near(0.5)}
    got = row(claim(**TOLD), Finding(None, parts=parts))
    assert got["verdict"] == PARTLY
    assert got["ours"] == 0.5
    assert got["parts"] == (
        "d = 7: 0.9 [0.89, 0.91], reproduced; d = 8: 0.5 [0.49, 0.51], not reproduced"
    )


def test_the_quantity_speaks_of_the_dimension_that_ran():
    told = claim(**TOLD | {"quantity": "mean at d = {linear.table_dimension}, {a.b}"})
    keys = {"linear.table_dimension": 5, "a.b": [1, 2]}
    assert row(told, Finding(near(0.9)), keys=keys)["quantity"] == "mean at d = 5, 1, 2"
    with pytest.raises(ValueError, match=r"names a\.b, which is not told; told: linear"):
        row(told, Finding(near(0.9)), keys={"linear.table_dimension": 5})


@pytest.mark.parametrize("found", [{}, {"made-up": Finding(near(1)), "other": Finding(near(1))}])
def test_claims_and_findings_must_be_the_same(found):
    missing = "claims without evidence: made-up" if not found else "without a claim: other"
    with pytest.raises(ValueError, match=missing):
        module.scores([claim(**TOLD)], found, {}, told={})


def test_rows_are_in_the_order_of_the_claims():
    claims = [claim(**TOLD | {"id": name}) for name in ("b", "a")]
    found = {name: Finding(Estimate(0.9, 0.9, 0.9, 1)) for name in ("a", "b")}
    assert module.scores(claims, found, {}, told={})["id"].tolist() == ["b", "a"]
