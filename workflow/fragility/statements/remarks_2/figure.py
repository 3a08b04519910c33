"""Remarks 2's figure."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fragility.report.style import BLACK, BLUE, GREEN, ORANGE, PURPLE, legend_above
from fragility.statements.remarks_2.summary import summary

LOOKS = {
    "optimal_average": ("optimal, random direction", "o", BLUE),
    "network_average": ("network, random direction", "s", ORANGE),
    "optimal_worst": ("optimal, worst direction", "D", PURPLE),
    "network_worst": ("network, worst direction", "^", GREEN),
}
POWERS = {"optimal_average": 1, "network_average": 0.5, "optimal_worst": 0.5, "network_worst": 0}


def draw(figure: Figure, rows: pd.DataFrame) -> None:
    """Left: sizes by d with their predictions; middle: divided by the claimed powers; right: fit.

    ``rows`` are those of check.py.
    """
    table = summary(rows)
    sizes, powers, fit = figure.subplots(1, 3)
    _sizes(sizes, table)
    _powers(powers, table)
    _fit(fit, table)
    for ax in (sizes, powers, fit):
        ax.set(xscale="log", xlabel="dimension d")


def _sizes(ax: Axes, table: pd.DataFrame) -> None:
    for name, (label, marker, colour) in LOOKS.items():
        _points(ax, table, name, marker, colour, label)
        line = "--" if name == "network_worst" else "-"  # a bound for large d, not exact
        ax.plot(table["d"], table[f"{name}_predicted"], line, color=colour)
    ax.set(yscale="log", ylabel="size that flips, median")
    legend_above(ax)


def _powers(ax: Axes, table: pd.DataFrame) -> None:
    """A claimed power that holds gives a horizontal line; a logarithm gives a slope."""
    for name, (_, marker, colour) in LOOKS.items():
        power = POWERS[name]
        scale = table["d"] ** power * (table[name] / table["d"] ** power).iloc[0]
        label = {0: "/ 1", 0.5: r"/ $\sqrt{d}$", 1: "/ d"}[power]
        short = name.replace("_", ", ")
        ax.plot(table["d"], table[name] / scale, marker, color=colour, label=f"{short} {label}")
        predicted = table[f"{name}_predicted"]
        line = "--" if name == "network_worst" else "-"
        ax.plot(table["d"], predicted / scale, line, color=colour)
    ax.axhline(1, color=BLACK, lw=0.8, ls=":")
    ax.set(ylabel="over the claimed power, smallest d = 1")
    legend_above(ax)


def _fit(ax: Axes, table: pd.DataFrame) -> None:
    for kind, marker, colour, shift in (
        ("optimal", "o", BLUE, 0.97), ("network", "s", ORANGE, 1.03),
    ):  # fmt: skip
        shifted = table.assign(d=table["d"] * shift)
        _points(ax, shifted, f"{kind}_above", marker, colour, f"{kind}, random direction")
    ax.axhline(0.5, color=BLACK, lw=0.8, ls=":")
    ax.set(ylabel="share above the exact law's median", ylim=(0, 1))
    legend_above(ax)


def _points(ax: Axes, table: pd.DataFrame, name: str, marker: str, colour: str, label: str) -> None:
    limits = [table[name] - table[f"{name}_low"], table[f"{name}_high"] - table[name]]
    # with very few trials an interval can lie beyond what its share allows, or be missing
    limits = [limit.fillna(0).clip(lower=0) for limit in limits]
    ax.errorbar(table["d"], table[name], limits, fmt=marker, color=colour, label=label, ms=5)
