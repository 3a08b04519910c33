"""Tables, numbers and figure of the way through training, with answers known by hand."""

import numpy as np
import pytest
from causes_results import STEPS, through_training
from drawing import line

from fragility.experiments.causes.through_training import figures, summary, tables

PARTS = through_training(accurate=12)


def test_a_row_for_each_kind_and_checkpoint():
    table = tables.through_training(PARTS)
    assert table["network"].tolist() == ["linear"] * 5 + ["1 hidden ReLU layer"] * 5
    assert table["step"].tolist() == [*STEPS, *STEPS]
    first, last = table.iloc[0], table.iloc[4]
    assert (first["accurate"], last["accurate"]) == (0, 12)
    assert first["accuracy"] == pytest.approx(0.7)
    assert np.isnan(first["robust_mean"])  # no network is accurate yet
    phi = np.linspace(0.1, 0.5, 20)
    assert last["compression"] == pytest.approx(phi.mean())
    assert last["robust_mean"] == pytest.approx(phi[:12].mean())
    assert last["robust_min"] == pytest.approx(phi[:12].mean() / 4)
    assert last[["known_before", "predicts_mean"]].tolist() == pytest.approx([1, 1])


def test_what_comes_first():
    table = tables.order(PARTS)
    assert table["accurate_at_last"].tolist() == [12, 12]
    assert table["settled"].tolist() == [0, 0]
    assert table["accurate"].tolist() == [100, 100]
    assert table["doublings"].tolist() == pytest.approx([np.log2(101)] * 2)
    assert table["predicts_min"].tolist() == [0, 0]
    late = tables.order(through_training(first=False))
    assert late["settled"].tolist() == [100, 100]
    assert late["accurate"].tolist() == [1, 1]


def test_without_an_accurate_network_a_row_says_so():
    table = tables.order(through_training(accurate=0))
    assert set(table["remark"]) == {"no network is accurate after the last step"}
    assert table["predicts_mean"].isna().all()


def test_a_step_that_is_left_again_is_not_the_first():
    measures = PARTS[0]
    broken = measures["compression"].where(measures["step"] != 100, 5.0)
    steps = summary.steps_of(measures.assign(compression=broken))
    assert set(steps["settled"]) == {1000}


@pytest.mark.parametrize("steps, early", [((0, 1, 10, 100, 1000), 100), ((0, 4, 15, 80), 15)])
def test_early_is_about_a_tenth_of_the_steps(steps, early):
    measures = PARTS[0]
    named = dict(zip(STEPS, steps, strict=False))
    kept = measures[measures["step"].isin(named)]
    assert summary.early_step(kept.assign(step=kept["step"].map(named))) == early


@pytest.mark.usefixtures("look")
def test_curves_draw_each_column_against_the_step(ax):
    rows = tables.through_training(PARTS).query("network == 'linear'")
    figures.curves(ax, rows, figures.MEANS)
    x, y = line(ax, "compression |cos θ|")
    assert x == [step + 1 for step in STEPS]
    assert y == pytest.approx(rows["compression"].tolist())
    assert np.isnan(line(ax, "perturbation, mean")[1][0])
    assert ax.get_xscale() == "log"
