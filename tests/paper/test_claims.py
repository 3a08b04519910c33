"""The paper as data: its tables as printed, its claims, and the rules that judge ours."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from fragility.paper import claims
from fragility.paper.estimates import Estimate, mean, proportion

FOLDER = Path(claims.__file__).parents[2] / "paper"
CLAIMS = claims.read_claims(FOLDER)
NAN = float("nan")


def claim(**changed):
    """A made-up claim; its rule and numbers are what a test is about."""
    row = dict.fromkeys(claims.Claim.__dataclass_fields__, "")
    return claims.Claim(**row | {"id": "made-up"} | changed)


# --- the printed tables ---

# rows, columns, and one entry whose printed form a number would lose
TABLES = {
    1: (10, 4, "-0.1970"),
    2: (1, 3, "0.3280"),
    3: (10, 3, "0.3270"),
    4: (2, 5, "5.1928935050964355"),
    5: (5, 7, "-0.2170"),
    6: (12, 5, "-0.4240"),
    7: (12, 5, "-0.0060"),
    8: (4, 5, "-0.03486"),
}


@pytest.mark.parametrize("number", TABLES)
def test_each_table_is_there_with_its_printed_precision(number):
    n_rows, n_columns, entry = TABLES[number]
    table = claims.read_table(FOLDER, number)
    assert table.shape == (n_rows, n_columns)
    entries = table.to_numpy().ravel().tolist()
    assert all(isinstance(value, str) and value == value.strip() != "" for value in entries)
    assert entry in entries


@pytest.mark.parametrize("number", TABLES)
def test_each_table_holds_numbers_but_for_its_row_names(number):
    table = claims.read_table(FOLDER, number)
    assert np.isfinite(table.iloc[:, 1:].astype(float).to_numpy()).all()


def test_there_are_no_other_tables():
    assert sorted(path.name for path in FOLDER.glob("table_*.csv")) == [
        f"table_{number}.csv" for number in TABLES
    ]


def test_missing_entries_stay_empty_strings():
    assert claim_of("t2-valid").tolerance == ""


# --- the claims ---


def claim_of(name):
    return next(claim for claim in CLAIMS if claim.id == name)


@pytest.fixture(scope="module")
def aligned():
    """The nine rows of Table 1 with |cos theta_2| > 0.9, absolute values."""
    table = claims.read_table(FOLDER, 1).drop(columns="experiment").astype(float).abs()
    rows = table[table["cos_theta_2"] > 0.9]
    assert len(rows) == 9
    return rows


def test_the_printed_mean_of_cos_theta_2_is_table_1_s(aligned):
    assert f"{aligned['cos_theta_2'].mean():.4f}" == claim_of("t1-cos-theta-2").paper == "0.9979"


def test_the_printed_correlation_is_table_1_s(aligned):
    r = np.corrcoef(aligned["phi"], aligned["cos_theta_1"])[0, 1]
    assert f"{r:.4f}" == claim_of("t1-correlation").paper == "0.9978"


def test_the_printed_slope_is_table_1_s(aligned):
    slope, _ = np.polyfit(aligned["phi"], aligned["cos_theta_1"], 1)
    assert f"{slope:.4f}" == "0.9764"
    assert "0.9764" in claim_of("t1-slope").statement


def test_claims_about_run_7_quote_its_row():
    run = claims.read_table(FOLDER, 1).set_index("experiment").loc["7"].str.lstrip("-")
    feasible, trained = claim_of("t1-run-7"), claim_of("t1-run-7-trained")
    assert feasible.paper == run["cos_theta_1"]
    assert all(value in feasible.statement for value in run)
    assert f"φ = {run['phi']}" in feasible.quantity
    assert f"{float(run['cos_theta_1']) - float(run['phi']):.4f}" in trained.quantity


@pytest.mark.parametrize(
    "name, column",
    [
        ("t2-cos-theta-1", "mean_abs_cos_theta_1"),
        ("t2-phi", "mean_phi"),
        ("t2-difference", "mean_abs_difference"),
    ],
)
def test_claims_about_table_2_quote_it(name, column):
    assert claim_of(name).paper == claims.read_table(FOLDER, 2)[column].item()


def test_claim_ids_are_unique_and_their_words_are_there():
    ids = [claim.id for claim in CLAIMS]
    assert len(ids) == len(set(ids)) > 0
    for c in CLAIMS:
        for field in ("artifact", "quantity", "statement", "reason", "location"):
            assert getattr(c, field).strip(), f"{c.id}: no {field}"


def test_every_claim_names_a_known_rule():
    assert {c.rule for c in CLAIMS} <= set(claims.RULES)


def test_every_assumption_of_a_claim_is_listed():
    listed = claims.read_assumptions(FOLDER)["id"].tolist()
    assert len(listed) == len(set(listed))
    for c in CLAIMS:
        assert set(filter(None, c.assumptions.split(";"))) <= set(listed), c.id


def test_every_listed_assumption_says_what_and_why():
    for row in claims.read_assumptions(FOLDER).to_dict("records"):
        for field in ("experiment", "choice", "paper", "ours", "reason"):
            assert row[field].strip(), f"{row['id']}: no {field}"


NEEDS = {  # which numbers each rule reads
    "prediction": lambda c: (float(c.paper), int(c.paper_n)),
    "count_prediction": lambda c: tuple(map(int, c.paper.split("/"))),
    "inside": lambda c: (float(c.paper),),
    "equivalence": lambda c: (float(c.paper), float(c.tolerance)),
    "at_least": lambda c: (float(c.tolerance),),
    "at_most": lambda c: (float(c.tolerance),),
    "not_comparable": lambda c: (),
}


@pytest.mark.parametrize("c", CLAIMS, ids=lambda c: c.id)
def test_a_claim_has_the_numbers_its_rule_reads(c):
    assert np.isfinite(NEEDS[c.rule](c)).all()


def test_counts_are_printed_as_hits_of_their_sample():
    for c in CLAIMS:
        if "/" in c.paper:
            hits, n = map(int, c.paper.split("/"))
            assert 0 <= hits <= n == int(c.paper_n)


# --- the rules ---


def near(value, half=0.01, n=100):
    return Estimate(value, value - half, value + half, n, 0.05)


SAMPLE = mean([0.2, 0.3, 0.4, 0.5])  # mean 0.35, spread 0.129; the mean of 4 more: +-0.29, +-0.83
VERDICTS = [
    # rule, claim's numbers, our estimate, verdict
    ("at_least", {"tolerance": "0.95"}, near(0.97), claims.REPRODUCED),
    ("at_least", {"tolerance": "0.95"}, Estimate(0.96, 0.95, 0.97, 9), claims.REPRODUCED),
    ("at_least", {"tolerance": "0.95"}, near(0.955), claims.PARTLY),
    ("at_least", {"tolerance": "0.95"}, near(0.945), claims.NOT_REPRODUCED),
    ("at_least", {"tolerance": "0.95"}, near(0.5), claims.NOT_REPRODUCED),
    ("at_most", {"tolerance": "0.05"}, near(0.03), claims.REPRODUCED),
    ("at_most", {"tolerance": "0.05"}, Estimate(0.04, 0.03, 0.05, 9), claims.REPRODUCED),
    ("at_most", {"tolerance": "0.05"}, near(0.045), claims.PARTLY),
    ("at_most", {"tolerance": "0.05"}, near(0.055), claims.NOT_REPRODUCED),
    ("equivalence", {"paper": "1", "tolerance": "0.1"}, near(1.05), claims.REPRODUCED),
    ("equivalence", {"paper": "1", "tolerance": "0.1"}, near(0.95), claims.REPRODUCED),
    ("equivalence", {"paper": "1", "tolerance": "0.1"}, near(1.095), claims.PARTLY),
    ("equivalence", {"paper": "1", "tolerance": "0.1"}, near(0.905), claims.PARTLY),
    ("equivalence", {"paper": "1", "tolerance": "0.1"}, near(1, half=0.2), claims.PARTLY),
    ("equivalence", {"paper": "1", "tolerance": "0.1"}, near(1.2), claims.NOT_REPRODUCED),
    ("equivalence", {"paper": "1", "tolerance": "0.1"}, near(0.8), claims.NOT_REPRODUCED),
    ("prediction", {"paper": "0.60", "paper_n": "4"}, SAMPLE, claims.REPRODUCED),
    ("prediction", {"paper": "0.10", "paper_n": "4"}, SAMPLE, claims.REPRODUCED),
    ("prediction", {"paper": "0.70", "paper_n": "4"}, SAMPLE, claims.PARTLY),
    ("prediction", {"paper": "0.00", "paper_n": "4"}, SAMPLE, claims.PARTLY),
    ("prediction", {"paper": "1.60", "paper_n": "4"}, SAMPLE, claims.NOT_REPRODUCED),
    ("prediction", {"paper": "-0.9", "paper_n": "4"}, SAMPLE, claims.NOT_REPRODUCED),
    ("prediction", {"paper": "0.35", "paper_n": "4"}, mean([0.35]), claims.NOT_COMPARABLE),
    ("prediction", {"paper": "0.35", "paper_n": "4"}, mean([]), claims.NOT_COMPARABLE),
    # 180 of 200: of 20 more, 15 to 20 in 95 % of cases, 12 to 20 in 99.9 %
    ("count_prediction", {"paper": "18/20"}, proportion(180, 200), claims.REPRODUCED),
    ("count_prediction", {"paper": "20/20"}, proportion(180, 200), claims.REPRODUCED),
    ("count_prediction", {"paper": "15/20"}, proportion(180, 200), claims.REPRODUCED),
    ("count_prediction", {"paper": "14/20"}, proportion(180, 200), claims.PARTLY),
    ("count_prediction", {"paper": "9/20"}, proportion(180, 200), claims.NOT_REPRODUCED),
    ("count_prediction", {"paper": "18/20"}, proportion(0, 0), claims.NOT_COMPARABLE),
    ("inside", {"paper": "0.33"}, Estimate(0.35, 0.30, 0.40, 60), claims.REPRODUCED),
    ("inside", {"paper": "0.30"}, Estimate(0.35, 0.30, 0.40, 60), claims.REPRODUCED),
    ("inside", {"paper": "0.40"}, Estimate(0.35, 0.30, 0.40, 60), claims.REPRODUCED),
    ("inside", {"paper": "0.299"}, Estimate(0.35, 0.30, 0.40, 60), claims.NOT_REPRODUCED),
    ("inside", {"paper": "0.401"}, Estimate(0.35, 0.30, 0.40, 60), claims.NOT_REPRODUCED),
    ("inside", {"paper": "0.35"}, Estimate(0.35, NAN, NAN, 5), claims.NOT_COMPARABLE),
    ("inside", {"paper": "0.35"}, Estimate(0.35, 0.30, NAN, 5), claims.NOT_COMPARABLE),
    ("inside", {"paper": "0.90"}, Estimate(0.35, NAN, 0.40, 5), claims.NOT_COMPARABLE),
    ("inside", {"paper": "0.35"}, Estimate(NAN, NAN, NAN, 0), claims.NOT_COMPARABLE),
    ("not_comparable", {"paper": "20/50"}, proportion(20, 50), claims.NOT_COMPARABLE),
    ("not_comparable", {"paper": "1"}, near(1), claims.NOT_COMPARABLE),
]


@pytest.mark.parametrize("rule, numbers, ours, verdict", VERDICTS)
def test_a_rule_s_verdict(rule, numbers, ours, verdict):
    assert claims.judge(claim(rule=rule, **numbers), ours) == verdict


def test_every_rule_is_tried_with_every_verdict_it_can_give():
    tried = {(rule, verdict) for rule, _, _, verdict in VERDICTS}
    graded = itertools.product(
        set(claims.RULES) - {"not_comparable"},
        (claims.REPRODUCED, claims.PARTLY, claims.NOT_REPRODUCED),
    )
    in_or_out = {("inside", claims.PARTLY)}  # which one interval cannot say
    incomparable = {(rule, claims.NOT_COMPARABLE) for rule in ("inside", "not_comparable")}
    assert tried >= {*graded, *incomparable} - in_or_out


def test_inside_is_never_partly():
    ours = Estimate(0.35, 0.30, 0.40, 60)
    found = {
        claims.judge(claim(rule="inside", paper=str(printed), tolerance="0.5"), ours)
        for printed in np.linspace(0.2, 0.5, 61)
    }
    assert found == {claims.REPRODUCED, claims.NOT_REPRODUCED}


UNKNOWN = [
    Estimate(NAN, NAN, NAN, 0),
    Estimate(NAN, NAN, NAN, 3, NAN),
    Estimate(0.9, NAN, NAN, 1, NAN),  # one observation: a number without an interval
]


@pytest.mark.parametrize("rule", ["prediction", "inside", "equivalence", "at_least", "at_most"])
@pytest.mark.parametrize("ours", UNKNOWN)
def test_an_unknown_number_is_never_reproduced(rule, ours):
    numbers = {"paper": "0.9", "paper_n": "18", "tolerance": "0.9"}
    assert claims.judge(claim(rule=rule, **numbers), ours) != claims.REPRODUCED


def test_a_count_of_nothing_is_never_reproduced():
    ours = Estimate(NAN, NAN, NAN, 0)
    assert claims.judge(claim(rule="count_prediction", paper="0/20"), ours) == claims.NOT_COMPARABLE


def test_a_rule_that_does_not_exist_is_refused_by_name():
    with pytest.raises(ValueError, match=r"made-up.*roughly.*at_least"):
        claims.judge(claim(rule="roughly"), near(1))


def test_a_row_of_the_scorecard_has_the_claim_and_our_estimate():
    c = claim_of("t2-phi")
    row = claims.score(c, SAMPLE, "a note")
    assert list(row) == claims.SCORECARD_COLUMNS
    assert [row[k] for k in ("reproduced", "low", "high", "n")] == list(SAMPLE[:4])
    assert (row["paper"], row["note"]) == ("0.3280", "a note")
    assert row["verdict"] == claims.judge(c, SAMPLE) == claims.REPRODUCED


def test_scores_are_in_the_order_of_the_claims_and_of_those_with_evidence_only():
    ids = [c.id for c in CLAIMS]
    chosen = [ids[20], ids[3], ids[11]]
    found = {name: (SAMPLE, f"note on {name}") for name in chosen}
    table = claims.scores(FOLDER, found)
    assert table["id"].tolist() == [ids[3], ids[11], ids[20]]
    assert table["note"].tolist() == [f"note on {name}" for name in table["id"]]
    assert table.columns.tolist() == claims.SCORECARD_COLUMNS
    expected = [claims.score(claim_of(name), *found[name]) for name in table["id"]]
    assert table.to_dict("records") == expected


def test_evidence_on_claims_there_are_not_is_refused_by_their_names():
    found = {name: (SAMPLE, "") for name in ("t2-phi", "t9-zeta", "t9-alpha")}
    with pytest.raises(ValueError, match=r"claims\.csv lacks: t9-alpha, t9-zeta$"):
        claims.scores(FOLDER, found)


def test_without_evidence_there_are_no_scores_but_their_columns():
    table = claims.scores(FOLDER, {})
    assert len(table) == 0
    assert table.columns.tolist() == claims.SCORECARD_COLUMNS


def test_the_verdicts_are_four_words():
    assert claims.VERDICTS == ("reproduced", "partly", "not reproduced", "not comparable")


def test_an_unknown_count_with_observations_is_not_comparable():
    printed = claim(rule="count_prediction", paper="1/2")
    assert claims.judge(printed, Estimate(NAN, NAN, NAN, 3)) == claims.NOT_COMPARABLE
    assert claims.judge(printed, proportion(2, 3)) == claims.REPRODUCED  # a known one is judged
