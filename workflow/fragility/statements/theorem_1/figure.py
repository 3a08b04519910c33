"""Theorem 1's figure."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fragility.report.style import BLACK, BLUE, GREEN, ORANGE, PURPLE, legend_above
from fragility.statements.theorem_1.closed_form import perturbation_law
from fragility.statements.theorem_1.summary import gaussian, summary


def draw(figure: Figure, rows: pd.DataFrame) -> None:
    """Sizes by d; probabilities of a constant C and of the target; the smallest distance's.

    ``rows`` are those of check.py.
    """
    table = summary(rows)
    sizes, constants, distances = figure.subplots(1, 3)
    _sizes(sizes, gaussian(rows), table)
    _constants(constants, table)
    _distances(distances, table)
    for ax in (sizes, constants, distances):
        ax.set(xscale="log", xlabel="dimension d")


def _sizes(ax: Axes, rows: pd.DataFrame, table: pd.DataFrame) -> None:
    d = table["d"]
    for name, label, marker, colour in (
        ("observed_radius", "optimal classifier, exact", "o", BLUE),
        ("observed_perturbation", r"proof's $\mathbf{e}$", "s", ORANGE),
        ("observed_smallest", "network, exact", "^", GREEN),
    ):
        low, middle, high = (rows.groupby("d")[name].quantile(q) for q in (0.05, 0.5, 0.95))
        ax.errorbar(d, middle, [middle - low, high - middle], fmt=marker, color=colour, label=label)
    predicted = perturbation_law()
    ax.plot(d, table["radius_median_predicted"], "-", color=BLUE)
    ax.plot(d, 0 * d + predicted.median(), "-", color=ORANGE)
    ax.plot(d, table["smallest_median_predicted"], "--", color=GREEN)
    ax.set(yscale="log", ylabel="smallest change: median, 5 to 95 %")
    legend_above(ax)


def _constants(ax: Axes, table: pd.DataFrame) -> None:
    for name, label, marker, line, colour in (
        ("smallest_at_most_half", r"P(network, exact $\leq$ 1/2)", "^", "--", GREEN),
        ("perturbation_at_most_2", r"P($\|\mathbf{e}\|\leq 2$)", "s", "-", ORANGE),
        ("target", r"P($\mathbf{e}$ ends in class $d-1$)", "v", "-", PURPLE),
    ):
        _share(ax, table, name, label, marker, line, colour)
    ax.set(ylabel="probability", ylim=(-0.03, 1.03))
    legend_above(ax)


def _distances(ax: Axes, table: pd.DataFrame) -> None:
    looks = zip((3, 2, 1, 0), "osD^", (BLUE, ORANGE, GREEN, BLACK), strict=True)
    for tenth, marker, colour in looks:
        label = rf"$\epsilon$ = {tenth / 10:g}"
        _share(ax, table, f"distance_{tenth}", label, marker, "-", colour)
    ax.set(
        ylabel=r"P(min $\|x_i-x_j\|\geq(1-\epsilon)\sqrt{2d}$)",
        ylim=(-0.03, 1.03),
    )
    legend_above(ax, ncols=2)


def _share(
    ax: Axes, table: pd.DataFrame, name: str, label: str, marker: str, line: str, colour: str
) -> None:
    """A measured share with its interval, and the prediction as a line."""
    middle = table[name]
    limits = [middle - table[f"{name}_low"], table[f"{name}_high"] - middle]
    ax.errorbar(table["d"], middle, limits, fmt=marker, color=colour, label=label)
    ax.plot(table["d"], table[f"{name}_predicted"], line, color=colour)
