"""The list of statements, held to all that speaks of them, and the evidence on all of them."""

from importlib import import_module
from inspect import signature
from pathlib import Path

import pandas as pd
import pytest
import yaml

from fragility import statements
from fragility.runtime import settings
from fragility.statements import ON_NETWORKS, STATEMENTS
from fragility.statements.evidence import evidence

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


def test_a_statement_without_rows_at_one_of_its_dimensions_is_named():
    first, *others = STATEMENTS
    rows = [pd.DataFrame({"d": [4.0, 8.0, None]}) for _ in STATEMENTS]
    wanted = {first: [4, 8, 16, 32]} | {name: [4] for name in others}
    with pytest.raises(ValueError, match=rf"{first}: no row at d = \[16, 32\] among its 3 rows"):
        evidence(rows, dimensions=wanted)
