"""Theorem 4's figure."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fragility.report.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, legend_above
from fragility.statements.theorem_4.closed_form import log_perturbation

SERIES = (
    *((BLUE, "o"), (ORANGE, "s"), (GREEN, "D"), (PURPLE, "^")),
    *((GREY, "v"), (BLACK, "P"), (BLUE, "x"), (ORANGE, "*")),
)


def draw(figure: Figure, rows: pd.DataFrame) -> None:
    """Left: ‖e‖ by d; middle: smallest perturbation divided by radius; right: distances.

    ``rows`` are those of check.py.
    """
    left, middle, right = figure.subplots(1, 3)
    for (t, part), style in zip(rows.groupby("t"), SERIES, strict=False):
        networks = part[part["network"] == 1]
        if len(networks):
            _perturbation(left, t, networks, style)
            smallest = networks["observed_smallest"] / networks["observed_radius"]
            _line(middle, networks["d"], smallest, t, style)
        relative = part["observed_distance"] / np.sqrt(2 * part["d"])
        _line(right, part["d"], relative, t, style)
    right.axhline(1, ls=":", color=BLACK, lw=1)
    left.set(ylabel=r"$\Vert e\Vert$, geometric mean, 5–95 %", yscale="log")
    middle.set(ylabel="smallest / optimal radius, median", yscale="log")
    right.set(ylabel=r"smallest distance$\,/\sqrt{2d}$, median", ylim=(0, 1.05))
    for ax in (left, middle, right):
        ax.set(xscale="log", xlabel="dimension d")
    legend_above(left, ncols=2)
    legend_above(middle, ncols=2)
    legend_above(right, ncols=3)


def _perturbation(ax: Axes, t: int, part: pd.DataFrame, style: tuple[str, str]) -> None:
    by_d = part.groupby("d")["observed_perturbation"]
    low, high = by_d.quantile(0.05), by_d.quantile(0.95)
    middle = np.exp(np.log(part["observed_perturbation"]).groupby(part["d"]).mean())
    ax.errorbar(middle.index, middle, [middle - low, high - middle], marker=style[1], ls="none",
                color=style[0], capsize=2, lw=1, label=f"t = {t}")  # fmt: skip
    predicted = [np.exp(log_perturbation(int(d), int(t))[0]) for d in middle.index]
    ax.plot(middle.index, predicted, "-", color=style[0], lw=1)


def _line(ax: Axes, d: pd.Series, values: pd.Series, t: int, style: tuple[str, str]) -> None:
    middle = values.groupby(d).median()
    ax.plot(middle.index, middle, color=style[0], marker=style[1], lw=1, label=f"t = {t}")
