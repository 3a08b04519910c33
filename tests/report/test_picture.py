"""The start page's picture: which claims are its rows, and where their marks stand."""

import re
from pathlib import Path

import pytest
import yaml

from fragility.paper import claims
from fragility.report import picture

WORKFLOW = Path(claims.__file__).parents[2]
SPEC = yaml.safe_load((WORKFLOW / "site/picture.yaml").read_text(encoding="utf-8"))
CLAIMS = claims.read_all_claims(WORKFLOW / "paper/claims")
ROW = {"part": "Linear", "label": "easiest |cos θ1|", "claim": "a"}


def score(ours="0.5", low="0.25", high="1", verdict="reproduced"):
    return {"a": {"ours": ours, "low": low, "high": high, "verdict": verdict}}


def test_every_claim_of_the_form_predicted_over_needed_is_a_row():
    meant = {
        claim.id
        for claim in CLAIMS
        if any(re.search(words, claim.quantity) for words in SPEC["quotients"])
    }
    rows = [row["claim"] for row in SPEC["rows"]]
    assert meant == {*rows, *SPEC["left_out"]}
    assert len(set(rows)) == len(rows) >= 8
    assert all(len(reason) > 20 for reason in SPEC["left_out"].values())


def test_each_pattern_of_the_rule_finds_a_claim():
    for words in SPEC["quotients"]:
        assert any(re.search(words, claim.quantity) for claim in CLAIMS), words


def test_a_ratio_is_inverted_with_its_limits():
    assert picture.ratio(score()["a"], invert=True) == (2, 1, 4)
    assert picture.ratio(score()["a"], invert=False) == (0.5, 0.25, 1)


def test_one_stands_in_the_middle_and_a_limit_of_zero_at_the_end():
    page = picture.ratios([ROW], score("1", "0.1", "10"))
    assert 'class="dot" style="left:50.0%"' in page
    assert 'class="range" style="left:0.0%;right:0.0%"' in page
    inverted = picture.ratios([ROW | {"invert": True}], score("1", "0", "2"))
    assert "right:0.0%" in inverted


@pytest.mark.parametrize(
    "verdict, kind",
    [
        ("reproduced", "near"),
        ("holds here too", "near"),
        ("not reproduced", "off"),
        ("inconclusive", "open"),
        ("by construction", "open"),
        ("own settings", "open"),
    ],
)
def test_the_mark_follows_the_claims_own_verdict(verdict, kind):
    assert f'class="row {kind}"' in picture.ratios([ROW], score(verdict=verdict))


def test_a_claim_without_a_number_has_a_dash_and_no_mark():
    page = picture.ratios([ROW], score("", "", ""))
    assert ">–</span>" in page and 'class="dot"' not in page


def test_a_row_on_an_unknown_claim_is_an_error():
    with pytest.raises(KeyError):
        picture.ratios([ROW | {"claim": "b"}], score())
