"""The start page's picture: which claims are its rows, and where their marks stand."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from fragility.paper import claims
from fragility.report import picture, templates

WORKFLOW = Path(claims.__file__).parents[2]
SPEC = yaml.safe_load((WORKFLOW / "site/picture.yaml").read_text(encoding="utf-8"))
PAGES = templates.environment(WORKFLOW / "site/pages")
CLAIMS = claims.read_all_claims(WORKFLOW / "paper/claims")
ROW = {"part": "Linear", "label": "easiest |cos θ1|", "claim": "a"}


def drawn(rows, scores, template="_picture.html"):
    return PAGES.get_template(template).render(marks=picture.marks(rows, scores))


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
    page = drawn([ROW], score("1", "0.1", "10"))
    assert 'class="dot" style="left:50.0%"' in page
    assert 'class="range" style="left:0.0%;right:0.0%"' in page
    inverted = drawn([ROW | {"invert": True}], score("1", "0", "2"))
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
    assert f'class="row {kind}"' in drawn([ROW], score(verdict=verdict))


def test_a_claim_without_a_number_has_a_dash_and_no_mark():
    page = drawn([ROW], score("", "", ""))
    assert ">–</span>" in page and 'class="dot"' not in page


def test_a_row_on_an_unknown_claim_is_an_error():
    with pytest.raises(KeyError):
        picture.marks([ROW | {"claim": "b"}], score())


@pytest.mark.parametrize("ours", ["0.1", "1", "25", ""])
@pytest.mark.parametrize("verdict", ["reproduced", "not reproduced", "inconclusive"])
def test_the_drawing_for_documents_has_the_same_marks(ours, verdict):
    scores = score(ours, "0.1", "30", verdict)
    drawing = ElementTree.fromstring(drawn([ROW], scores, "_picture.svg"))
    (mark,) = picture.marks([ROW], scores)
    (row,) = drawing.iterfind("{*}g")
    assert row.get("class") == mark.kind
    assert [each.text for each in row.iterfind("{*}text")][1] == mark.number
    squares = row.findall("{*}rect")
    assert len(squares) == bool(ours)
    for square in squares:
        x = float(re.search(r"translate\(([\d.]+) ", square.get("transform"))[1])
        assert x == pytest.approx(250 + 390 * picture.place(float(ours)), abs=0.05)
