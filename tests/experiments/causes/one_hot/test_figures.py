"""Figures on Theorem 1's data: what each draws of its table."""

import pytest
from causes_results import one_hot
from drawing import legend, line

from fragility.experiments.causes.one_hot import figures, summary, tables

pytestmark = pytest.mark.usefixtures("look")
MEASURES = summary.joined(one_hot())
NAMES = ["cross-entropy", "cross-entropy, weight decay", "squared", "squared, weight decay"]


def of_one(table):
    return table[table["network"] == "1 linear layer"]


def test_through_training_has_a_line_for_each_loss_and_decay(ax):
    rows = of_one(tables.through_training(MEASURES))
    figures.through_training(ax, rows.assign(accurate=[0] + [6] * (len(rows) - 1)))
    for name in NAMES:
        x, y = line(ax, name)
        assert len(x) == 5
        assert x == sorted(x, reverse=True)
        assert y == sorted(y, reverse=True)
    assert line(ax, "X⁻¹")[0] == [0]
    filled = [drawn for drawn in ax.lines if drawn.get_label().startswith("_")]
    assert sorted(len(drawn.get_xdata()) for drawn in filled) == [4, 5, 5, 5]


def test_by_dimension_has_means_with_intervals_and_the_inverse(ax):
    rows = of_one(tables.after_training(MEASURES))
    figures.by_dimension(ax, rows)
    x, y = line(ax, "X⁻¹")
    assert x == [8, 16, 32]
    assert y == pytest.approx([0.42, 0.21, 0.105])
    ax.legend()
    assert sorted(legend(ax)) == sorted([*NAMES, "X⁻¹"])
    assert len(ax.containers) == 4
