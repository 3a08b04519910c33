"""The figure on relabelled inputs."""

import pandas as pd
from matplotlib.axes import Axes

from fragility.experiments.causes.relabelled import summary
from fragility.report.style import BLACK, BLUE, GREEN, GREY, ORANGE

LOOKS = [("o", BLUE), ("s", ORANGE), ("D", GREEN), ("^", BLACK)]


def through_training(ax: Axes, steps: pd.DataFrame, moves: pd.DataFrame) -> None:
    """Accuracy on clean inputs against the step, a line per margin with its interval.

    A star at the right edge is the limit that theory states for gradient descent.

    Args:
        ax: where to draw.
        steps: rows of :func:`.tables.by_step`, of one setting.
        moves: a row per student of that setting.
    """
    setting = steps["setting"].iloc[0]
    name, chance = summary.SETTINGS[setting]
    end = steps["step"].max()
    for k, (margin, part) in enumerate(steps.groupby("margin")):
        marker, colour = LOOKS[k % len(LOOKS)]
        ax.plot(part["step"], part["accuracy"], marker=marker, ms=3.5, color=colour, lw=1.2,
                label=summary.more(margin))  # fmt: skip
        ax.fill_between(
            part["step"],
            part["accuracy_low"],
            part["accuracy_high"],
            color=colour,
            alpha=0.15,
            lw=0,
        )
        if setting == "descent":
            limit = moves.loc[moves["margin"] == margin, "limit"].mean()
            ax.plot(2.2 * end, limit, "*", color=colour, ms=9, mec=BLACK, mew=0.5, clip_on=False)
    ax.axhline(chance, color=GREY, lw=0.8, ls="--")
    ax.axhline(moves["teacher_accuracy"].mean(), color=GREY, lw=0.8, ls=":")
    ax.set(xscale="log", ylim=(0, 1.03), xlabel="step")
    ax.set_title(name, fontsize=8.5)
