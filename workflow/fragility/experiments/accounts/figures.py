"""The accounts' figures."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, NullFormatter
from numpy.typing import NDArray

from fragility.experiments.accounts import summary
from fragility.experiments.accounts.shares import LEVELS, Shares, of_level
from fragility.report.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE

# what the points of a row are: quantity, label, marker, colour
TERMS = (
    ("angle", "angle C", "o", BLUE),
    ("size_minus_angle", "rest of the size: L, S/‖∇g‖", "s", ORANGE),
    ("margin", "margin a", "^", GREEN),
    ("curvature", "curvature κ", "D", PURPLE),
)
LOOKS = (("o", BLUE), ("s", ORANGE), ("^", GREEN), ("D", PURPLE), ("v", BLACK), ("x", GREY))


def at_a_glance(axes: NDArray, found: Sequence[Shares], norm: str) -> None:
    """Share of each term in the variance of log delta: a panel per level, a row per source.

    Args:
        axes: (3,), sharing their vertical axis.
        found: all shares.
        norm: "l2" or "linf".
    """
    mine = [one for one in found if one.norm == norm]
    sources = list(dict.fromkeys(one.source for one in mine))
    for ax, (level, words) in zip(axes, LEVELS.items(), strict=True):
        by_source = of_level(mine, level, norm)
        for row, source in enumerate(sources):
            if source in by_source:
                _row(ax, row, by_source[source])
        for edge in np.arange(len(sources) - 1) + 0.5:
            ax.axhline(edge, color="#e3e3e3", lw=0.6)
        ax.axvline(0, color=GREY, lw=0.8)
        ax.axvline(0.5, color=GREY, lw=0.8, ls=":")
        ax.set(xlim=(-1.02, 2.02), xlabel="share of the variance of log δ", title=f"over {words}")
        ax.title.set_fontsize(9)
        ax.grid(visible=False, axis="y")
    axes[0].set_yticks(range(len(sources)), sources)
    axes[0].set_ylim(len(sources) - 0.5, -0.5)
    for _, label, marker, colour in TERMS:
        axes[0].plot([], [], marker, color=colour, label=label, ls="none")
    axes[0].figure.legend(
        *axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=4, fontsize=9
    )


def _row(ax: Axes, row: int, one: Shares) -> None:
    for place, (quantity, _, marker, colour) in enumerate(TERMS):
        estimate = one.estimates[quantity]
        at = row + (place - (len(TERMS) - 1) / 2) * 0.18
        low, high = np.clip([estimate.low, estimate.high], -1, 2)
        ax.plot([low, high], [at, at], color=colour, lw=1.2)
        value = np.clip(estimate.value, -1, 2)
        ax.plot(value, at, marker, color=colour, ms=5)


def gaps(ax: Axes, measures: pd.DataFrame) -> None:
    """Median gap of the quadrature against the number of points, a line per source."""
    table = summary.gaps(measures)
    floor = 1e-9  # what is smaller is rounding, drawn here
    for k, (source, part) in enumerate(table.groupby("source", sort=False)):
        marker, colour = LOOKS[k % len(LOOKS)]
        line = "-" if k < len(LOOKS) else "--"
        ax.plot(
            part["points"], part["median"].clip(lower=floor), marker=marker, color=colour, ls=line,
            lw=1, label=source,
        )  # fmt: skip
    ax.axhline(1e-4, color=GREY, lw=0.8, ls=":")
    ax.set(
        xscale="log", yscale="log", xlabel="points from x to x'",
        ylabel="median |gap| of log δ, cut off at $10^{-9}$",
    )  # fmt: skip
    points = sorted(table["points"].unique())
    ax.set_xticks(points, [str(k) for k in points])
    ax.minorticks_off()
    ax.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1.01, 1))


def tilt(ax: Axes, measures: pd.DataFrame, source: str) -> None:
    """Delta of each input against |cos| with the class means' difference, and against C."""
    rows = summary.usable(measures)
    rows = rows[(rows["source"] == source) & (rows["norm"] == "l2")]
    delta = np.exp(rows["delta"])
    ax.plot(np.exp(rows["angle"]), delta, "o", color=BLUE, ms=3, mfc="none", label="this paper's C")
    ax.plot(
        rows["tilt_cos"].abs(), delta, "x", color=ORANGE, ms=3, label="Tanay and Griffin's |cos|"
    )
    ax.set(xscale="log", yscale="log", xlabel="cosine", ylabel="δ, l2 distance to g = 0")
    for axis, steps in ((ax.xaxis, (1,)), (ax.yaxis, (1, 2, 5))):  # cosines go over decades
        axis.set_major_locator(LogLocator(subs=steps))
        axis.set_major_formatter("{x:g}")
        axis.set_minor_formatter(NullFormatter())
    ax.legend(fontsize=8, loc="upper left", bbox_to_anchor=(0, 1.14), ncols=2)
