"""The ReLU experiment's figures."""

from collections.abc import Mapping
from itertools import cycle

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from fragility.experiments.relu.summary import attacked_networks, by_network
from fragility.report.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, legend_above

SERIES = ((BLUE, "o"), (GREEN, "^"), (PURPLE, "D"), (ORANGE, "v"), (BLACK, "s"), (GREY, "P"))


def by_alpha(ax: Axes, table: pd.DataFrame, phi: float) -> None:
    """Table 3: mean and median rho by alpha with 95 % intervals, the printed ones, and mean phi.

    ``table`` has one row per alpha (:func:`.tables.table_3`); ``phi`` is the mean over networks.
    """
    for name, label, colour, marker, offset in (
        ("mean_rho", "mean", BLUE, "o", -0.008),
        ("median_rho", "median", GREEN, "^", 0.008),
    ):
        bars = [table[name] - table[f"{name}_low"], table[f"{name}_high"] - table[name]]
        ax.errorbar(
            table["alpha"] + offset, table[name], np.clip(bars, 0, None), color=colour,
            marker=marker, capsize=3, elinewidth=1, label=f"ours: {label}",
        )  # fmt: skip
    ax.plot(table["alpha"], table["paper_mean_rho"], "x--", color=ORANGE, label="paper: mean")
    ax.plot(table["alpha"], table["paper_median_rho"], "+:", color=PURPLE, label="paper: median")
    ax.axhline(phi, color=GREY, lw=1, ls="-.", label=r"mean $\phi$ of our matrices")
    ax.set(
        xlabel=r"$\alpha$: $x = \alpha b_1 + (1 - \alpha) b_2$", ylabel=r"compression $\rho$",
        ylim=(0, None),
    )  # fmt: skip
    legend_above(ax, ncols=3)


def deviation(ax: Axes, table: pd.DataFrame) -> None:
    """Rho at each alpha minus the network's mean: one thin line per network, their mean thick.

    ``table`` is runs by alphas (:func:`.summary.deviations`).
    """
    ax.plot(table.columns, table.T, color=GREY, lw=0.5, alpha=0.6)
    half = 1.96 * table.std(ddof=1) / np.sqrt(len(table))
    ax.errorbar(
        table.columns, table.mean(), half, color=BLUE, marker="o", capsize=3, label="mean, 95 %"
    )
    ax.plot([], [], color=GREY, lw=0.5, label="a network")
    ax.set(xlabel=r"$\alpha$", ylabel=r"$\rho(\alpha) - $ the network's mean")
    legend_above(ax, ncols=2)


def against_phi(ax: Axes, measures: Mapping[int, pd.DataFrame]) -> None:
    """Mean rho of each network against phi of its matrix; a colour and mark for each depth.

    ``measures`` are the rows of each number of hidden layers.
    """
    for (layers, part), (colour, marker) in zip(measures.items(), cycle(SERIES), strict=False):
        networks = by_network(part)
        name = f"{layers} hidden layer{'s' if layers > 1 else ''} ({len(networks)})"
        ax.plot(
            networks["phi"], networks["rho"], marker, color=colour, mfc="none", ms=4.5, label=name
        )
    ax.plot([0, 1], [0, 1], color=BLACK, lw=0.8, zorder=0)
    ax.set(
        xlim=(0, 1), ylim=(0, 1), aspect="equal",
        xlabel=r"predicted for a linear network: $\phi$", ylabel=r"ReLU network: mean $\rho$",
    )  # fmt: skip
    ax.legend(loc="lower right", fontsize=8)


def match(ax: Axes, attacks: pd.DataFrame, printed: pd.DataFrame) -> None:
    """Delta/m against |cos theta_t|: a dot per point, a square per network, the paper's two.

    ``attacks`` has one row per attacked point; ``printed`` is Table 4, one row per input.
    """
    ax.plot(
        attacks["cos_theta_t"].abs(), attacks["delta"] / attacks["m"], ".", color=GREY, ms=4,
        label="a point",
    )  # fmt: skip
    networks = attacked_networks(attacks).query("input == 'both'")
    ax.plot(
        networks["cos"], networks["ratio"], "s", color=BLUE, mfc="white", ms=6,
        label="mean of a network's points",
    )  # fmt: skip
    paper = printed[["cos_theta_t", "delta_over_m"]].astype(float).abs()
    ax.plot(paper["cos_theta_t"], paper["delta_over_m"], "X", color=ORANGE, ms=9, label="paper")
    top = 1.05 * max((attacks["delta"] / attacks["m"]).max(), attacks["cos_theta_t"].abs().max())
    ax.plot([0, top], [0, top], color=BLACK, lw=0.8, zorder=0)
    ax.set(xlabel=r"$|\cos\theta_t|$ at the adversarial point", ylabel=r"$\delta / m$")
    ax.set(xlim=(0, None), ylim=(0, None))
    ax.legend(fontsize=8)


def brackets(ax: Axes, attacks: pd.DataFrame) -> None:
    """Certificate, attack, random directions and optimal radius at each point (row)."""
    rows = attacks.sort_values("delta", ignore_index=True)
    m, at = rows["m"], np.arange(len(rows))
    ax.vlines(at, rows["certificate"] / m, rows["delta"] / m, color=BLUE, lw=3, alpha=0.35)
    for values, marker, colour, label in (
        (rows["random_median"], "P", PURPLE, "random direction, median"),
        (rows["point_radius"], "^", GREEN, "optimal classifier at the point"),
        (rows["delta"], "o", BLUE, "smallest found"),
        (rows["certificate"], "_", BLACK, "certified: none smaller than this"),
    ):
        ax.plot(at, values / m, marker, color=colour, ms=6, label=label)
    ax.axhline(1, color=GREY, lw=1, ls="--")
    ax.text(1.01, 1, "m", transform=ax.get_yaxis_transform(), va="center", color=GREY)
    colours = rows["input"].map({"b1": "b₁", "b2": "b₂"})
    ax.set_xticks(at, colours, fontsize=7)
    ax.set(xlabel="points, easiest first", ylabel="perturbation norm / m", yscale="log")
    ax.legend(fontsize=8, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.14))
