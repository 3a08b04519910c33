"""Claims of the text that no experiment answers yet: they are listed, and get no other verdict."""

import pytest
from workflow_runs import REPOSITORY

from fragility.paper.claims import BEFORE, read_claims
from fragility.paper.estimates import Estimate
from fragility.paper.scores import scores
from fragility.paper.verdicts import NOT_TESTED, Finding

CLAIMS = read_claims(REPOSITORY / "workflow/paper/claims/text.yaml")


def test_each_is_on_the_scorecard_as_not_tested_yet():
    rows = scores(CLAIMS, {}, {}, told={})  # the scorecard tells no settings, so none may be named
    assert rows["id"].is_unique
    assert len(rows) > 20
    assert set(rows["verdict"]) == {NOT_TESTED}
    assert rows["ours"].isna().all()


def test_each_says_in_a_sentence_what_the_paper_claims_and_since_when_it_is_listed():
    for claim in CLAIMS:
        assert claim.id.startswith("text-")
        assert claim.statement.endswith("."), claim.id
        assert claim.fixed != BEFORE, claim.id


def test_an_estimate_for_one_needs_another_rule():
    found = {CLAIMS[0].id: Finding(Estimate(0.5, 0.4, 0.6, 10))}
    with pytest.raises(ValueError, match=f"evidence without a claim: {CLAIMS[0].id}"):
        scores(CLAIMS, found, {}, told={})
