"""The style of all figures: legible in print, without colour, and to colour-blind readers."""

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fragility.runtime import files

# Okabe and Ito's palette; every series has its own marker or line, too
BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
GREY, BLACK = "#767676", "#1A1A1A"


def apply() -> None:
    """Set the style; called once by each notebook."""
    matplotlib.use("agg")
    matplotlib.rcParams.update(
        {
            "figure.constrained_layout.use": True,
            "figure.dpi": 110,
            "savefig.dpi": 200,
            "font.size": 10,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.axisbelow": True,
            "grid.color": "#e3e3e3",
            "grid.linewidth": 0.6,
            "legend.frameon": False,
            "lines.linewidth": 1.6,
            "lines.markersize": 5.5,
            "svg.hashsalt": "fragility",  # the same picture gives the same bytes
        }
    )


def save(figure: Figure, paths: list[str], *, title: str, stamp: list[str] = ()) -> None:
    """Write the figure to all paths (svg, png); the SVG has ``title`` for screen readers.

    If ``stamp`` lists settings that are not the full run's, the picture says so at the bottom.
    """
    if stamp:
        figure.supxlabel("Not the paper's settings", fontsize=8, color="#b3261e")
    for path in paths:
        metadata = {"Date": None, "Title": title} if path.endswith(".svg") else {"Software": None}
        with files.replacing(path) as temporary:
            figure.savefig(temporary, metadata=metadata)


def legend_above(ax: Axes, ncols: int = 1, **look) -> None:
    """A legend above the panel, where it hides no data."""
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.3, fontsize=8.5, ncols=ncols,
        handlelength=1.6, columnspacing=1, labelspacing=0.3, **look,
    )  # fmt: skip


def readable_top(values: pd.Series) -> float:
    """The upper end of an axis: all values, or, if 1 % lie far above, the others and some room."""
    most, largest = 1.3 * values.quantile(0.99), 1.05 * values.max()
    return float(largest if largest < 1.5 * most else most)


def marks_up_to(
    ax: Axes, x: pd.Series, y: pd.Series, top: float, marker: str, **look: object
) -> None:
    """Marks at (x, y); those above ``top`` are arrows at the upper edge."""
    beyond = y > top
    ax.plot(x[~beyond], y[~beyond], marker, **look)
    arrow = look | {"label": "_", "marker": r"$\uparrow$", "ms": 9, "mfc": look.get("color")}
    ax.plot(x[beyond], 0 * y[beyond] + 0.97 * top, ls="none", **arrow)


def cost(figure: Figure, seconds: pd.DataFrame) -> None:
    """Seconds by dimension, one panel per statement; columns statement, d, seconds."""
    names = list(dict.fromkeys(seconds["statement"]))
    columns = min(len(names), 5)
    axes = figure.subplots(-(-len(names) // columns), columns, sharex=True, sharey=True)
    axes = np.atleast_1d(axes).ravel()
    for ax, name in zip(axes, names, strict=False):
        for other, part in seconds.sort_values("d").groupby("statement"):
            own = other == name
            look = {"color": BLUE, "marker": "o", "ms": 4} if own else {"color": "#d0d0d0", "lw": 1}
            ax.plot(part["d"], part["seconds"], zorder=2 + own, **look)
        ax.set_title(name.replace("_", " ").capitalize(), fontsize=10, loc="left")
        ax.set(xscale="log", yscale="log")
    for ax in axes[len(names) :]:
        ax.set_axis_off()
    figure.supxlabel("dimension d", fontsize=10)
    figure.supylabel("seconds, all trials", fontsize=10)
