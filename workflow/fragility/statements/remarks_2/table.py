"""Remarks 2's table: average and worst case by dimension, measured and predicted."""

import numpy as np
import pandas as pd

from fragility.paper.estimates import mean
from fragility.report.render import spread
from fragility.statements.theorem_1.table import quantile

SIZES = ("network_average", "network_worst", "optimal_average", "optimal_worst")

HEADINGS = {
    "d": "d",
    "trials": "trials",
    "network_average": "network, average",
    "network_average_predicted": "network, average, law",
    "network_worst": "network, worst",
    "network_worst_predicted": "network, worst, bound for large d",
    "optimal_average": "optimal, average",
    "optimal_average_predicted": "optimal, average, law",
    "optimal_worst": "optimal, worst",
    "optimal_worst_predicted": "optimal, worst, law",
    "network_above": "network: share above its law's median",
    "optimal_above": "optimal: share above its law's median",
    "network_never": "network: share that never flips",
    "optimal_never": "optimal: share that never flips",
    "never_predicted": "never flips, law (1/d)",
}


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per d of check_remarks_2.py: medians over trials, mean shares of directions."""
    table = [{"d": d, "trials": len(part)} | _row(part) for d, part in rows.groupby("d")]
    return pd.DataFrame(table).assign(never_predicted=lambda table: 1 / table["d"])


def finite(rows: pd.DataFrame) -> pd.DataFrame:
    """Trials whose median direction flips both classifiers at some length: nearly all."""
    averages = rows[["observed_network_average", "observed_optimal_average"]]
    return rows[np.isfinite(averages).all(axis=1)]


def _row(part: pd.DataFrame) -> dict[str, float]:
    kept = finite(part)
    estimates = {name: quantile(kept[f"observed_{name}"], 0.5) for name in SIZES}
    for name in ("network_above", "optimal_above", "network_never", "optimal_never"):
        estimates[name] = mean(part[name])
    predicted = {f"{name}_predicted": part[f"predicted_{name}"].iloc[0] for name in SIZES}
    return spread(estimates) | predicted
