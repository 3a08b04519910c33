"""Theorem 5's figure."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fragility.report.style import BLACK, BLUE, GREEN, GREY, ORANGE, legend_above
from fragility.statements.theorem_5.closed_form import ratio_squared_law
from fragility.statements.theorem_5.summary import summary

SERIES = ((BLUE, "o", "-"), (ORANGE, "s", "--"), (GREEN, "^", "-."))  # by number of classes


def draw(figure: Figure, rows: pd.DataFrame) -> None:
    """Left: distributions of formula / bound; middle: both by d; right: pairs with label j.

    ``rows`` are those of check.py.
    """
    left, middle, right = figure.subplots(1, 3)
    _ratios(left, rows)
    table = summary(rows)
    _sizes(middle, table[table["classes"] == table["classes"].max()])
    _labels(right, table[table["kind"] == "trained"])


def _ratios(ax: Axes, rows: pd.DataFrame) -> None:
    grid = np.linspace(0, 1, 300)
    ax.plot(grid, ratio_squared_law().cdf(grid**2), "-", color=BLACK, lw=1, label="arcsine law")
    _steps(ax, rows[rows["kind"] == "random"], "random", GREY, "D", "none")
    trained = rows[rows["kind"] == "trained"]
    for (classes, part), (colour, marker, line) in zip(
        trained.groupby("classes"), SERIES, strict=False
    ):
        _steps(ax, part, f"trained, {classes} classes", colour, marker, line)
    ax.set(xlabel="formula / bound, one pair a network", ylabel="share of networks below")
    legend_above(ax)


def _steps(ax: Axes, part: pd.DataFrame, label: str, colour: str, marker: str, line: str) -> None:
    values = np.sort(part["ratio_one"])
    ax.plot(
        values, (np.arange(len(values)) + 0.5) / len(values), marker=marker, ls=line, ms=4, lw=1.3,
        color=colour, markevery=max(len(values) // 12, 1), label=label,
    )  # fmt: skip


def _sizes(ax: Axes, table: pd.DataFrame) -> None:
    for kind, colour, marker in (("random", GREY, "D"), ("trained", GREEN, "^")):
        part = table[table["kind"] == kind]
        for name, line, face, what in (
            ("bound", "--", "none", r"$\sqrt{a_{i1}^2 + a_{i2}^2}$"),
            ("distance", "-", colour, "formula"),
        ):
            ax.plot(part["d"], part[name], marker + line, color=colour, mfc=face,
                    label=f"{kind}: {what}")  # fmt: skip
    d = np.sort(table["d"].unique())
    ax.plot(d, np.sqrt(d / 2), ":", color=BLACK, label=r"$\sqrt{d/2}$: half the centres' distance")
    ax.set(xscale="log", yscale="log", xlabel="dimension d", ylabel="mean size")
    legend_above(ax, title=f"{table['classes'].max()} classes", title_fontsize=8.5)


def _labels(ax: Axes, table: pd.DataFrame) -> None:
    for (classes, part), (colour, marker, line) in zip(
        table.groupby("classes"), SERIES, strict=False
    ):
        middle = part["reached"]
        errors = np.stack([middle - part["reached_low"], part["reached_high"] - middle])
        ax.errorbar(part["d"], middle, errors, marker=marker, ls=line, color=colour, capsize=2,
                    label=f"{classes} classes")  # fmt: skip
    ax.set(xscale="log", ylim=(0, 1.05), xlabel="dimension d")
    ax.set_ylabel("pairs i, j with label j just beyond")
    legend_above(ax)
