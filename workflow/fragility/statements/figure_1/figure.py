"""Figure 1, drawn from computed data."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Arc

from fragility.report.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    legend_above,
    marks_up_to,
    readable_top,
)
from fragility.statements.figure_1.summary import points

CLASSES = ("#f9e3d3", "#dcecf6")  # light shades of orange (Class 1) and blue (Class 2)


def draw(figure: Figure, rows: pd.DataFrame) -> None:
    """Left: the plane through x2, x1 and the gradient; right: the ratio of all pairs by cos θ.

    ``rows`` are those of check.py.
    """
    left, right = figure.subplots(1, 2, width_ratios=(1.35, 1))
    marks = rows[rows["kind"] == "mark"].set_index("name")[["u", "v"]]
    _regions(left, rows[rows["kind"] == "grid"])
    _marks(left, marks)
    _ratios(right, points(rows))


def _regions(ax: Axes, grid: pd.DataFrame) -> None:
    """The network's decision regions and boundary, and the optimal classifier's boundary."""
    g, optimal = (grid.pivot(index="v", columns="u", values=name) for name in ("g", "optimal"))
    u, v = g.columns, g.index
    limit = np.abs(g.to_numpy()).max() + 1
    ax.contourf(u, v, g, levels=[-limit, 0, limit], colors=CLASSES)
    ax.contour(u, v, g, levels=[0], colors=[ORANGE], linewidths=1.8)
    ax.contour(u, v, optimal, levels=[0], colors=[BLACK], linewidths=1.4, linestyles="--")
    ax.plot([], [], "-", color=ORANGE, lw=1.8, label="network: g = 0")
    ax.plot([], [], "--", color=BLACK, lw=1.4, label="optimal classifier")
    for sign, name, place in ((1, "Class 2", (0.02, 0.04)), (-1, "Class 1", (0.98, 0.94))):
        if (sign * g.to_numpy() > 0).any():
            ax.text(*place, f"network: {name}", transform=ax.transAxes, fontsize=8, color=GREY,
                    ha="left" if sign > 0 else "right")  # fmt: skip
    ax.grid(False)


def _marks(ax: Axes, marks: pd.DataFrame) -> None:
    """x2, x1, both directions from x2 with the angle between them, and the attack's end point."""
    across, up = marks.loc["direction"]
    theta = np.degrees(np.arctan2(up, across))
    arrow = {"arrowstyle": "-|>", "color": BLACK, "lw": 1.2, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", (1, 0), (0, 0), arrowprops=arrow | {"color": GREY})
    ax.annotate("", (0.62 * across, 0.62 * up), (0, 0), arrowprops=arrow)
    ax.text(0.64 * across, 0.64 * up, r"$-\nabla g(x_2)$", va="bottom", ha="center", fontsize=9)
    ax.add_patch(Arc((0, 0), 0.4, 0.4, theta2=theta, color=BLACK, lw=1))
    half = np.radians(theta / 2)
    ax.text(0.23 * np.cos(half), 0.23 * np.sin(half), rf"$\theta = {theta:.0f}°$", fontsize=9)
    for name, marker, colour, text, shift in (
        ("x2", "o", BLUE, "$x_2$ (Class 2)", (0, -14)),
        ("x1", "s", ORANGE, "$x_1$ (Class 1)", (0, -14)),
        ("landing", "*", GREEN, "attack lands", (-9, 4)),
    ):
        at = tuple(marks.loc[name])
        ax.plot(*at, marker, color=colour, mec=BLACK, ms=13 if marker == "*" else 7, zorder=3)
        ax.annotate(text, at, shift, textcoords="offset points", fontsize=8,
                    ha="right" if name == "landing" else "center")  # fmt: skip
    ax.set(aspect="equal", xlabel=r"along $x_1 - x_2$, in units of $\|x_1 - x_2\|$",
           ylabel="across, same unit")  # fmt: skip
    legend_above(ax, ncols=2)


def _ratios(ax: Axes, pairs: pd.DataFrame) -> None:
    marks = zip("osD^", (BLUE, ORANGE, GREEN, BLACK), strict=True)
    top = readable_top(pairs["observed_ratio"].dropna())
    for (layers, part), (marker, colour) in zip(pairs.groupby("layers"), marks, strict=False):
        marks_up_to(ax, part["cosine"], part["observed_ratio"], top, marker, color=colour, ms=3,
                    mfc="none", mew=0.6,
                    label=f"{layers:g} hidden layer{'s' if layers > 1 else ''}")  # fmt: skip
    drawn = pairs[pairs["drawn"].astype(bool)]
    ax.plot(drawn["cosine"], drawn["observed_ratio"], "*", color=GREEN, mec=BLACK, ms=12,
            label="the pair on the left")  # fmt: skip
    ax.plot([0, 1], [0, 1], "-", color=GREY, lw=1, label=r"$\cos\theta$")
    ax.axhline(1, color=BLACK, lw=1, ls="--", label="optimal classifier")
    ax.set(xlabel=r"$\cos\theta$ at $x_2$", ylim=(0, top),
           ylabel=r"attack distance / ($\|x_1 - x_2\| / 2$)")  # fmt: skip
    legend_above(ax, ncols=2)
