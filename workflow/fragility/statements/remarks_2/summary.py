"""Remarks 2's numbers that table, figure and evidence share."""

import numpy as np
import pandas as pd

from fragility.paper.estimates import estimate_columns, mean, quantile

SIZES = ("network_average", "network_worst", "optimal_average", "optimal_worst")


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per d of check.py: medians over trials, mean shares of directions."""
    table = [{"d": d, "trials": len(part)} | _row(part) for d, part in rows.groupby("d")]
    return pd.DataFrame(table).assign(never_predicted=lambda table: 1 / table["d"])


def finite(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows whose median direction flips both classifiers at some length: nearly all."""
    averages = rows[["observed_network_average", "observed_optimal_average"]]
    return rows[np.isfinite(averages).all(axis=1)]


def _row(part: pd.DataFrame) -> dict[str, float]:
    kept = finite(part)
    estimates = {name: quantile(kept[f"observed_{name}"], 0.5) for name in SIZES}
    for name in ("network_above", "optimal_above", "network_never", "optimal_never"):
        estimates[name] = mean(part[name])
    predicted = {f"{name}_predicted": part[f"predicted_{name}"].iloc[0] for name in SIZES}
    return estimate_columns(estimates) | predicted
