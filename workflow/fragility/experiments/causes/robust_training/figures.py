"""Figures on robust training."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from fragility.experiments.causes.robust_training import summary
from fragility.experiments.causes.robust_training.conditions import (
    ADVERSARIAL,
    ANGLE,
    BOTH,
    CURVATURE,
    DECAY,
    GRADIENT,
    MARGINS,
    USUAL,
)
from fragility.report.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE

LOOK = {
    USUAL: (BLACK, "*"),
    ADVERSARIAL: (BLUE, "o"),
    GRADIENT: (GREEN, "^"),
    DECAY: (PURPLE, "D"),
    ANGLE: (ORANGE, "s"),
    CURVATURE: (GREY, "P"),
    BOTH: (ORANGE, "X"),
    MARGINS: (GREY, "v"),
}
TOP = 1.2  # intervals of two or three networks may reach beyond
LINES = {
    "cos": ("mean |cos θt|", BLACK, "s", ":"),
    "ratio": ("mean perturbation", BLUE, "o", "-"),
    "least_ratio": ("least perturbation", ORANGE, "^", "-"),
    "certified": ("least, certified", ORANGE, "v", "--"),
}


def dose(ax: Axes, table: pd.DataFrame, method: str) -> None:
    """|cos| and perturbations divided by the optimal radius against a method's strength.

    ``table`` has the rows of one kind of network (:func:`.tables.doses`).  Strength 0 is usual
    training.  Strengths at which no network stays accurate are shaded.
    """
    rows = table[table["method"].isin([USUAL, method])].sort_values("strength")
    places = np.arange(len(rows))
    for offset, (name, (label, colour, marker, line)) in zip(
        (-0.06, -0.02, 0.02, 0.06), LINES.items(), strict=True
    ):
        bars = [rows[name] - rows[f"{name}_low"], rows[f"{name}_high"] - rows[name]]
        ax.errorbar(
            places + offset, rows[name], np.nan_to_num(np.clip(bars, 0, None)), color=colour,
            marker=marker, ls=line, capsize=2, elinewidth=1, lw=1.2, ms=5, label=label,
        )  # fmt: skip
    for place in places[(rows["accurate"] == 0).to_numpy()]:
        ax.axvspan(place - 0.5, place + 0.5, color=GREY, alpha=0.2, lw=0)
        ax.text(place, 0.05, "none accurate", rotation=90, ha="center", va="bottom", fontsize=8)
    labels = [
        f"{s:g}\n{n}/{m}"
        for s, n, m in zip(rows["strength"], rows["accurate"], rows["matrices"], strict=True)
    ]
    ax.set_xticks(places, labels)
    ax.set(xlim=(-0.5, len(rows) - 0.5), ylim=(0, TOP))


def plane(ax: Axes, measures: pd.DataFrame) -> None:
    """Least ratio against mean |cos|: a mark per accurate network, coloured by method.

    ``measures`` are of one kind of network; the networks of a matrix are joined to the one trained
    as usual by thin lines.
    """
    right = summary.accurate(summary.same_data(measures))
    for _, part in right.groupby("matrix"):
        usual = part[part["method"] == USUAL]
        if len(usual):
            start = usual.iloc[0]
            for _, row in part.iterrows():
                ax.plot(
                    [start["cos"], row["cos"]], [start["least_ratio"], row["least_ratio"]],
                    color=GREY, lw=0.4, alpha=0.5, zorder=1,
                )  # fmt: skip
    for method, (colour, marker) in LOOK.items():
        part = right[right["method"] == method]
        filled = method not in (BOTH, MARGINS)
        ax.plot(
            part["cos"], part["least_ratio"], marker, color=colour, ms=8 if method == USUAL else 5,
            mfc=colour if filled else "white", label=method, zorder=2,
        )  # fmt: skip
    ax.plot([0, 1], [0, 1], color=BLACK, lw=0.8, ls=":", zorder=0)
    ax.set(xlim=(0, 1), ylim=(0, 1))
