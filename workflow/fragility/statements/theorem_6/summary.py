"""Theorem 6's numbers that table, figure and evidence share."""

import numpy as np
import pandas as pd

from fragility.paper.estimates import Estimate, estimate_columns, proportion, quantile

SIZES = (2, 4, 6)  # constants D tried


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per (scale, d) of check.py."""
    proved = [name for name in rows if name.startswith("predicted_alpha")]
    return pd.DataFrame(
        {"d": d, "scale": scale, "n": len(part)} | dict(part[proved].iloc[0]) | _condition(part)
        for (scale, d), part in rows.groupby(["scale", "d"])
    )


def _condition(part: pd.DataFrame) -> dict:
    size, alpha = part["predicted_perturbation"], part["observed_distance"] / np.sqrt(part["d"])
    return estimate_columns(
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
    """Whether each row's e flips every point tried, to outputs (-1, 1) and (1, -1) within 1e-6."""
    return (rows["flipped"] == 1) & (rows["output_error"] <= 1e-6)


def needed(rows: pd.DataFrame) -> Estimate:
    """Smallest flipping perturbation divided by |R_dd|: median over rows, extremes over points."""
    r_dd = rows["predicted_perturbation"] / 2
    middle = float((rows["observed_smallest"] / r_dd).median())
    low, high = (rows["observed_smallest"] / r_dd).min(), (rows["observed_largest"] / r_dd).max()
    return Estimate(middle, float(low), float(high), len(rows))
