"""Lemma 2's figure."""

import pandas as pd
from matplotlib.figure import Figure

from fragility.report.style import BLACK, BLUE, GREEN, ORANGE, PURPLE, legend_above


def draw(figure: Figure, rows: pd.DataFrame) -> None:
    """Left: ln P / d by alpha for several d, and the bound; right: their largest gap by d.

    ``rows`` are those of check.py.
    """
    left, right = figure.subplots(1, 2)
    dimensions = sorted(rows["d"].unique())
    for d, colour, marker in zip(
        dimensions[:: max(len(dimensions) // 4, 1)], (BLUE, ORANGE, GREEN, PURPLE, BLUE),
        "osD^v", strict=False,
    ):  # fmt: skip
        part = rows[rows["d"] == d].sort_values("alpha")
        left.plot(part["alpha"], part["log_probability"] / d, marker=marker, color=colour,
                  ls="none", ms=4, label=f"exact, d = {d}")  # fmt: skip
    part = rows[rows["d"] == dimensions[-1]].sort_values("alpha")
    left.plot(part["alpha"], part["log_bound"] / dimensions[-1], "-", color=BLACK, label="bound")
    left.set(xscale="log", xlabel=r"$\alpha$", ylabel=r"$\ln P\,/\,d$")
    legend_above(left, ncols=2)
    gap = ((rows["log_bound"] - rows["log_probability"]) / rows["d"]).groupby(rows["d"]).max()
    right.plot(gap.index, gap, "o-", color=BLUE)
    right.set(
        xscale="log", yscale="log", xlabel="dimension d",
        ylabel=r"largest gap $(\ln\,\mathrm{bound} - \ln P)\,/\,d$",
    )  # fmt: skip
