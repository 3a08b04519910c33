"""The scorecard on pages, from made-up claims with a verdict of each kind."""

import re
from pathlib import Path

import pytest

from fragility.paper import verdicts
from fragility.paper.verdicts import VERDICTS
from fragility.report import scorecard, templates

ROW = {
    "artifact": "Table 1", "statement": "|cos θ1| < 1", "quantity": "mean over a & b",
    "paper": "-0.5", "ours": "0.9",
    "low": "0.8", "high": "0.95", "n": "12", "rule": "at_least", "tolerance": "0.95",
    "judged_low": "0.8", "judged_high": "0.95", "parts": "d = 4: 1 [0, 2], partly; d = 5: 2",
    "alternatives": "no relation", "passed": "0.25", "note": "seen <once>", "reason": "why",
    "fixed": "before the first run", "trial": "0.3", "assumptions": "L1;L2",
    "answered_by": "claim-1;claim-2",
    "location": "Section 6", "part": "linear", "turns": "",
}  # fmt: skip
ROWS = [ROW | {"id": f"claim-{i}", "verdict": verdict} for i, verdict in enumerate(VERDICTS)]
WHERE = {("linear", "Table 1"): "linear.html#table-1"}
PAGES = Path(verdicts.__file__).parents[2] / "site/pages"
HTML = templates.environment(PAGES).get_template("_claims.html").module
OPTIONAL = (
    "Decided by", "By part", "Would refuse it", "By seed", "Rests on", "Note", "Answered by",
)  # fmt: skip
CHOICES = {"L1": 'the "batch"', "L2": "the rate"}
TABLE = HTML.table(ROWS, WHERE, CHOICES)


def test_each_verdict_has_a_mark_of_its_own_kind_and_its_words():
    assert set(scorecard.MARKS) == set(VERDICTS)
    for verdict in VERDICTS:
        assert f"</span> {verdict}</span>" in HTML.badge(verdict)
        assert 'href="x"' in HTML.badge(verdict, "x")


def test_the_table_has_a_row_with_an_anchor_for_each_claim():
    assert re.findall(r'<tr id="([^"]+)"', TABLE) == [row["id"] for row in ROWS]
    assert TABLE.count('href="linear.html#table-1"') == len(ROWS)
    assert TABLE.count('href="_files/linear/score.csv"') == len(ROWS)
    assert TABLE.count('href="assumptions.html#l2"') == len(ROWS)
    assert TABLE.count('href="#claim-2"') == len(ROWS)


def test_what_is_no_markup_is_escaped():
    assert "cos θ₁| &lt; 1" in TABLE and "a &amp; b" in TABLE and "&lt;once&gt;" in TABLE
    assert "&#34;batch&#34;" in TABLE
    assert "<once>" not in TABLE


def test_details_are_shown_where_there_are_any():
    plain = ROW | {"id": "a", "verdict": "partly", "judged_low": "0.7", "turns": "2 of 5"}
    page = HTML.table([plain], WHERE, CHOICES)
    assert all(f"<dt>{heading}</dt>" in page for heading in ("Rule", *OPTIONAL))
    bare = plain | dict.fromkeys(
        ("parts", "passed", "turns", "assumptions", "note", "answered_by"), ""
    )
    bare |= {"judged_low": "0.8", "trial": ""}
    page = HTML.table([bare], WHERE, CHOICES)
    assert not any(f"<dt>{heading}</dt>" in page for heading in OPTIONAL)
    assert "no relation (25\N{NO-BREAK SPACE}% of these pass)" in TABLE


def test_cells_stay_apart_in_the_search():
    assert "</td><td" not in TABLE and "</th><th" not in TABLE and "</dt><dd" not in TABLE


def test_numbers_are_sorted_by_their_values_and_others_last():
    assert 'data-sort="-0.5"' in TABLE
    counted = HTML.table([ROWS[0] | {"paper": "18/20"}], WHERE, CHOICES)
    assert 'data-label="paper" data-sort=""' in counted


def test_counts_and_bars():
    rows = [*ROWS[:2], ROWS[0], ROWS[1] | {"part": "relu"}]
    assert scorecard.counts(rows) == {"reproduced": 2, "partly": 2}
    page = HTML.bars(rows, {"linear": "Linear", "relu": "ReLU", "mnist": "MNIST"})
    assert page.count('role="listitem"') == 2  # no bar without claims
    assert 'style="flex:2" title="2 reproduced"' in page
    assert "claims.html#verdict=reproduced&amp;part=linear" in page


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_list_of_claims_links_each_to_its_row(verdict):
    (row,) = (row for row in ROWS if row["verdict"] == verdict)
    page = HTML.list([row])
    assert f'href="claims.html#{row["id"]}"' in page and verdict in page
    assert "0.900 [0.800, 0.950]" in page and "paper −0.5" in page
