"""Section 5's figure."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fragility.report.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    legend_above,
    marks_up_to,
    readable_top,
)

SERIES = (("o", BLUE), ("s", ORANGE), ("D", GREEN), ("^", BLACK))


def draw(figure: Figure, rows: pd.DataFrame) -> None:
    """Errors of (8) by n; z against the mean cosine; how much the gradient norm varies.

    ``rows`` are those of check.py.
    """
    left, middle, right = figure.subplots(1, 3)
    paths, sums = (rows[rows["kind"] == kind] for kind in ("path", "sum"))
    _sums(left, sums)
    _ratios(middle, paths)
    _norms(right, paths)


def _sums(ax: Axes, sums: pd.DataFrame) -> None:
    names = {"midpoint": "midpoint", "trapezoid": "trapezoid", "paper": "the paper's sum"}
    for (name, label), (marker, colour) in zip(names.items(), SERIES, strict=False):
        error = sums.groupby("n")[f"error_{name}"].mean()
        ax.plot(error.index, error, marker=marker, color=colour, ls="none", ms=4, label=label)
    n = np.sort(sums["n"].unique()).astype(float)
    ax.plot(n, 1 / (n - 1), "-", color=GREY, lw=1, label="1 / (n − 1)")
    ax.set(xscale="log", yscale="log", xlabel="points n", ylabel="|sum for (8) / D − 1|, mean")
    legend_above(ax)


def _ratios(ax: Axes, paths: pd.DataFrame) -> None:
    top = readable_top(paths["observed_ratio"].dropna())
    for (layers, part), (marker, colour) in zip(paths.groupby("layers"), SERIES, strict=False):
        marks_up_to(ax, part["predicted_ratio"], part["observed_ratio"], top, marker,
                    color=colour, ms=3, mfc="none", mew=0.7, label=_layers(layers))  # fmt: skip
    end = min(top, paths["predicted_ratio"].max())
    ax.plot([0, end], [0, end], "-", color=GREY, lw=1, label=r"constant $\|\nabla g\|$")
    ax.set(ylim=(0, top))
    ax.set(xlabel=r"$|\mathrm{mean}\,\cos\theta_\gamma|$ on the direct path",
           ylabel=r"$z\;/\;\|x_1 - x_2\|$")  # fmt: skip
    legend_above(ax)


def _norms(ax: Axes, paths: pd.DataFrame) -> None:
    """Share of pairs (all depths) whose ratio of largest to smallest norm is above each value."""
    names = {"direct": "direct path", "attack": "attacker's path"}
    for (name, label), (_, colour), line in zip(names.items(), SERIES, ("-", "--"), strict=False):
        values = np.sort(paths[f"norm_ratio_{name}"].dropna())
        above = 1 - np.arange(len(values)) / len(values)
        ax.step(values, above, line, color=colour, where="pre", label=label)
    ax.set(yscale="log", ylabel="share of pairs at or above",
           xlabel=r"largest / smallest $\|\nabla g\|$")  # fmt: skip
    legend_above(ax)


def _layers(layers: float) -> str:
    return f"{layers:g} hidden layer{'s' if layers > 1 else ''}"
