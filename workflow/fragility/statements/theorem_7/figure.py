"""Theorem 7's figure."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fragility.report.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, legend_above


def draw(figure: Figure, rows: pd.DataFrame) -> None:
    """Ratios by d, errors by eps, and how often a kink is crossed; ``rows`` are check.py's."""
    left, middle, right = figure.subplots(1, 3)
    networks = rows[rows["kind"] == "network"]
    _ratios(left, rows[rows["kind"] == "gaussian"], networks)
    _errors(middle, networks)
    _kinks(right, networks)


def _ratios(ax: Axes, gaussian: pd.DataFrame, networks: pd.DataFrame) -> None:
    means = gaussian.groupby("d")[["observed_two", "observed_one"]].mean()
    d = means.index.to_numpy(dtype=float)
    ax.plot(d, 2 / d, "-", color=BLACK, lw=1, label="2/d")
    ax.plot(d, 1 / d, "--", color=BLACK, lw=1, label="1/d")
    ax.plot(d, means["observed_two"], "o", color=BLUE, ms=4, label="two gradients")
    ax.plot(d, means["observed_one"], "s", color=ORANGE, ms=4, label="one gradient")
    once = networks.drop_duplicates("network")
    ax.plot(once["d"], once["observed_one"], "x", color=GREEN, ms=4, label="one, trained networks")
    ax.set(xscale="log", yscale="log", xlabel="dimension d", ylabel="squared ratio, mean")
    legend_above(ax)


def _errors(ax: Axes, networks: pd.DataFrame) -> None:
    by_eps = networks.groupby("eps")
    one = networks.dropna(subset="log_error_one")
    weighted = (one["log_error_one"] * one["crossed_one"]).groupby(one["eps"]).sum()
    past = np.exp(weighted / one.groupby("eps")["crossed_one"].sum())
    ax.plot(past.index, past, "^", color=PURPLE, ms=4, label="ReLU, past one kink")
    error = by_eps["error"].mean()
    ax.plot(error.index, error, "o", color=BLUE, ms=4, label="ReLU, all points")
    softplus = by_eps["softplus_error"].mean()
    ax.plot(softplus.index, softplus, "s", color=ORANGE, ms=4, label="softplus")
    eps, middle = np.array([error.index.min(), error.index.max()]), len(past) // 2
    for power, anchor, line in ((1, past, ":"), (2, softplus, "--")):
        if len(anchor):
            at = min(middle, len(anchor) - 1)
            guide = anchor.iloc[at] * (eps / anchor.index[at]) ** power
            ax.plot(eps, guide, line, color=GREY, lw=1, label=f"slope {power}")
    ax.set(xscale="log", yscale="log", xlabel=r"$\epsilon$", ylabel="error of the outputs")
    legend_above(ax)


def _kinks(ax: Axes, networks: pd.DataFrame) -> None:
    crossed = networks["crossed"] / networks["points"]
    marks = zip("osD^", (BLUE, ORANGE, GREEN, PURPLE), strict=True)
    for (layers, part), (marker, colour) in zip(networks.groupby("layers"), marks, strict=False):
        share = crossed[part.index].groupby(part["eps"]).mean()
        ax.plot(share.index, share, marker=marker, color=colour, ms=4,
                label=f"{layers:g} hidden layer{'s' if layers > 1 else ''}")  # fmt: skip
    ax.set(xscale="log", yscale="log", xlabel=r"$\epsilon$", ylabel="share of points past a kink")
    legend_above(ax)
