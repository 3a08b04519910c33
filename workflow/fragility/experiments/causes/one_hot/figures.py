"""Figures on Theorem 1's data."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from fragility.report.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE

LOOK = {  # by loss and weight decay
    ("cross-entropy", "no"): (BLUE, "o"), ("cross-entropy", "yes"): (PURPLE, "D"),
    ("squared", "no"): (ORANGE, "s"), ("squared", "yes"): (GREEN, "^"),
}  # fmt: skip


def through_training(ax: Axes, rows: pd.DataFrame) -> None:
    """Ratio against distance from condition (1), a line per loss and decay, a mark per checkpoint.

    ``rows`` are of one network (:func:`.tables.through_training`).  Marks are filled where all
    networks are correct at every point.  The star is X^(-1).
    """
    for (loss, decay), steps in rows.groupby(["loss", "decay"]):
        colour, marker = LOOK[loss, decay]
        right = steps["accurate"] == steps["networks"]
        ax.plot(
            steps["distance"], steps["ratio"], marker=marker, color=colour, mfc="white", lw=1.2,
            ls="--" if decay == "yes" else "-", label=_label(loss, decay),
        )  # fmt: skip
        ax.plot(steps["distance"][right], steps["ratio"][right], marker, color=colour)
    ax.plot(0, rows["inverse_ratio"].iloc[0], "*", color=BLACK, ms=13, label="X⁻¹", clip_on=False)
    ax.set(yscale="log", xlim=(0, 1))
    ax.set_ylim(bottom=rows["inverse_ratio"].iloc[0] / 3)  # untrained networks lie lower


def by_dimension(ax: Axes, rows: pd.DataFrame) -> None:
    """Ratio after training against d, a line per loss and decay, with that of X^(-1).

    ``rows`` are of one network (:func:`.tables.after_training`).
    """
    for (loss, decay), part in rows.groupby(["loss", "decay"]):
        colour, marker = LOOK[loss, decay]
        decayed = decay == "yes"
        bars = [part["ratio"] - part["ratio_low"], part["ratio_high"] - part["ratio"]]
        ax.errorbar(
            part["d"] * (1.03 if decayed else 0.97), part["ratio"], np.clip(bars, 0, None),
            color=colour, marker=marker, mfc="white" if decayed else colour, capsize=3,
            ls="--" if decayed else "-", elinewidth=1,
            label=_label(loss, decay),
        )  # fmt: skip
    inverse = rows.groupby("d")["inverse_ratio"].first()
    ax.plot(inverse.index, inverse, "*:", color=GREY, ms=9, label="X⁻¹")
    ticks = sorted(rows["d"].unique())
    ax.set(xscale="log", yscale="log")
    ax.set_xticks(ticks, [str(d) for d in ticks])
    ax.minorticks_off()


def _label(loss: str, decay: str) -> str:
    return f"{loss}, weight decay" if decay == "yes" else loss
