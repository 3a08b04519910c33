"""Lemma 3's figure."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fragility.report.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, legend_above

SERIES = ((BLUE, "o"), (ORANGE, "s"), (GREEN, "D"), (PURPLE, "^"))
FLOOR = 1e-12  # smaller p-values are drawn at the edge


def draw(figure: Figure, rows: pd.DataFrame) -> None:
    """Left: mean ln R_jj by j, and the closed form as lines; right: p-values against uniform.

    ``rows`` are those of check.py.
    """
    left, right = figure.subplots(1, 2)
    _diagonals(left, rows)
    _p_values(right, rows)


def _diagonals(ax: Axes, rows: pd.DataFrame) -> None:
    diagonal = rows[rows["kind"] == "diagonal"]
    last = [part.iloc[-1]["chain"] for _, part in diagonal.groupby("regime", sort=False)]
    for chain, (colour, marker) in zip(
        dict.fromkeys([diagonal["chain"].iloc[0], *last]), SERIES, strict=False
    ):
        part = diagonal[diagonal["chain"] == chain]
        j = np.arange(1, len(part) + 1)
        ax.plot(j, part["predicted_mean"], "-", color=colour, lw=1)
        ax.plot(j, part["observed_mean"], marker, color=colour, label=chain)
    ax.set(xlabel="j", ylabel=r"mean of $\ln R_{jj}$")
    legend_above(ax, ncols=2, title="widths", title_fontsize=8.5)


def _p_values(ax: Axes, rows: pd.DataFrame) -> None:
    for regime, (colour, marker), label in (
        ("grows", SERIES[0], "growing widths"),
        ("shrinks", SERIES[1], r"shrinking, not below $n_1$"),
        ("below n1", SERIES[2], r"below $n_1$, trapezoids"),
    ):
        _ranked(ax, rows["p_law"][rows["regime"] == regime], colour, marker, label)
    _ranked(ax, rows["p_wrong"], GREY, "x", "one degree too many")
    ax.plot([FLOOR, 1], [FLOOR, 1], "-", color=BLACK, lw=1)
    ax.axhline(1e-3 / len(rows), ls=":", color=BLACK, lw=1)
    ax.set(xscale="log", yscale="log", xlim=(0.3 / len(rows), 1.3), ylim=(FLOOR / 3, 2))
    ax.set(xlabel="share of tests with a smaller p", ylabel="p-value (Kolmogorov-Smirnov)")
    legend_above(ax, ncols=2)


def _ranked(ax: Axes, p: pd.Series, colour: str, marker: str, label: str) -> None:
    shares = (np.arange(len(p)) + 0.5) / max(len(p), 1)
    ax.plot(shares, np.maximum(np.sort(p), FLOOR), marker, color=colour, ms=3.5, label=label)
