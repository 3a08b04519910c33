"""Tables on Theorem 1's data, with answers known by hand."""

import pytest
from causes_results import DIMENSIONS, KINDS, STEPS, one_hot

from fragility.experiments.causes.one_hot import summary, tables

MEASURES = summary.joined(one_hot(squared_factor=2))


def row_of(table, **told):
    for name, value in told.items():
        table = table[table[name] == value]
    assert len(table) == 1
    return table.iloc[0]


def test_after_training_has_a_row_for_each_kind_and_dimension():
    table = tables.after_training(MEASURES)
    assert len(table) == len(KINDS) * 4 * len(DIMENSIONS)
    row = row_of(table, network="2 linear layers", loss="squared", decay="no", d=32)
    assert (row["matrices"], row["accurate"], row["remark"]) == (6, 6, "")
    assert row["ratio"] == pytest.approx(2 * 0.1 * 1.05)
    assert row["inverse_ratio"] == pytest.approx(0.1 * 1.05)
    assert row["bracket"] == pytest.approx(0.8)
    assert row["ratio_low"] < row["ratio"] < row["ratio_high"]


def test_where_no_network_is_accurate_a_row_says_so():
    table = tables.after_training(summary.joined(one_hot(accuracy=0.5)))
    assert len(table) == len(KINDS) * 4 * len(DIMENSIONS)
    assert set(table["remark"]) == {"no network is accurate"}
    assert table["ratio"].isna().all()
    assert table["inverse_ratio"].notna().all()


def test_through_training_is_of_the_largest_dimension():
    table = tables.through_training(MEASURES)
    assert len(table) == len(KINDS) * 4 * len(STEPS)
    assert set(table["d"]) == {32}
    told = {"network": "1 hidden ReLU layer", "loss": "squared", "decay": "no"}
    first, last = (row_of(table, **told, step=step) for step in (0, 1000))
    assert first["distance"] - last["distance"] == pytest.approx(0.4)
    assert first["ratio"] / last["ratio"] == pytest.approx(5)


def test_slopes():
    table = tables.slopes(summary.joined(one_hot(slope=-0.25)))
    row = row_of(table, network="1 linear layer", loss="cross-entropy", decay="no")
    assert row["ratio"] == pytest.approx(-0.25)
    assert row["inverse_ratio"] == pytest.approx(-1)
    assert row["networks"] == 18


def test_two_dimensions_have_no_slope():
    few = MEASURES[MEASURES["d"] > 8]
    assert tables.slopes(few)["ratio"].isna().all()
