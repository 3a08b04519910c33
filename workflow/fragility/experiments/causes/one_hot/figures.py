"""Figures on Theorem 1's data."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from fragility.report.style import BLACK, BLUE, GREY, ORANGE

LOOK = {"cross-entropy": (BLUE, "o"), "squared": (ORANGE, "s")}


def through_training(ax: Axes, measures: pd.DataFrame) -> None:
    """Ratio against distance from condition (1), a line per loss and decay, a mark per checkpoint.

    ``measures`` are of one network and dimension; geometric means over matrices.  Marks are filled
    where all networks are correct at every point.  The star is X^(-1).
    """
    for (loss, decayed), part in measures.groupby(["loss", "decayed"]):
        colour, marker = LOOK[loss]
        steps = part.groupby("step").agg(
            distance=("distance", "mean"), ratio=("ratio", _geometric), accuracy=("accuracy", "min")
        )
        name = f"{loss}, weight decay" if decayed else loss
        right = steps["accuracy"] == 1
        line = "--" if decayed else "-"
        ax.plot(steps["distance"], steps["ratio"], line, color=colour, lw=1.2, label=name,
                marker=marker, mfc="white", markevery=np.flatnonzero(~right).tolist())  # fmt: skip
        ax.plot(steps["distance"][right], steps["ratio"][right], marker, color=colour)
    ax.plot(0, _geometric(measures["inverse_ratio"]), "*", color=BLACK, ms=13, label="X⁻¹",
            clip_on=False)  # fmt: skip
    ax.set(yscale="log", xlim=(0, 1))


def by_dimension(ax: Axes, rows: pd.DataFrame) -> None:
    """Ratio after training against d, a line per loss and decay, with that of X^(-1).

    ``rows`` are of one network (:func:`.tables.after_training`).
    """
    for (loss, decay), part in rows.groupby(["loss", "decay"]):
        colour, marker = LOOK[loss]
        decayed = decay == "yes"
        bars = [part["ratio"] - part["ratio_low"], part["ratio_high"] - part["ratio"]]
        ax.errorbar(
            part["d"] * (1.03 if decayed else 0.97), part["ratio"], np.clip(bars, 0, None),
            color=colour, marker=marker, mfc="white" if decayed else colour, capsize=3,
            ls="--" if decayed else "-", elinewidth=1,
            label=f"{loss}, weight decay" if decayed else loss,
        )  # fmt: skip
    inverse = rows.groupby("d")["inverse_ratio"].first()
    ax.plot(inverse.index, inverse, "*:", color=GREY, ms=9, label="X⁻¹")
    ticks = sorted(rows["d"].unique())
    ax.set(xscale="log", yscale="log")
    ax.set_xticks(ticks, [str(d) for d in ticks])
    ax.minorticks_off()


def _geometric(values: pd.Series) -> float:
    positive = values[values > 0]
    return float(np.exp(np.log(positive).mean())) if len(positive) else np.nan
