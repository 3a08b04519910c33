"""The paper as data: its tables as printed, and its claims."""

from pathlib import Path

import numpy as np
import pytest

from fragility.paper import claims
from fragility.paper.verdicts import RULES, WITHOUT_EVIDENCE

FOLDER = Path(claims.__file__).parents[2] / "paper"
CLAIMS = claims.read_all_claims(FOLDER / "claims")


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
    assert next(c for c in CLAIMS if c.id == "t2-valid").tolerance == ""


# --- the claims ---


def test_claim_ids_are_unique_and_their_words_are_there():
    ids = [claim.id for claim in CLAIMS]
    assert len(ids) == len(set(ids)) > 0
    for c in CLAIMS:
        for field in ("artifact", "quantity", "statement", "reason", "location"):
            assert getattr(c, field).strip(), f"{c.id}: no {field}"


def test_every_claim_names_a_known_rule():
    assert {c.rule for c in CLAIMS} <= set(RULES)


def test_every_assumption_of_a_claim_is_listed():
    listed = claims.read_assumptions(FOLDER)["id"].tolist()
    assert len(listed) == len(set(listed))
    for c in CLAIMS:
        assert set(c.assumptions) <= set(listed), c.id


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
    **dict.fromkeys(WITHOUT_EVIDENCE, lambda c: ()),
}


@pytest.mark.parametrize("c", CLAIMS, ids=lambda c: c.id)
def test_a_claim_has_the_numbers_its_rule_reads(c):
    assert np.isfinite(NEEDS[c.rule](c)).all()


def test_counts_are_printed_as_hits_of_their_sample():
    for c in CLAIMS:
        if "/" in c.paper:
            hits, n = map(int, c.paper.split("/"))
            assert 0 <= hits <= n == int(c.paper_n)


def test_a_claim_judged_by_a_bound_says_what_would_refuse_it():
    """Predictions have their own alternatives; a claim without any must say why it cannot fail."""
    bounds = [c for c in CLAIMS if c.rule in ("equivalence", "at_least", "at_most")]
    silent = [c.id for c in bounds if not c.alternatives and not c.by_construction]
    assert len(bounds) > 50
    assert not silent


def test_every_part_has_its_file_and_no_file_is_left_out():
    assert sorted(path.stem for path in (FOLDER / "claims").glob("*.yaml")) == sorted(claims.PARTS)


@pytest.mark.parametrize(
    "text, message",
    [
        ("[{id: a, rul: at_least}]", "claim a: unknown fields rul"),
        ("[{id: a}]", "claim a.*artifact"),
    ],
)
def test_a_field_that_is_wrong_or_missing_is_named_with_its_claim(tmp_path, text, message):
    path = tmp_path / "some.yaml"
    path.write_text(text)
    with pytest.raises(ValueError, match=rf"some\.yaml.*{message}"):
        claims.read_claims(path)


def test_printed_numbers_keep_their_precision(tmp_path):
    path = tmp_path / "some.yaml"
    fields = ("artifact", "statement", "quantity", "rule", "reason", "location")
    words = ", ".join(f"{name}: a" for name in fields)
    path.write_text(f"[{{id: a, {words}, paper: 0.3280, tolerance: 1e-9}}]")
    (one,) = claims.read_claims(path)
    assert (one.paper, one.tolerance, one.fixed) == ("0.3280", "1e-9", claims.BEFORE)
