"""The figures of the second paper's experiment."""

import itertools

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from fragility.experiments.dimension import summary
from fragility.report.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE

COLOURS = (BLUE, ORANGE, GREEN, PURPLE, BLACK, GREY)
MARKERS = "osD^vPX*<>h"
LABELS = {
    "usual": "usual training", "penalty_l1": "penalty, l1", "penalty_l2": "penalty, l2",
    "augmentation_l1": "one step, l∞", "augmentation_l2": "one step, l2", "pgd": "PGD, l∞",
}  # fmt: skip


def _looks():
    """Endless (marker, colour, line); a colour comes again with another line."""
    lines = itertools.chain.from_iterable(
        ([s] * len(COLOURS)) for s in itertools.cycle(["-", "--"])
    )
    return zip(itertools.cycle(MARKERS), itertools.cycle(COLOURS), lines, strict=False)


def at_initialisation(axes: NDArray, initial: pd.DataFrame) -> None:
    """Mean l1 and l2 norm against d, one line per topology, divided by that at its smallest d."""
    for ax, norm in zip(axes, ("l1", "l2"), strict=True):
        for (name, part), (marker, colour, line) in zip(
            initial.groupby("topology", sort=False), _looks(), strict=False
        ):
            means = part.groupby("d")[norm].mean()
            relative = means / means.iloc[0]
            at = means.index.to_numpy(float) / means.index[0]
            ax.plot(at, relative, marker=marker, color=colour, ls=line, lw=1, ms=4, label=name)
        reach = np.array(ax.get_xlim())
        reach = np.array([1, reach[1]])
        slope = 0.5 if norm == "l1" else 0
        ax.plot(reach, reach**slope, color=GREY, lw=3, alpha=0.4, zorder=0, label="the paper")
        ax.set(xscale="log", yscale="log", xlabel="d / smallest d")
        ax.set(ylabel=f"mean {norm} norm / that at smallest d")


def by_size(
    axes: NDArray, measures: pd.DataFrame, topologies, robust: float, epsilon: float
) -> None:
    """l1 norm, vulnerability and accuracy against d; means over accurate networks, each network.

    Args:
        axes: three.
        measures: all rows.
        topologies: that were trained.
        robust: strength of PGD training.
        epsilon: size of the attack.
    """
    rows = summary.one_row(measures, epsilon)
    series = {}
    for training, told in summary.trainings(robust).items():
        for name in topologies:
            series[f"copied, {name}, {training}"] = summary.copied(rows, name, told)
        series[f"reduced, {topologies[0]}, {training}"] = summary.reduced(rows, topologies[0], told)
    columns = {"l1": "mean ‖∂L‖₁", "vulnerability": f"share flipped at ε = {epsilon}",
               "accuracy": "accuracy"}  # fmt: skip
    for ax, (column, label) in zip(axes, columns.items(), strict=True):
        shown = ((n, p) for n, p in series.items() if p["d"].nunique() > 1)
        for (name, part), (marker, colour, line) in zip(shown, _looks(), strict=False):
            means = _accurate(part).groupby("d")[column].mean()
            ax.plot(means.index, means, marker=marker, color=colour, ls=line, label=name)
            ax.plot(part["d"], part[column], marker, color=colour, ms=2.5, alpha=0.6)
        ax.set(xscale="log", xlabel="number of pixels d", ylabel=label)
        _ticks(ax, rows["d"].unique())
    axes[0].set(yscale="log")
    axes[2].set(ylim=(None, 1))


def curves(axes: NDArray, measures: pd.DataFrame, topology: str, epsilon: float) -> None:
    """By method: l1 norm against accuracy, vulnerability against accuracy, and against l1 norm.

    Each marker is a strength, mean over its accurate networks (over all, if none of any method is
    accurate); larger markers are larger strengths.
    """
    rows = _accurate(summary.regularised(summary.one_row(measures, epsilon), topology))
    usual = rows[rows["method"] == "usual"][["accuracy", "l1", "vulnerability"]].mean()
    pairs = (("accuracy", "l1"), ("accuracy", "vulnerability"), ("l1", "vulnerability"))
    names = {"accuracy": "accuracy", "l1": "mean ‖∂L‖₁",
             "vulnerability": f"share flipped at ε = {epsilon}"}  # fmt: skip
    for ax, (x, y) in zip(axes, pairs, strict=True):
        for method, (marker, colour, _) in zip(LABELS, _looks(), strict=False):
            part = rows[rows["method"] == method]
            if part.empty:
                continue
            means = part.groupby("strength")[[x, y]].mean()
            if method != "usual":
                line = pd.concat([usual.to_frame().T[[x, y]], means])
                ax.plot(line[x], line[y], color=colour, lw=0.9)
            sizes = 18 + 22 * np.arange(len(means))
            ax.scatter(means[x], means[y], sizes, color=colour, marker=marker, label=LABELS[method])
        ax.set(xlabel=names[x], ylabel=names[y])


def cost(ax: Axes, seconds: pd.DataFrame) -> None:
    """Seconds per image of a gradient against d, one line per topology; columns topology, d."""
    for (name, part), (marker, colour, line) in zip(
        seconds.groupby("topology"), _looks(), strict=False
    ):
        medians = part.groupby("d")["seconds"].median()
        ax.plot(medians.index, 1e3 * medians, marker=marker, color=colour, ls=line, label=name)
    ax.set(xscale="log", yscale="log", xlabel="number of pixels d", ylabel="ms per image")
    _ticks(ax, seconds["d"].unique())
    ax.legend(fontsize=8)


def _accurate(rows: pd.DataFrame) -> pd.DataFrame:
    """The accurate networks; all of them, if none is."""
    return rows[rows["accurate"]] if rows["accurate"].any() else rows


def _ticks(ax: Axes, values: NDArray) -> None:
    """Mark these values on a logarithmic axis, as plain numbers."""
    ax.set_xticks(values, [f"{value:,}" for value in values])
    ax.minorticks_off()
