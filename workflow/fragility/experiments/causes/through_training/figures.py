"""The figure of networks through training."""

import pandas as pd
from matplotlib.axes import Axes

from fragility.report.style import BLACK, BLUE, GREEN, ORANGE, PURPLE

MEANS = {
    "accuracy": ("accuracy", BLACK, "s", "-"),
    "compression": ("compression |cos θ|", BLUE, "o", "-"),
    "cos_theta_2": ("|cos θ₂|", GREEN, "^", "-"),
    "robust_mean": ("perturbation, mean", ORANGE, "v", "--"),
    "robust_min": ("perturbation, easiest point", PURPLE, "D", "--"),
}
CORRELATIONS = {
    "known_before": ("with φ", BLUE, "o", "-"),
    "predicts_mean": ("with the final perturbation, mean", ORANGE, "v", "--"),
    "predicts_min": ("with the final perturbation, easiest point", PURPLE, "D", "--"),
}


def curves(ax: Axes, rows: pd.DataFrame, named: dict) -> None:
    """Columns of :func:`.tables.through_training` of one kind of network against the step + 1.

    ``named`` is MEANS or CORRELATIONS; bands are 95 % intervals.
    """
    at = rows["step"] + 1
    for name, (label, colour, marker, line) in named.items():
        if rows[name].notna().any():
            ax.plot(at, rows[name], marker=marker, color=colour, ls=line, lw=1.2, label=label)
        if f"{name}_low" in rows:
            ax.fill_between(
                at, rows[f"{name}_low"], rows[f"{name}_high"], color=colour, alpha=0.15, lw=0
            )
    ax.axhline(0, color=BLACK, lw=0.6)
    ax.set(xscale="log", ylim=(min(-0.05, *ax.get_ylim()), 1.05))
