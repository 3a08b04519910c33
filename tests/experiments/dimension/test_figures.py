"""The figures draw each series that there is."""

import pandas as pd
import pytest
from dimension_results import EPSILON, ROBUST, TOPOLOGIES, initial, measures
from drawing import draw
from matplotlib.figure import Figure

from fragility.experiments.dimension import figures


@pytest.fixture
def axes():
    row = Figure(figsize=(9, 3)).subplots(1, 3)
    yield row
    draw(row[0].figure)


def test_initial_norms_are_relative_to_the_smallest(axes):
    figures.at_initialisation(axes[:2], initial(noise=0))
    strided = next(line for line in axes[0].lines if line.get_label() == "strided")
    assert strided.get_ydata().tolist() == pytest.approx([1, 2, 4, 8])
    assert "the paper" in [line.get_label() for line in axes[1].lines]


def test_sizes_have_a_line_per_series(axes):
    figures.by_size(axes, measures(), TOPOLOGIES, ROBUST, EPSILON)
    named = [line.get_label() for line in axes[0].lines if not line.get_label().startswith("_")]
    assert len(named) == 5  # average pooling has no PGD training


def test_curves_have_a_marker_per_method(axes):
    figures.curves(axes, measures(), "strided", EPSILON)
    labels = {each.get_label() for each in axes[2].collections}
    assert labels == {"usual training", "penalty, l1", "one step, l∞", "PGD, l∞"}


def test_ruined_networks_do_not_count_in_the_means(axes):
    rows = measures()
    ruined = rows["network"] == 0
    rows.loc[ruined, ["accuracy", "l1", "vulnerability"]] = [0.1, 1e-9, 0]
    figures.curves(axes, rows, "strided", EPSILON)
    assert all(each.get_offsets()[:, 0].min() > 0.8 for each in axes[0].collections)


def test_where_no_network_is_accurate_all_are_drawn(axes):
    figures.curves(axes, measures().assign(accuracy=0.1), "strided", EPSILON)
    assert len(axes[0].collections) == 4


def test_means_by_size_leave_ruined_networks_out(axes):
    rows = measures()
    rows.loc[rows["network"] == 0, ["accuracy", "l1"]] = [0.1, 1e-9]
    figures.by_size(axes, rows, TOPOLOGIES, ROBUST, EPSILON)
    lines = [line for line in axes[2].lines if not line.get_label().startswith("_")]
    assert all(line.get_ydata().min() > 0.8 for line in lines)


def test_costs_have_a_line_per_topology(axes):
    rows = pd.DataFrame({"topology": ["a", "a", "b"], "d": [4, 16, 4], "seconds": [1.0, 2.0, 1.0]})
    figures.cost(axes[0], rows)
    assert len(axes[0].lines) == 2
