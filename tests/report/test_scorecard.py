"""The pages of the scorecard, of the assumptions and of provenance, from made-up scores."""

from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_up_claims import claim

from fragility.paper import claims
from fragility.paper import scores as judged
from fragility.paper.estimates import correlation
from fragility.paper.verdicts import VERDICTS, Finding
from fragility.report import scorecard

PAPER = Path(claims.__file__).parents[2] / "paper"
SHOWN = VERDICTS[:4]
STAMP = ["linear.width: 10 (full run: 3000)"]


@pytest.fixture(scope="module")
def scores():
    """Four claims as read from a scorecard, one verdict each, every cell a string."""
    told = claim(
        rule="at_least", tolerance="0.95", artifact="Table 1", alternatives={"no relation": "0"}
    )
    finding = Finding(correlation([1, 2, 3, 4, 5], [1, 2, 3, 5, 4]), "a < b")
    row = judged.scores([told], {"made-up": finding}, {}, told={}).iloc[0].to_dict()
    rows = [
        row | {"id": f"claim-{i}", "verdict": verdict, "assumptions": "L1;L2"}
        for i, verdict in enumerate(SHOWN)
    ]
    rows[3] |= {"ours": np.nan, "low": np.nan, "high": np.nan, "assumptions": "L2"}
    text = pd.DataFrame(rows).to_csv(index=False)
    return pd.read_csv(StringIO(text), dtype=str, keep_default_na=False)


def test_the_start_page_counts_the_verdicts_and_shows_every_claim(scores):
    page = scorecard.start_page(scores, "<svg/>", [])
    for verdict in SHOWN:
        assert f"<b>1</b>{verdict}:" in page
    assert page.count("class='verdict ") == 4
    assert "0.900 [" in page
    assert "stamp'" not in page.split("</style>")[1]
    assert "full run: 3000" in scorecard.start_page(scores, "<svg/>", STAMP)


def test_the_claims_page_shows_rule_reason_and_assumptions(scores):
    page = scorecard.claims_page(scores, [])
    assert all(name in page for name in scores["id"])
    assert "at least 0.95" in page
    assert "a &lt; b" in page
    assert "L1 L2</td>" in page
    assert ">–</td>" in page


def test_the_scorecard_in_markdown_counts_the_verdicts_by_artifact(scores):
    lines = scorecard.markdown(scores).splitlines()
    assert all(verdict in lines[0] for verdict in SHOWN)
    (row,) = lines[2:]  # the four claims share an artifact, one verdict each
    assert [cell.strip() for cell in row.strip("|").split("|")] == ["Table 1", "1", "1", "1", "1"]
    more = scorecard.markdown(pd.concat([scores, scores[:1].assign(artifact="Figure 2")]))
    cells = [cell.strip() for cell in more.splitlines()[3].strip("|").split("|")]
    assert cells == ["Figure 2", "1", "", "", ""]


def test_the_assumptions_page_lists_the_claims_resting_on_each(scores):
    assumptions = claims.read_assumptions(PAPER)
    page = scorecard.assumptions_page(assumptions, scores, [])
    assert page.count("<tr>") == 1 + len(assumptions)
    assert "claim-0, claim-1, claim-2</td>" in page  # L1
    assert "claim-0, claim-1, claim-2, claim-3</td>" in page  # L2
