"""The list of statements, held to all that speaks of them, and the evidence on all of them."""

from importlib import import_module
from inspect import signature
from pathlib import Path

import pandas as pd
import pytest
import yaml
from judging import CLAIMS

from fragility import statements
from fragility.runtime import settings
from fragility.statements import ON_NETWORKS, STATEMENTS
from fragility.statements.evidence import ALTERNATIVES, evidence

PARTS = ("closed_form", "simulation", "check", "summary", "table", "figure", "evidence")


def test_the_config_has_a_block_for_each_statement_in_their_order():
    block = settings.load_schema()["properties"]["theory"]["properties"]
    assert list(block) == ["networks", *STATEMENTS]


def test_each_statement_has_a_folder_with_the_same_parts():
    (library,) = map(Path, statements.__path__)
    assert {path.parent.name for path in library.glob("*/__init__.py")} == set(STATEMENTS)
    for name in STATEMENTS:
        modules = {path.stem for path in (library / name).glob("*.py")}
        assert modules == {"__init__", *PARTS}, name


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_page_s_text_has_the_same_title(name):
    (library,) = map(Path, statements.__path__)
    text = yaml.safe_load((library / name / f"{name}.yaml").read_text(encoding="utf-8"))
    assert text["title"] == STATEMENTS[name]
    assert text["question"] and text["finding"]
    assert (library / name / f"{name}.rst").is_file()  # the caption


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_check_takes_networks_if_its_statement_is_listed_as_on_networks(name):
    check = import_module(f"fragility.statements.{name}.check").check
    takes = ["settings", "seed", "clock", *(["networks"] if name in ON_NETWORKS else [])]
    assert list(signature(check).parameters) == takes


def test_every_change_of_our_results_is_named_by_a_claim_and_the_other_way_round():
    prefixes = tuple(name.replace("_", "-") for name in STATEMENTS)
    claims = [claim for name, claim in CLAIMS.items() if name.startswith(prefixes)]
    told = {value for claim in claims for value in claim.alternatives.values()}
    assert {value for value in told if not is_number(value)} == set(ALTERNATIVES)


def is_number(text):
    try:
        return float(text) is not None
    except ValueError:
        return False


def test_a_change_of_one_statement_leaves_out_the_others():
    first, *_ = STATEMENTS
    rows = [pd.DataFrame({"d": [4], "observed_perturbation": [2.0]}) for _ in STATEMENTS]
    changed = ALTERNATIVES["theorem_1 longer"]({"rows": rows, "dimensions": {first: [4]}}, None)
    assert changed["rows"][0]["observed_perturbation"].tolist() == [2.2]
    assert changed["rows"][1:] == [None] * (len(STATEMENTS) - 1)
    assert changed["dimensions"] == {first: [4]}
    assert evidence([None] * len(STATEMENTS), dimensions={}) == {}


def test_a_statement_without_rows_at_one_of_its_dimensions_is_named():
    first, *others = STATEMENTS
    rows = [pd.DataFrame({"d": [4.0, 8.0, None]}) for _ in STATEMENTS]
    wanted = {first: [4, 8, 16, 32]} | {name: [4] for name in others}
    with pytest.raises(ValueError, match=rf"{first}: no row at d = \[16, 32\] among its 3 rows"):
        evidence(rows, dimensions=wanted)
