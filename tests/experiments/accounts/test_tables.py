"""The accounts' tables and figures on made-up rows."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from accounts_results import linear, measured, smooth

from fragility.experiments.accounts import figures, shares, tables

SEED = 7


@pytest.fixture(scope="module")
def rows():
    digits = measured(networks=4, groups=(0, 1, 2), angle=1, margin=1, angle_groups=1)
    return pd.concat([linear(), digits, smooth()], ignore_index=True)


@pytest.fixture(scope="module")
def found(rows):
    return shares.of_sources(rows, SEED, resamples=50)


def test_every_account_has_a_cell_for_every_source(rows, found):
    table = tables.accounts(rows, found, "0.70 (reproduced)", SEED)
    assert list(table) == ["account", "measure", "linear by d", "digits"]
    assert set(tables.ACCOUNTS) < set(table["account"])
    by = table.set_index(["account", "measure"])
    angle = by.loc[(next(iter(tables.ACCOUNTS)), "share over inputs of one network")]
    assert angle["linear by d"].startswith("0 ")
    assert by.iloc[-1]["digits"] == "0.70 (reproduced)"


def test_shares_have_a_row_for_each_level_even_without_a_number(found):
    few = [one for one in found if one.level == "inputs"]
    table = tables.shares(few)
    digits = table[(table["source"] == "digits") & (table["norm"] == "l2")]
    assert digits["level"].tolist() == list(shares.LEVELS.values())
    assert digits["angle"].isna().tolist() == [False, True, True]


def test_shares_and_lmg_shares_are_there(found):
    row = tables.shares(found).iloc[0]
    assert {"size", "size_low", "lmg_angle", "lmg_size_of_size"} <= set(row.index)


def test_what_was_measured_and_what_was_left_out(rows):
    table = tables.inputs(rows).set_index("source")
    assert table.loc["softplus", "measured"] == 0
    assert "for the quadrature only" in table.loc["softplus", "reasons"]
    assert table.loc["digits", "networks"] == 12


def test_the_claim_on_relabelled_inputs_is_quoted():
    scores = pd.DataFrame(
        [{"id": tables.RELABELLED, "ours": 0.7, "low": 0.6, "high": 0.8, "verdict": "reproduced"}]
    )
    assert tables.relabelled([scores]) == "0.70 [0.60, 0.80] (reproduced)"
    assert tables.relabelled([scores.assign(id="other")]) == "not measured in this run"


def test_gaps_by_points_are_columns(rows):
    table = tables.gaps(rows).set_index("source")
    assert table.loc["digits", "points_5"] == 1e-6


def test_the_figure_has_a_row_per_source_and_a_mark_per_term(found):
    figure, axes = plt.subplots(1, 3)
    figures.at_a_glance(axes, found, "l2")
    labels = [label.get_text() for label in axes[0].get_yticklabels()]
    assert labels == ["linear by d", "digits"]
    marks = [line for line in axes[0].lines if line.get_marker() == figures.TERMS[0][2]]
    drawn = [line for line in marks if len(line.get_xdata())]
    assert len(drawn) == 2
    expected = shares.of_level(found, "inputs")["digits"].estimates["angle"].value
    assert any(np.isclose(line.get_xdata()[0], expected) for line in drawn)
    plt.close(figure)


def test_gaps_and_tilt_are_drawn(rows):
    figure, axes = plt.subplots(1, 2)
    figures.gaps(axes[0], rows)
    figures.tilt(axes[1], rows, "digits")
    assert len(axes[0].lines) == 4  # three sources, and the line at 1e-4
    assert len(axes[1].lines) == 2
    plt.close(figure)
