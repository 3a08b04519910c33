"""Theorem 6's figure."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, ScalarFormatter

from fragility.report.style import BLACK, BLUE, GREEN, ORANGE, PURPLE, legend_above
from fragility.statements.theorem_6.closed_form import perturbation_quantile
from fragility.statements.theorem_6.summary import quantile, summary


def draw(figure: Figure, rows: pd.DataFrame) -> None:
    """Left: 2|R_dd| by d; middle: the classes' distance by d; right: network divided by optimal.

    ``rows`` are those of check.py.
    """
    left, middle, right = figure.subplots(1, 3)
    gaussian = rows[rows["scale"] == rows["scale"].min()]
    _perturbation(left, gaussian)
    _distance(middle, summary(rows))
    _ratio(right, rows)


def _perturbation(ax: Axes, rows: pd.DataFrame) -> None:
    for probability, colour, marker, line in (
        (0.95, ORANGE, "s", "--"), (0.5, BLUE, "o", "-"), (0.05, GREEN, "^", "-."),
    ):  # fmt: skip
        _quantiles(ax, rows, rows["predicted_perturbation"], probability, colour, marker, "none",
                   f"{probability:.0%} quantile")  # fmt: skip
        exact = perturbation_quantile(probability)
        ax.axhline(exact, color=colour, lw=1, ls=line, zorder=1)
    ax.set(xscale="log", yscale="log", xlabel="dimension d", ylabel=r"$2\,|R_{dd}|$ of (7)")
    _plain_ticks(ax, rows)
    legend_above(ax, title="lines: the same at every d", title_fontsize=8.5)


def _distance(ax: Axes, table: pd.DataFrame) -> None:
    part = table[table["scale"] == table["scale"].min()]
    for name, label, colour, marker, line in (
        ("distance", "median", BLACK, "D", "-"),
        ("alpha", "with probability 0.99", BLUE, "o", "-"),
    ):
        errors = np.stack([part[name] - part[f"{name}_low"], part[f"{name}_high"] - part[name]])
        ax.errorbar(part["d"], part[name], np.nan_to_num(errors), marker=marker, ls=line,
                    color=colour, capsize=2, label=label)  # fmt: skip
    for name, label, colour, line in (
        ("weights", "proved: variances", PURPLE, "--"),
        ("differences", r"proved: $3^{d-1}$ differences", GREEN, "-."),
        ("pairs", r"proved: $2^{2(d-1)}$ pairs", ORANGE, ":"),
    ):
        ax.plot(part["d"], part[f"predicted_alpha_{name}"], line, color=colour, label=label)
    ax.set(xscale="log", ylim=(0, 3), xlabel="dimension d")
    ax.set_ylabel(r"classes' distance $/\,\sqrt{d}$")
    _plain_ticks(ax, part)
    legend_above(ax)


def _ratio(ax: Axes, rows: pd.DataFrame) -> None:
    for (scale, part), colour, marker in zip(
        rows.groupby("scale"), (BLUE, ORANGE), "os", strict=False
    ):
        ratio = 2 * part["observed_smallest"] / part["observed_distance"]
        _quantiles(ax, part, ratio, 0.5, colour, marker, "-", f"median, factor {scale:g}")
    d = np.sort(rows["d"].unique())
    limit = perturbation_quantile(0.5) / 2 / np.sqrt(d)  # once the optimal radius is ||A_:,d||
    ax.plot(d, limit, ":", color=BLACK, label=r"median $|R_{dd}|\,/\,\sqrt{d}$")
    ax.set(xscale="log", yscale="log", xlabel="dimension d")
    ax.set_ylabel("smallest flip: network / optimal")
    ax.yaxis.set_major_locator(FixedLocator([0.05, 0.1, 0.2, 0.5, 1]))
    ax.yaxis.set_major_formatter(ScalarFormatter())
    _plain_ticks(ax, rows)
    legend_above(ax)


def _quantiles(
    ax: Axes, rows: pd.DataFrame, values: pd.Series, probability: float,
    colour: str, marker: str, line: str, label: str,
) -> None:  # fmt: skip
    by_d = {d: quantile(part, probability) for d, part in values.groupby(rows["d"])}
    middle = np.array([one.value for one in by_d.values()])
    limits = np.array([[one.value - one.low, one.high - one.value] for one in by_d.values()]).T
    ax.errorbar(list(by_d), middle, np.nan_to_num(limits), marker=marker, ls=line, color=colour,
                capsize=2, label=label)  # fmt: skip


def _plain_ticks(ax: Axes, rows: pd.DataFrame) -> None:
    d = np.sort(rows["d"].unique())
    ax.set_xticks(d[:: max(len(d) // 5, 1)], [f"{x:g}" for x in d[:: max(len(d) // 5, 1)]])
    ax.minorticks_off()
