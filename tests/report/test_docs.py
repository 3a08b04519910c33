"""The snapshot in docs/ and the README matches the code's claims and findings; links lead on."""

import re
from pathlib import Path

import pytest
import yaml

from fragility.paper import claims
from fragility.report import findings

REPOSITORY = Path(claims.__file__).parents[3]
RENEW = "make docs, after a full run on default settings"
PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]


@pytest.fixture(scope="module")
def scores():
    rows = claims.read_csv_strings(REPOSITORY / "docs/scorecard.csv").to_dict("records")
    return {row["id"]: row for row in rows}


@pytest.fixture(scope="module")
def found(scores):
    """Answers and findings, filled in from the snapshot's numbers."""
    said = yaml.safe_load((REPOSITORY / "workflow/site/findings.yaml").read_text("utf-8"))
    values = findings.Values(scores, REPOSITORY / "docs/tables")
    return {name: findings.chosen(said[name], values, strict=True) for name in said}


def test_the_snapshot_is_of_the_claims_as_they_stand(scores):
    every = claims.read_all_claims(REPOSITORY / "workflow/paper/claims")
    assert list(scores) == [claim.id for claim in every], RENEW
    for claim in every:
        for name in ("rule", "tolerance", "paper", "statement"):
            kept, now = scores[claim.id][name], getattr(claim, name)
            assert kept == now or float(kept) == float(now), (claim.id, name, RENEW)


def test_readme_and_findings_say_what_the_site_says(found):
    readme, page = (path.read_text("utf-8") for path in (PAGES[0], REPOSITORY / "docs/findings.md"))
    for one in found["answers"]:
        assert one.headline in readme and one.text in readme, RENEW
    for one in (*found["answers"], *found["findings"]):
        assert one.headline in page and one.text in page, RENEW


def test_the_snapshot_says_which_run_it_is_of():
    for name in ("findings", "scorecard"):
        text = (REPOSITORY / f"docs/{name}.md").read_text("utf-8")
        assert re.search(r"commit [0-9a-f]{12}.*finished on \d{4}-\d\d-\d\d", text)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(path):
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text("utf-8"))
    for link in links:
        assert link.startswith("https://") or (path.parent / link).exists(), link


def test_the_readme_is_one_that_people_finish():
    """Words of prose: without the map of folders, commands and the table of verdicts."""
    text = re.sub(r"```.*?```|^[|].*?$", "", PAGES[0].read_text("utf-8"), flags=re.S | re.M)
    assert 600 < len(text.split()) < 1150
