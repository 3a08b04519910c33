"""The linear experiment's figures: what each draws of the data it is given."""

import numpy as np
import pandas as pd
import pytest
from drawing import legend

from fragility.experiments.linear import figures as plots

pytestmark = pytest.mark.usefixtures("look")


def interval(name, value):
    value = np.asarray(value)
    return {name: value, f"{name}_low": value - 0.05, f"{name}_high": value + 0.1}


PRINTED = pd.DataFrame(
    {"experiment": ["1", "7"], "phi": ["0.1812", "0.0738"], "cos_theta_1": ["-0.1970", "-0.7794"]}
)


def test_figure_2_has_network_theory_and_expectation_by_dimension(ax):
    table = pd.DataFrame(
        {"d": [7, 9], "mean_phi_all_matrices": [0.31, 0.27]}
        | interval("mean_abs_cos_theta_1", [0.4, 0.3])
        | interval("mean_phi", [0.38, 0.29])
    )
    plots.dimension(ax, table)
    assert len(legend(ax)) == 3
    assert len(ax.containers) == 2
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("input dimension d", "compression ratio")
    assert ax.get_xticks().tolist() == [7, 9]
    assert ax.get_ylim()[0] == 0
    network, _, bars = ax.containers[0]
    assert network.get_ydata().tolist() == [0.4, 0.3]
    ends = np.array(bars[0].get_segments())[:, :, 1]
    assert ends == pytest.approx(np.array([[0.35, 0.5], [0.25, 0.4]]))


def test_an_estimate_without_an_interval_is_drawn_without_a_bar(ax):
    table = pd.DataFrame({"d": [7], "mean_phi_all_matrices": [0.3]})
    for name in ("mean_abs_cos_theta_1", "mean_phi"):
        table = table.assign(**{name: 0.4, f"{name}_low": np.nan, f"{name}_high": np.nan})
    plots.dimension(ax, table)
    ax.figure.canvas.draw()
    assert ax.containers[0][0].get_ydata().tolist() == [0.4]


def scatter_rows(cos_2):
    return pd.DataFrame({"phi": [0.2, 0.3, 0.1], "cos_theta_1": [-0.21, -0.33, 0.5]}).assign(
        cos_theta_2=cos_2
    )


def test_the_scatter_has_our_networks_by_alignment_and_the_printed_runs(ax):
    plots.scatter(ax, scatter_rows([0.99, -0.99, 0.2]), 0.9, PRINTED)
    labels = legend(ax)
    assert len(labels) == 3
    assert labels[0].endswith("(2)")
    assert labels[1].endswith("(1)")
    assert labels[2] == "paper, Table 1"
    ours, _, theirs, _ = ax.lines
    assert ours.get_ydata().tolist() == [0.21, 0.33]
    assert theirs.get_xdata().tolist() == [0.1812, 0.0738]
    (note,) = ax.texts
    assert (note.get_text(), tuple(note.xy)) == ("run 7", (0.0738, 0.7794))
    assert ax.get_xlim() == ax.get_ylim() == (0, 1)


def test_the_scatter_leaves_out_a_kind_that_no_network_has(ax):
    plots.scatter(ax, scatter_rows(0.99), 0.9, PRINTED)
    assert len(legend(ax)) == 2


GRID = pd.DataFrame(
    {
        "batch_size": ["64", "64", "full", "full"],
        "learning_rate": [0.001, 0.01, 0.001, 0.01],
        "valid_fraction": [0.5, 0.25, np.nan, 0.0],
    }
)


def test_the_heat_map_names_every_cell_and_frames_the_default(ax):
    plots.heatmap(ax, GRID, "valid_fraction", "valid", ("64", 0.01))
    assert [text.get_text() for text in ax.texts] == ["0.500", "0.250", "none", "0.000"]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["0.001", "0.01"]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["64", "full"]
    assert ax.get_title() == "valid"
    framed = [p for p in ax.patches if not p.get_fill()]
    assert [p.get_xy() for p in framed] == [(0.5, -0.5)]
    assert len(ax.patches) - len(framed) == 1  # the empty cell


def test_the_heat_map_keeps_the_order_of_batch_sizes(ax):
    rows = [("64", 0.1), ("1024", 0.1), ("full", 0.1)]  # as words 1024 would come first
    table = pd.DataFrame(rows, columns=["batch_size", "learning_rate"]).assign(x=[1.0, 2, 3])
    plots.heatmap(ax, table, "x", "", ("64", 0.01))
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["64", "1024", "full"]
    assert ax.patches[:] == []  # the default is not on this grid


def test_a_heat_map_of_nothing_known_is_still_drawn(ax):
    plots.heatmap(ax, GRID.assign(valid_fraction=np.nan), "valid_fraction", "", ("64", 0.01))
    assert {text.get_text() for text in ax.texts} == {"none"}


@pytest.mark.parametrize("scale, title", [(5, "other columns × 5"), (1, "columns as drawn")])
def test_radii_are_drawn_for_one_scale(ax, scale, title):
    at = {5: 0.9, 1: 0.5}
    table = pd.concat(
        pd.DataFrame(
            {"column_scale": s, "d": [7, 12]}
            | interval("optimal_radius", [value, value])
            | interval("max_margin_radius", [0.4, 0.3])
            | interval("phi", [0.3, 0.2])
        )
        for s, value in at.items()
    )
    plots.radii(ax, table, scale)
    assert ax.get_title() == title
    assert len(ax.containers) == 3
    assert ax.containers[0][0].get_ydata().tolist() == [at[scale]] * 2
    _, labels = ax.get_legend_handles_labels()
    assert len(labels) == 3
    assert ax.get_xticks().tolist() == [7, 12]


def test_run_7_stands_beside_what_is_possible(ax):
    free = pd.DataFrame({"phi_fixed": 0, "phi": [0.1, 0.3], "largest_cos_theta_1": [0.3, 0.6]})
    fixed = pd.DataFrame({"phi_fixed": 1, "phi": 0.0738, "largest_cos_theta_1": [0.1, 0.2, 0.3]})
    plots.run_7(ax, pd.concat([free, fixed]), PRINTED)
    assert len(legend(ax)) == 3
    ((median, _, _),) = ax.containers
    assert (median.get_xdata().item(), median.get_ydata().item()) == (0.0738, 0.2)
    assert ax.lines[0].get_ydata().tolist() == [0.3, 0.6]
    assert [text.get_text() for text in ax.texts] == ["run 7"]


def test_cost_has_the_times_and_the_doubling_through_the_last(ax):
    plots.cost(ax, np.array([7, 8, 10]), np.array([0.1, 0.15, 0.4]))
    measured, doubling = ax.lines
    assert measured.get_ydata().tolist() == [0.1, 0.15, 0.4]
    assert doubling.get_ydata().tolist() == pytest.approx([0.05, 0.1, 0.4])
    assert ax.get_yscale() == "log"
    assert len(legend(ax)) == 2
