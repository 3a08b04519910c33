"""The linear experiment's figures: what each draws of the data it is given."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from drawing import draw, legend
from matplotlib.figure import Figure

from fragility.experiments.linear import figures as plots

pytestmark = pytest.mark.usefixtures("look")


def interval(name, value):
    value = np.asarray(value)
    return {name: value, f"{name}_low": value - 0.05, f"{name}_high": value + 0.1}


PRINTED = pd.DataFrame(
    {"experiment": ["1", "7"], "phi": ["0.1812", "0.0738"], "cos_theta_1": ["-0.1970", "-0.7794"]}
)


def both_samples(**values):
    """Columns of Figure 2's table: given ones of aligned runs, 0.1 more of all valid ones."""
    columns = {}
    for name, value in values.items():
        columns |= interval(name, value) | interval(f"all_valid_{name}", np.add(value, 0.1))
    return columns


@pytest.fixture
def panels():
    """Two axes, one above the other, drawn once the test is through."""
    figure = Figure(figsize=(4.6, 6), layout="constrained")
    yield figure.subplots(2, 1, sharey=True)
    draw(figure)


FIGURE_2 = pd.DataFrame(
    {
        "d": [7, 9], "mean_phi_all_matrices": [0.31, 0.27], "runs": [510, 504],
        "valid": [200, 201], "aligned": [160, 171],
    }
    | both_samples(mean_abs_cos_theta_1=[0.4, 0.3], mean_phi=[0.38, 0.29])
)  # fmt: skip


def test_figure_2_has_a_panel_for_all_valid_and_one_for_aligned_runs(panels):
    plots.dimension(panels, FIGURE_2, 0.9)
    titles = {"all valid runs": 0.1, r"only those with $|\cos\theta_2| > 0.9$": 0}
    for ax, (title, more) in zip(panels, titles.items(), strict=True):
        assert ax.get_title(loc="left") == title
        assert ax.get_ylim()[0] == 0
        network, _, bars = ax.containers[0]
        assert network.get_ydata().tolist() == pytest.approx([0.4 + more, 0.3 + more])
        ends = np.array(bars[0].get_segments())[:, :, 1]
        assert ends - more == pytest.approx(np.array([[0.35, 0.5], [0.25, 0.4]]))
        prediction = ax.containers[1][0].get_ydata()
        assert prediction.tolist() == pytest.approx([0.38 + more, 0.29 + more])
    assert len(panels[0].figure.legends[0].get_texts()) == 3


def test_figure_2_says_how_many_were_trained_valid_and_aligned_at_each_dimension(panels):
    plots.dimension(panels, FIGURE_2, 0.9)
    labels = [tick.get_text() for tick in panels[1].get_xticklabels()]
    assert labels == ["7\n510\n200\n160", "9\n504\n201\n171"]
    assert panels[1].get_xticks().tolist() == [7, 9]
    (head,) = panels[1].texts
    assert head.get_text().split() == ["d", "trained", "valid", "aligned"]


def test_the_lines_of_figure_2_s_numbers_stand_level_with_their_names(panels):
    """Both are four lines of one size: so tops and bottoms agree to a few of 100 pixels an inch."""
    plots.dimension(panels, FIGURE_2, 0.9)
    draw(panels[0].figure)
    head = panels[1].texts[0].get_window_extent()
    for tick in panels[1].get_xticklabels():
        box = tick.get_window_extent()
        assert box.y1 == pytest.approx(head.y1, abs=2)
        assert box.y0 == pytest.approx(head.y0, abs=4)  # "aligned" reaches below the line
        assert head.x1 < box.x0 + 1


def test_the_numbers_of_neighbouring_dimensions_do_not_touch(panels):
    every = pd.concat([FIGURE_2.head(1)] * 9).assign(d=[7, 8, 9, 10, 12, 14, 15, 16, 17], runs=2496)
    plots.dimension(panels, every, 0.9)
    draw(panels[0].figure)
    boxes = [tick.get_window_extent() for tick in panels[1].get_xticklabels()]
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))


def test_an_estimate_without_an_interval_is_drawn_without_a_bar(panels):
    bars = [name for name in FIGURE_2 if name.endswith(("_low", "_high"))]
    plots.dimension(panels, FIGURE_2.assign(**dict.fromkeys(bars, np.nan)), 0.9)
    assert panels[1].containers[0][0].get_ydata().tolist() == [0.4, 0.3]


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
