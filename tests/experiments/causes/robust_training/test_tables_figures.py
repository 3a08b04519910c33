"""Tables and figures on robust training: what they show of the rows that they are given."""

import numpy as np
import pandas as pd
import pytest
from causes_robust_results import MATRICES, classifiers, linear, lost, measures
from drawing import line
from matplotlib.figure import Figure

from fragility.experiments.causes.robust_training import figures, tables
from fragility.experiments.causes.robust_training.conditions import ADVERSARIAL, ANGLE, USUAL

pytestmark = pytest.mark.usefixtures("look")


def test_a_radius_at_which_no_network_stays_accurate_ends_in_a_row_that_says_so():
    table = tables.doses(lost(measures(), ADVERSARIAL, 0.5)).set_index(["method", "strength"])
    row = table.loc[(ADVERSARIAL, 0.5)]
    assert row["remark"] == "no network stays accurate"
    assert row["accurate"] == 0
    assert row["matrices"] == MATRICES
    assert np.isnan(row["cos"])
    assert row["mean_accuracy"] == 0.75
    assert (table.drop((ADVERSARIAL, 0.5))["remark"] == "").all()


def test_doses_are_means_over_accurate_networks():
    rows = measures()
    rows.loc[(rows["method"] == USUAL) & (rows["matrix"] < 2), "accuracy"] = 0.9
    row = tables.doses(rows).iloc[0]
    expected = rows[(rows["method"] == USUAL) & (rows["matrix"] >= 2)]["cos"].mean()
    assert row["method"] == USUAL
    assert row["accurate"] == MATRICES - 2
    assert row["cos"] == pytest.approx(expected)
    assert row["cos_low"] < row["cos"] < row["cos_high"]


def test_effects_have_a_row_per_penalty():
    table = tables.effects(measures())
    assert list(table["penalty"]) == ["angle penalty", "curvature penalty"]
    assert table["cos"].iloc[0] == pytest.approx(0.195, abs=0.01)


def test_the_most_robust_networks_are_linear_by_factor_and_then_relu():
    table = tables.best(measures(), classifiers(cos=0.4, radius=0.25))
    assert list(table["factor"]) == [5, 1, 5]
    assert table["least_ratio"].iloc[0] == pytest.approx(0.25, abs=0.02)
    assert table["cos"].iloc[1] == pytest.approx(0.4, abs=0.02)
    assert table["network"].iloc[2] == "1 hidden layer of 16"
    assert table["most_often"].iloc[2] == ANGLE


def test_linear_networks_have_a_row_per_optimiser():
    rows = linear()
    rows.loc[rows["optimiser"] == "SGD", "accuracy"] = 0.9
    table = tables.linear(rows).set_index("optimiser")
    assert table.loc["SGD", "accurate"] == 0
    assert table.loc["SGD", "remark"] == "no network stays accurate"
    assert table.loc["Adam", "cos_theta_2"] == pytest.approx(0.99, abs=0.01)


def test_dose_draws_usual_training_first_and_marks_where_none_is_accurate(ax):
    table = tables.doses(lost(measures(), ADVERSARIAL, 0.5))
    figures.dose(ax, table, ADVERSARIAL)
    labels = [tick.get_text() for tick in ax.get_xticklabels()]
    assert labels == ["0\n8/8", "0.3\n8/8", "0.5\n0/8"]
    assert [text.get_text() for text in ax.texts] == ["none accurate"]
    drawn = {c.get_label(): c[0].get_ydata() for c in ax.containers}
    assert drawn["mean |cos θt|"] == pytest.approx(table["cos"].iloc[:3], nan_ok=True)
    assert drawn["least perturbation"] == pytest.approx(table["least_ratio"].iloc[:3], nan_ok=True)


def test_plane_draws_each_accurate_network_by_method():
    ax = Figure().subplots()
    rows = lost(measures(), ADVERSARIAL, 0.5)
    figures.plane(ax, rows)
    x, y = line(ax, ADVERSARIAL)
    part = rows[(rows["method"] == ADVERSARIAL) & (rows["accuracy"] == 1)]
    assert x == part["cos"].tolist()
    assert y == part["least_ratio"].tolist()
    assert len(x) == MATRICES


def test_kinds_of_networks_are_shown_apart():
    table = tables.doses(pd.concat([measures(), measures(layers=3)]))
    assert set(table["layers"]) == {1, 3}
