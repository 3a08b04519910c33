"""Claims of the text: no experiment answers them yet, or several named claims do together."""

import pytest
from workflow_runs import REPOSITORY

from fragility.paper.claims import BEFORE, read_all_claims, read_claims
from fragility.paper.estimates import Estimate
from fragility.paper.scores import scores
from fragility.paper.verdicts import BY_OTHERS, NOT_TESTED, WITHOUT_EVIDENCE, Finding

FOLDER = REPOSITORY / "workflow/paper/claims"
CLAIMS = read_claims(FOLDER / "text.yaml")


def test_each_is_on_the_scorecard_without_a_verdict_of_its_own():
    rows = scores(CLAIMS, {}, {}, told={})  # the scorecard tells no settings, so none may be named
    assert rows["id"].is_unique
    assert len(rows) > 20
    assert set(rows["verdict"]) == {NOT_TESTED, BY_OTHERS}
    assert rows["ours"].isna().all()


def test_each_says_in_a_sentence_what_the_paper_claims_and_since_when_it_is_listed():
    for claim in CLAIMS:
        assert claim.id.startswith("text-")
        assert claim.statement.endswith("."), claim.id
        assert claim.fixed != BEFORE, claim.id


def test_what_others_answer_names_claims_that_have_a_number_and_nothing_else_does():
    judged = {claim.id for claim in read_all_claims(FOLDER) if claim.rule not in WITHOUT_EVIDENCE}
    for claim in read_all_claims(FOLDER):
        assert set(claim.answered_by) <= judged, claim.id
        assert bool(claim.answered_by) == (claim.rule == BY_OTHERS), claim.id


def test_an_estimate_for_one_needs_another_rule():
    found = {CLAIMS[0].id: Finding(Estimate(0.5, 0.4, 0.6, 10))}
    with pytest.raises(ValueError, match=f"evidence without a claim: {CLAIMS[0].id}"):
        scores(CLAIMS, found, {}, told={})
