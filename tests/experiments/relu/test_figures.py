"""The ReLU experiment's figures: what each draws of the data it is given."""

import numpy as np
import pandas as pd
import pytest
from drawing import legend, line

from fragility.experiments.relu import figures as plots

pytestmark = pytest.mark.usefixtures("look")

NAN = float("nan")


def bars(ax, label):
    """Points and interval ends of the error bars of that label."""
    (found,) = (c for c in ax.containers if c.get_label() == label)
    points, _, ends = found
    segments = [np.reshape(s, (-1, 2))[:, 1] for s in ends[0].get_segments()]  # may be empty
    return points.get_ydata().tolist(), segments, points.get_xdata().tolist()


# --- Table 3 ---


@pytest.fixture
def table():
    return pd.DataFrame(
        {
            "alpha": [0.0, 0.5, 1.0],
            "mean_rho": [0.3, 0.4, 0.5],
            "mean_rho_low": [0.2, 0.3, 0.4],
            "mean_rho_high": [0.5, 0.6, 0.7],
            "median_rho": [0.35, 0.45, 0.55],
            "median_rho_low": [0.3, 0.4, 0.5],
            "median_rho_high": [0.4, 0.5, 0.6],
            "paper_mean_rho": [0.31, NAN, 0.33],
            "paper_median_rho": [0.32, NAN, 0.34],
        }
    )


def test_by_alpha_draws_ours_with_intervals_and_the_printed_ones(ax, table):
    plots.by_alpha(ax, table, 0.28)
    values, ends, at = bars(ax, "ours: mean")
    assert values == [0.3, 0.4, 0.5]
    assert np.array(ends) == pytest.approx(np.array([[0.2, 0.5], [0.3, 0.6], [0.4, 0.7]]))
    assert at == pytest.approx([0, 0.5, 1], abs=0.02)
    values, ends, _ = bars(ax, "ours: median")
    assert values == [0.35, 0.45, 0.55]
    assert np.array(ends) == pytest.approx(np.array([[0.3, 0.4], [0.4, 0.5], [0.5, 0.6]]))
    for label, expected in (("mean", [0.31, NAN, 0.33]), ("median", [0.32, NAN, 0.34])):
        x, y = line(ax, f"paper: {label}")
        assert x == [0, 0.5, 1]
        assert y == pytest.approx(expected, nan_ok=True)
    _, level = line(ax, r"mean $\phi$ of our matrices")
    assert level == [0.28, 0.28]
    assert len(legend(ax)) == 5
    assert r"$\alpha$" in ax.get_xlabel()
    assert r"$\rho$" in ax.get_ylabel()
    assert ax.get_ylim()[0] == 0


def test_by_alpha_draws_what_there_is(ax, table):
    missing = table.assign(mean_rho=[0.3, NAN, 0.5], median_rho_low=NAN, median_rho_high=NAN)
    plots.by_alpha(ax, missing, NAN)
    assert bars(ax, "ours: mean")[0] == pytest.approx([0.3, NAN, 0.5], nan_ok=True)
    assert bars(ax, "ours: median")[0] == [0.35, 0.45, 0.55]


def test_an_interval_that_rounding_turns_over_is_drawn_as_none(ax, table):
    plots.by_alpha(ax, table.assign(mean_rho_low=table["mean_rho"] + 1e-16), 0.3)
    assert [low for low, _ in bars(ax, "ours: mean")[1]] == [0.3, 0.4, 0.5]


# --- flatness ---


def test_deviation_has_a_thin_line_a_network_and_their_mean(ax):
    table = pd.DataFrame([[-0.1, 0.1], [-0.2, 0.2], [0.0, 0.0]], columns=[0.0, 1.0])
    plots.deviation(ax, table)
    values, ends, at = bars(ax, "mean, 95 %")
    assert at == [0, 1]
    assert values == pytest.approx([-0.1, 0.1])
    half = 1.96 * 0.1 / np.sqrt(3)
    assert np.array(ends) == pytest.approx(
        np.array([[-0.1 - half, -0.1 + half], [0.1 - half, 0.1 + half]])
    )
    thin = [drawn for drawn in ax.lines if drawn.get_linewidth() == 0.5 and len(drawn.get_xdata())]
    assert [drawn.get_ydata().tolist() for drawn in thin] == table.to_numpy().tolist()
    assert sorted(legend(ax)) == ["a network", "mean, 95 %"]
    assert ax.get_xlabel() == r"$\alpha$"
    assert r"\rho(\alpha)" in ax.get_ylabel()


def test_deviation_draws_a_network_with_a_missing_value(ax):
    plots.deviation(ax, pd.DataFrame([[-0.1, NAN], [-0.2, 0.2]], columns=[0.0, 1.0]))
    assert bars(ax, "mean, 95 %")[0] == pytest.approx([-0.15, 0.2])


def test_deviation_draws_one_network(ax):
    plots.deviation(ax, pd.DataFrame([[-0.1, 0.1]], columns=[0.0, 1.0]))
    assert bars(ax, "mean, 95 %")[0] == [-0.1, 0.1]


# --- against phi ---


def networks(phi, rho):
    """Measures of two alphas, whose mean is rho."""
    rows = [
        {"run": run, "alpha": alpha, "phi": p, "rho": r + shift}
        for run, (p, r) in enumerate(zip(phi, rho, strict=True))
        for alpha, shift in ((0, -0.01), (1, 0.01))
    ]
    return pd.DataFrame(rows)


def test_against_phi_has_a_mark_a_network_by_depth(ax):
    plots.against_phi(ax, {1: networks([0.2, 0.3], [0.25, 0.35]), 5: networks([0.4], [0.6])})
    assert legend(ax) == ["1 hidden layer (2)", "5 hidden layers (1)"]
    x, y = line(ax, "1 hidden layer (2)")
    assert x == [0.2, 0.3]
    assert y == pytest.approx([0.25, 0.35])
    assert line(ax, "5 hidden layers (1)")[0] == [0.4]
    one, five = ax.lines[:2]
    assert (one.get_color(), one.get_marker()) != (five.get_color(), five.get_marker())
    assert ax.get_xlim() == ax.get_ylim() == (0, 1)
    assert ax.lines[2].get_xydata().tolist() == [[0, 0], [1, 1]]
    assert r"$\phi$" in ax.get_xlabel()
    assert r"$\rho$" in ax.get_ylabel()


@pytest.mark.parametrize("depths", [6, 8])
def test_against_phi_leaves_no_depth_out(ax, depths):
    plots.against_phi(ax, {k: networks([k / 10], [0.5]) for k in range(1, depths + 1)})
    assert [text.split()[0] for text in legend(ax)] == [str(k) for k in range(1, depths + 1)]


def test_against_phi_counts_a_network_without_rho(ax):
    plots.against_phi(ax, {2: networks([0.2, 0.3], [0.4, NAN])})
    assert legend(ax) == ["2 hidden layers (2)"]
    assert line(ax, "2 hidden layers (2)")[1] == pytest.approx([0.4, NAN], nan_ok=True)


# --- attacks ---

PRINTED = pd.DataFrame(
    {"cos_theta_t": ["-0.15", "-0.14"], "delta_over_m": ["0.16", "0.13"]}, dtype=str
)


@pytest.fixture
def attacks():
    """Two networks of a b1 and a b2 each; m = 5 and 4."""
    return pd.DataFrame(
        {
            "run": [0, 0, 3, 3], "input": ["b1", "b2", "b1", "b2"],
            "delta": [1.0, 0.5, 2.0, 0.8], "cos_theta_t": [0.25, -0.15, 0.45, 0.2],
            "certificate": [0.9, 0.4, 1.5, 0.7], "m": [5.0, 5.0, 4.0, 4.0], "phi": 0.3,
            "class_radius": [5.0, 5.0, 4.0, 4.0], "point_radius": [6.0, 5.0, 4.5, 4.0],
            "random_median": [4.0, 2.0, 8.0, 3.0],
        }
    )  # fmt: skip


def test_match_has_points_network_means_and_the_printed_pairs(ax, attacks):
    plots.match(ax, attacks, PRINTED)
    x, y = line(ax, "a point")
    assert x == [0.25, 0.15, 0.45, 0.2]
    assert y == pytest.approx([0.2, 0.1, 0.5, 0.2])
    x, y = line(ax, "mean of a network's points")
    assert x == pytest.approx([0.2, 0.325])
    assert y == pytest.approx([0.15, 0.35])
    assert line(ax, "paper") == ([0.15, 0.14], [0.16, 0.13])
    assert len(legend(ax)) == 3
    diagonal = ax.lines[3].get_xydata()
    assert (diagonal[:, 0] == diagonal[:, 1]).all()
    assert diagonal[-1, 0] == pytest.approx(1.05 * 0.5)
    assert "cos" in ax.get_xlabel()
    assert ax.get_ylabel() == r"$\delta / m$"
    assert ax.get_xlim()[0] == ax.get_ylim()[0] == 0


def test_match_draws_the_rest_where_a_perturbation_is_missing(ax, attacks):
    attacks.loc[2, ["delta", "cos_theta_t"]] = NAN
    plots.match(ax, attacks, PRINTED)
    assert line(ax, "a point")[1] == pytest.approx([0.2, 0.1, NAN, 0.2], nan_ok=True)
    assert line(ax, "mean of a network's points")[1] == pytest.approx([0.15, 0.2])


def test_match_without_any_perturbation_has_the_paper_s(ax, attacks):
    plots.match(ax, attacks.assign(delta=NAN, cos_theta_t=NAN), PRINTED)
    assert line(ax, "paper")[0] == [0.15, 0.14]


def test_brackets_stand_in_order_of_the_attack_in_units_of_m(ax, attacks):
    plots.brackets(ax, attacks)
    # by delta: 0.5, 0.8, 1, 2, over m = 5, 4, 5, 4
    assert line(ax, "smallest found") == ([0, 1, 2, 3], pytest.approx([0.1, 0.2, 0.2, 0.5]))
    certified = [0.4 / 5, 0.7 / 4, 0.9 / 5, 1.5 / 4]
    assert line(ax, "certified: none smaller than this")[1] == pytest.approx(certified)
    radii = [1, 1, 1.2, 4.5 / 4]
    assert line(ax, "optimal classifier at the point")[1] == pytest.approx(radii)
    random = [2 / 5, 3 / 4, 4 / 5, 2]
    assert line(ax, "random direction, median")[1] == pytest.approx(random)
    assert len(legend(ax)) == 4
    (spans,) = ax.collections
    ends = np.array(spans.get_segments())[:, :, 1]
    assert np.array(ends) == pytest.approx(np.stack([certified, [0.1, 0.2, 0.2, 0.5]], axis=1))
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["b₂", "b₂", "b₁", "b₁"]
    assert ax.get_yscale() == "log"
    assert [text.get_text() for text in ax.texts] == ["m"]
    assert ax.get_xlabel() == "points, easiest first"


def test_brackets_keep_a_point_without_a_perturbation_at_their_end(ax, attacks):
    attacks.loc[1, "delta"] = NAN
    plots.brackets(ax, attacks.assign(random_median=NAN))
    found = line(ax, "smallest found")[1]
    assert found == pytest.approx([0.2, 0.2, 0.5, NAN], nan_ok=True)
    assert line(ax, "certified: none smaller than this")[1][-1] == pytest.approx(0.4 / 5)
    assert len(ax.get_xticks()) == 4
