"""One look for all figures: legible in print, without colour, and to colour-blind readers."""

from pathlib import Path

import matplotlib
from matplotlib.figure import Figure

from fragility import files
from fragility.pages import stamp_line

# Okabe and Ito's palette; every series also has its own marker or line
BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
GREY, BLACK = "#767676", "#1A1A1A"


def apply() -> None:
    """Set the look; called once by each notebook."""
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


def save(figure: Figure, paths: list[str], stamp: list[str] = ()) -> None:
    """Write the figure to all paths, stamped below if settings are not the full run's."""
    if stamp:
        figure.supxlabel(stamp_line(stamp, longest=2), fontsize=8, color="#b3261e")
    for path in map(Path, paths):
        kind = path.suffix.lstrip(".")
        metadata = {"Date": None} if kind == "svg" else {"Software": None}
        with files.replacing(path) as temporary:
            figure.savefig(temporary, format=kind, metadata=metadata)
