"""Findings: numbers filled in, and refused where the claims they rest on no longer hold."""

import re
from pathlib import Path

import pandas as pd
import pytest
import yaml

from fragility.paper import claims
from fragility.paper.verdicts import OWN_SETTINGS, VERDICTS
from fragility.report import findings
from fragility.report.findings import FindingError, Values

WORKFLOW = Path(claims.__file__).parents[2]
LISTED = yaml.safe_load((WORKFLOW / "site/findings.yaml").read_text(encoding="utf-8"))
ALL = LISTED["answers"] + LISTED["findings"] + LISTED["conclusions"]
NUMBERS = {"ours": "0.5", "low": "0.4", "high": "0.6", "n": "20", "paper": "1"}
TURNED = [
    (one["id"], claim, verdict)
    for one in ALL
    for claim, needed in one["rests_on"].items()
    for verdict in VERDICTS
    if verdict not in ([needed] if isinstance(needed, str) else needed)
]


CLAIMS = [claim.id for claim in claims.read_all_claims(WORKFLOW / "paper/claims")]


def scores(**verdicts):
    """A scorecard on which every finding holds, by claim, with these verdicts changed."""
    rows = {name: NUMBERS | {"id": name, "verdict": "reproduced"} for name in CLAIMS}
    for one in ALL:
        for name, needed in one["rests_on"].items():
            rows[name]["verdict"] = needed if isinstance(needed, str) else needed[0]
    for name, verdict in verdicts.items():
        rows[name] = rows[name] | {"verdict": verdict}
    return rows


def named(name):
    """The finding of that name, as it is written."""
    (one,) = (one for one in ALL if one["id"] == name)
    return one


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    (folder / "depth.csv").write_text("layers,rho,words\n1,0.25,a\n5,0.456,b\n")
    for name, rows in named_cells().items():
        pd.DataFrame(rows).to_csv(folder / f"{name}.csv", index=False)
    return folder


def named_cells() -> dict[str, list[dict]]:
    """The rows of each table that a finding's sentence names, with a number in each named cell."""
    found = {}
    for one in ALL:
        for name, where, column in re.findall(r"\{(\w+)\(([^()]+)\)\.(\w+)", one["text"]):
            keys = dict(each.split("=") for each in where.split(","))
            row = next((r for r in found.setdefault(name, []) if keys.items() <= r.items()), None)
            if row is None:
                found[name].append(row := keys)
            row[column] = 0.5
    return found


def test_the_tables_that_findings_name_are_known():
    assert findings.tables_named(ALL) == set(named_cells())


def test_every_finding_holds_where_its_claims_do(tables):
    found = findings.chosen(ALL, Values(scores(), tables), strict=True)
    assert [one.id for one in found] == [one["id"] for one in ALL]
    assert all(one.text and "{" not in one.text for one in found)
    assert all(one.claims for one in found if one.headline)
    assert 5 <= len(LISTED["findings"]) <= 7


@pytest.mark.parametrize("finding, claim, verdict", TURNED)
def test_on_default_settings_a_finding_whose_claim_turns_is_refused(
    finding, claim, verdict, tables
):
    values = Values(scores(**{claim: verdict}), tables)
    with pytest.raises(
        FindingError, match=rf"{finding}.* no longer holds \(.*{claim} is {verdict}"
    ):
        findings.chosen([named(finding)], values, strict=True)


@pytest.mark.parametrize("finding, claim, verdict", TURNED)
def test_on_other_settings_it_says_what_was_measured_and_no_verdict(
    finding, claim, verdict, tables
):
    values = Values(scores(**{claim: verdict}), tables)
    (told,) = findings.chosen([named(finding)], values, strict=False)
    assert (told.headline, told.text) == ("", values.fill(named(finding)["measured"]))


def test_where_a_number_is_missing_the_finding_says_so(tables):
    rows = scores(**{"t7-chance": OWN_SETTINGS})
    rows["t7-chance"] = rows["t7-chance"] | dict.fromkeys(("ours", "low", "high"), "")
    values = Values(rows, tables)
    (told,) = findings.chosen([named("images")], values, strict=False)
    assert told.text == findings.UNMEASURED and told.headline == ""
    assert not values.lack("{t5-cos-match.interval}") and values.lack("is {t7-chance.ours}")


def test_without_verdicts_no_finding_has_a_headline(tables):
    without = {name: row | {"verdict": OWN_SETTINGS} for name, row in scores().items()}
    found = findings.chosen(ALL, Values(without, tables), strict=False)
    assert not any(one.headline for one in found if one.claims)


@pytest.mark.parametrize(
    "key, text",
    [
        ("t1-slope.ours", "0.50"),
        ("t1-slope.ours:3", "0.500"),
        ("t1-slope.ours:%", "50 %"),
        ("t1-slope.interval", "0.50 [0.40, 0.60]"),
        ("t1-slope.paper", "1"),
        ("t1-slope.n", "20"),
        ("depth(layers=5).rho", "0.46"),
        ("depth(layers=5, words=b).rho:%", "46 %"),
        ("depth(layers=1).words", "a"),
    ],
)
def test_a_key_is_replaced_by_its_number(key, text, tables):
    assert Values(scores(), tables).fill(f"is {{{key}}}.") == f"is {text}."


@pytest.mark.parametrize(
    "key",
    [
        *("t1-slop.ours", "t1-slope.our", "t1-slope.verdict", "t1-slope.ours:x", "anything"),
        *("depth(layers=9).rho", "depth().rho", "depth(layers=5).row", "deep(layers=5).rho"),
        "depth(layer=5).rho",
    ],
)
def test_an_unknown_key_is_an_error(key, tables):
    with pytest.raises(FindingError):
        Values(scores(), tables).fill(f"is {{{key}}}.")


def test_a_changed_number_changes_the_sentence(tables):
    before, after = (
        findings.chosen(ALL, Values(rows, tables), strict=True)
        for rows in (scores(), {k: v | {"ours": "0.7"} for k, v in scores().items()})
    )
    changed = [a.text != b.text for a, b in zip(before, after, strict=True)]
    told = [any(f"{{{name}." in one["text"] for name in one["rests_on"]) for one in ALL]
    assert changed == told
    assert sum(told) >= 8


def test_roles_stay_as_they_are(tables):
    text = "({claims:claim}`t1-slope`)"
    assert Values(scores(), tables).fill(text) == text


@pytest.mark.parametrize("needed", ["reproducd", [OWN_SETTINGS]])
def test_a_finding_that_needs_what_is_no_verdict_is_an_error(needed, tables):
    one = ALL[0] | {"rests_on": {"t1-slope": needed}}
    with pytest.raises(FindingError, match="no verdict"):
        findings.chosen([one], Values(scores(), tables), strict=False)


def test_a_finding_on_an_unknown_claim_is_an_error(tables):
    one = ALL[0] | {"rests_on": {"t1-slop": "reproduced"}}
    with pytest.raises(FindingError, match="t1-slop, which is no claim"):
        findings.chosen([one], Values(scores(), tables), strict=False)
