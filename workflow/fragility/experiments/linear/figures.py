"""The linear experiment's figures."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import NullFormatter, ScalarFormatter

from fragility.report.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE


def dimension(axes: Sequence[Axes], table: pd.DataFrame, above: float) -> None:
    """Figure 2: mean |cos theta_1| and phi by d, of all valid runs and of aligned ones.

    Below them stand, at each d, the numbers of networks trained, valid and aligned.

    Args:
        axes: two, one above the other.
        table: one row per dimension (:func:`.tables.by_dimension`).
        above: networks with |cos theta_2| above this count as aligned.
    """
    panels = {
        "all_valid_": "all valid runs",
        "": rf"only those with $|\cos\theta_2| > {above:g}$",
    }
    for ax, (prefix, title) in zip(axes, panels.items(), strict=True):
        for name, (label, colour, marker, line, offset) in SERIES.items():
            x, column = table["d"] + offset, f"{prefix}{name}"
            _interval_line(ax, x, table, column, label, colour, marker, line)
        ax.plot(
            table["d"], table["mean_phi_all_matrices"], ":", color=GREY,
            label=r"mean $\phi$ of all matrices",
        )  # fmt: skip
        ax.set(ylim=(0, None), ylabel="compression ratio")
        ax.set_title(title, loc="left", fontsize=10)
        ax.set_xticks(table["d"], [""] * len(table))
    axes[0].figure.legend(
        *axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=2, fontsize=8.5
    )
    _counts_below(axes[-1], table)


SERIES = {
    "mean_abs_cos_theta_1": (r"network: $|\cos\theta_1|$", ORANGE, "o", "-", -0.08),
    "mean_phi": (r"prediction: $\phi$", BLUE, "s", "--", 0.08),
}


def _counts_below(ax: Axes, table: pd.DataFrame) -> None:
    """Tick labels of four lines: d, and how many networks were trained, valid and aligned."""
    rows = table[["d", "runs", "valid", "aligned"]].astype(str).to_numpy()
    ax.set_xticks(table["d"], ["\n".join(row) for row in rows], fontsize=8)
    ax.annotate(
        "d\ntrained\nvalid\naligned", (0, 0), xytext=(-6, -7), xycoords="axes fraction",
        textcoords="offset points", ha="right", va="top", fontsize=8, fontweight="bold",
    )  # fmt: skip


def scatter(ax: Axes, valid: pd.DataFrame, above: float, printed: pd.DataFrame) -> None:
    """|cos theta_1| against phi: one mark per valid network (row), the printed runs on top.

    Args:
        ax: where to draw.
        valid: one row per valid network.
        above: networks with |cos theta_2| above this count as aligned.
        printed: Table 1, one row per experiment.
    """
    is_aligned = valid["cos_theta_2"].abs() > above
    for rows, label, colour, marker in (
        (valid[is_aligned], rf"ours, $|\cos\theta_2| > {above:g}$", BLUE, "o"),
        (valid[~is_aligned], rf"ours, $|\cos\theta_2| \leq {above:g}$", PURPLE, "v"),
    ):
        if len(rows):
            ax.plot(
                rows["phi"], rows["cos_theta_1"].abs(), marker, ms=4, mfc="none", mec=colour,
                alpha=0.7, label=f"{label} ({len(rows)})",
            )  # fmt: skip
    _printed_runs(ax, printed)
    ax.set(xlabel=r"predicted: $\phi$", ylabel=r"network: $|\cos\theta_1|$")
    ax.legend(loc="lower right", fontsize=8)


def heatmap(ax: Axes, table: pd.DataFrame, name: str, title: str, default: tuple) -> None:
    """One column of a table with one row per (batch size, learning rate), as a grid.

    Args:
        ax: where to draw.
        table: columns batch_size, learning_rate and ``name``.
        name: the column shown.
        title: the panel's title.
        default: the (batch size, learning rate) that gets a frame.
    """
    grid = table.pivot(index="batch_size", columns="learning_rate", values=name)
    grid = grid.loc[list(dict.fromkeys(table["batch_size"]))]
    values = grid.to_numpy(float)
    limit = max(np.nanmax(values, initial=0), 1e-12)
    ax.imshow(values, cmap="cividis", vmin=0, vmax=limit)
    ax.grid(visible=False)
    for (row, column), value in np.ndenumerate(values):
        text = "none" if np.isnan(value) else f"{value:.3f}"
        dark = np.isnan(value) or value < 0.48 * limit  # cividis is light above
        colour = "white" if dark else "black"
        ax.text(column, row, text, ha="center", va="center", color=colour, zorder=5)
        if np.isnan(value):
            ax.add_patch(_cell(column, row, facecolor=GREY, lw=0, zorder=1))
        if (grid.index[row], grid.columns[column]) == default:
            ax.add_patch(_cell(column, row, fill=False, edgecolor=ORANGE, lw=3))
    ax.set_xticks(range(len(grid.columns)), [f"{rate:g}" for rate in grid.columns])
    ax.set_yticks(range(len(grid.index)), grid.index)
    ax.set(xlabel="learning rate", ylabel="batch size", title=title)


def radii(ax: Axes, table: pd.DataFrame, scale: float) -> None:
    """Radii divided by ||A_:,d|| by dimension, at one column scale.

    ``table`` has one row per scale and dimension (:func:`.tables.classifiers`).
    """
    part = table[table["column_scale"] == scale]
    ax.axhline(1, color=BLACK, lw=1, ls=(0, (1, 1)))
    ax.annotate(
        r"$\|A_{:,d}\|$, the paper's comparator", (part["d"].max(), 1), xytext=(0, 8),
        textcoords="offset points", ha="right", fontsize=9,
    )  # fmt: skip
    for name, label, colour, marker, line in (
        ("optimal_radius", "optimal classifier, between classes", GREEN, "^", "-"),
        ("max_margin_radius", "max-margin linear classifier", PURPLE, "D", "-."),
        ("phi", r"Theorem 6's network: $\phi$", BLUE, "s", "--"),
    ):
        _interval_line(ax, part["d"], part, name, label, colour, marker, line)
    ax.set(
        xlabel="input dimension d", ylim=(0, 1.17),
        title=f"other columns × {scale:g}" if scale != 1 else "columns as drawn",
    )  # fmt: skip
    ax.set_xticks(part["d"])


def run_7(ax: Axes, feasibility: pd.DataFrame, printed: pd.DataFrame) -> None:
    """The largest |cos theta_1| of any valid network against phi, and the printed runs.

    Args:
        ax: where to draw.
        feasibility: two rows per matrix, with phi as drawn and with phi fixed to run 7's.
        printed: Table 1, one row per experiment.
    """
    free, fixed = (feasibility[feasibility["phi_fixed"] == flag] for flag in (0, 1))
    ax.plot(
        free["phi"], free["largest_cos_theta_1"], ".", color=GREY, ms=2.5, alpha=0.5,
        label="largest possible, a matrix a dot",
    )  # fmt: skip
    low, middle, high = fixed["largest_cos_theta_1"].quantile([0.005, 0.5, 0.995])
    phi = fixed["phi"].iloc[0]
    ax.errorbar(
        phi, middle, [[middle - low], [high - middle]], fmt="s", color=BLUE, capsize=4,
        label=rf"largest possible at $\phi = {phi:.4f}$: median, 99 %",
    )  # fmt: skip
    _printed_runs(ax, printed)
    ax.set(xlabel=r"$\phi$ of the matrix", ylabel=r"$|\cos\theta_1|$ of a valid network")
    ax.legend(loc="lower right", fontsize=8)


def cost(ax: Axes, dimensions: np.ndarray, seconds: np.ndarray) -> None:
    """Training seconds per network by d, both (k,), and a line that doubles with d as 2^d does."""
    ax.plot(dimensions, seconds, "o-", color=BLUE, label="measured")
    last = seconds[-1] * 2.0 ** (dimensions - dimensions[-1])
    ax.plot(dimensions, last, ":", color=GREY, label=r"$2^d$, through the last point")
    ax.set_yscale("log")
    ax.set(xlabel="input dimension d", ylabel="seconds per network")
    ax.set_xticks(dimensions)
    ax.yaxis.set_major_formatter(ScalarFormatter())
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.legend()


def _interval_line(ax, x, table, name, label, colour, marker, line) -> None:
    """A line with 95 % interval bars from the columns name, name_low, name_high."""
    value = table[name]
    bars = [value - table[f"{name}_low"], table[f"{name}_high"] - value]
    ax.errorbar(
        x, value, np.clip(bars, 0, None), color=colour, marker=marker, ls=line, capsize=3,
        elinewidth=1, label=label,
    )  # fmt: skip


def _printed_runs(ax: Axes, printed: pd.DataFrame) -> None:
    """The ten runs of Table 1, phi against |cos theta_1|, and the diagonal."""
    paper = printed[["phi", "cos_theta_1"]].astype(float).abs()
    ax.plot(paper["phi"], paper["cos_theta_1"], "X", color=ORANGE, ms=8, label="paper, Table 1")
    outlier = paper[printed["experiment"] == "7"].iloc[0]
    ax.annotate(
        "run 7", outlier, xytext=(9, -3), textcoords="offset points", color=ORANGE,
        bbox={"fc": "white", "ec": "none", "pad": 1, "alpha": 0.85},
    )  # fmt: skip
    _diagonal(ax)


def _diagonal(ax: Axes) -> None:
    ax.plot([0, 1], [0, 1], color=BLACK, lw=0.8, zorder=0)
    ax.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")


def _cell(column: int, row: int, **look):
    from matplotlib.patches import Rectangle

    return Rectangle((column - 0.5, row - 0.5), 1, 1, **look)
