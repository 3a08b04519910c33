"""Theorem 6's table: by dimension and column scale, the perturbation and the classes' distance."""

import numpy as np
import pandas as pd

from fragility.paper.estimates import Estimate, proportion, quantile
from fragility.report.render import spread
from fragility.statements.theorem_6.closed_form import (
    perturbation_probability,
    perturbation_quantile,
)

SIZES = (2, 4, 6)  # constants D tried

HEADINGS = {
    "d": "d",
    "scale": "factor on columns",
    "n": "matrices",
    "flipped": "all points flipped to ∓1 (matrices)",
    "needed": "smallest / |R_dd|",
    "quantile": f"2|R_dd|, 95 % quantile (law: {perturbation_quantile(0.95):.4f})",
    **{f"within_{k}": f"P(2|R_dd| ≤ {k}) (law: {perturbation_probability(k):.4f})" for k in SIZES},
    "distance": "distance / √d, median",
    "alpha": "α with probability 0.99",
    "predicted_alpha_pairs": "proved: 2^(2(d−1)) pairs",
    "predicted_alpha_differences": "proved: 3^(d−1) differences",
    "predicted_alpha_weights": "proved: each with its variance",
    "column_alone": "distance = 2‖A_:,d‖ (matrices)",
}


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per (scale, d) of check_theorem_6.py."""
    proved = [name for name in rows if name.startswith("predicted_alpha")]
    return pd.DataFrame(
        {"d": d, "scale": scale, "n": len(part)} | dict(part[proved].iloc[0]) | _condition(part)
        for (scale, d), part in rows.groupby(["scale", "d"])
    )


def _condition(part: pd.DataFrame) -> dict:
    size, alpha = part["predicted_perturbation"], part["observed_distance"] / np.sqrt(part["d"])
    return spread(
        {
            "flipped": proportion(is_flipped(part).sum(), len(part)),
            "needed": needed(part),
            "quantile": quantile(size, 0.95),
            **{f"within_{k}": proportion((size <= k).sum(), len(part)) for k in SIZES},
            "distance": quantile(alpha, 0.5),
            "alpha": quantile(alpha, 0.01),
            "column_alone": proportion(part["column_alone"].sum(), len(part)),
        }
    )


def is_flipped(rows: pd.DataFrame) -> pd.Series:
    """Whether e flips every point visited, to the outputs (-1, 1) and (1, -1) to a millionth."""
    return (rows["flipped"] == 1) & (rows["output_error"] <= 1e-6)


def needed(rows: pd.DataFrame) -> Estimate:
    """Smallest flipping perturbation over |R_dd|: median, and the extremes over all points."""
    r_dd = rows["predicted_perturbation"] / 2
    middle = float((rows["observed_smallest"] / r_dd).median())
    low, high = (rows["observed_smallest"] / r_dd).min(), (rows["observed_largest"] / r_dd).max()
    return Estimate(middle, float(low), float(high), len(rows))
