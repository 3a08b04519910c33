"""The style of all figures: legible in print, without colour, and to colour-blind readers."""

import itertools

import matplotlib
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


def cost(ax: Axes, seconds: pd.DataFrame) -> None:
    """Seconds by dimension, one line per statement; columns statement, d, seconds."""
    colours = (BLUE, ORANGE, GREEN, PURPLE, BLACK)
    lines = ["-"] * 5 + ["--"] * 5  # a colour comes twice, with another line
    marks = itertools.cycle(zip("osD^vPX*<>", colours * 2, lines, strict=True))
    for name, part in seconds.groupby("statement"):
        marker, colour, line = next(marks)
        label, part = name.replace("_", " ").capitalize(), part.sort_values("d")
        ax.plot(part["d"], part["seconds"], marker=marker, color=colour, ls=line, lw=1, label=label)
    ax.set(xscale="log", yscale="log", xlabel="dimension d", ylabel="seconds, all trials")
    ax.legend(fontsize=8, ncols=2)
