"""The figure on digits."""

import pandas as pd
from matplotlib.axes import Axes

from fragility.experiments.causes.digits import summary
from fragility.report.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE

LOOKS = list(zip("osD^vP", (BLUE, GREY, GREEN, ORANGE, PURPLE, BLACK), strict=True))


def relation(ax: Axes, numbers: pd.DataFrame) -> None:
    """Robustness Q/(0.5 L) against |cos theta_t|, a mark per network, a colour per kind.

    ``numbers`` are rows of :func:`.summary.per_network` of one target and pair.  The line is where
    both are equal.
    """
    for k, (kind, part) in enumerate(numbers.groupby("kind", sort=False)):
        marker, colour = LOOKS[k % len(LOOKS)]
        ax.plot(part["cos"], part["ratio"], marker, color=colour, ms=6, alpha=0.85, label=kind)
    top = 1.1 * float(numbers[["cos", "ratio"]].max().max())
    ax.plot([0, top], [0, top], color=BLACK, lw=0.8, zorder=0, label="equal")
    ax.set(xlim=(0, top), ylim=(0, top), xlabel=r"$|\cos\theta_t|$")


def title(numbers: pd.DataFrame) -> str:
    """What the rows are of: 'all pairs, nearest digit'."""
    return f"{numbers['pair'].iloc[0]}, target: {numbers['target'].iloc[0]}"


def groups(numbers: pd.DataFrame) -> list[pd.DataFrame]:
    """Rows of all pairs with the nearest digit, then of blocked sevens if there are any."""
    parts = [summary.of_all_pairs(numbers), numbers[numbers["target"] == summary.BLOCKED]]
    return [part for part in parts if len(part)]
