"""Numbers on Theorem 1's data that tables, figures and evidence share; the unit is a matrix X.

``measures`` are the rows of scripts/causes/one_hot.py: a network at a checkpoint each.
"""

import numpy as np
import pandas as pd
from scipy import stats

from fragility.paper.estimates import Estimate, log_log_slope, mean

KIND = ["activation", "layers", "loss", "decayed"]  # what networks are trained alike
UNKNOWN = Estimate(np.nan, np.nan, np.nan, 0)


def joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """The rows of all networks, with ``decayed``, whether there is weight decay."""
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(decayed=rows["decay"] > 0)


def final(measures: pd.DataFrame) -> pd.DataFrame:
    """The rows after the last step."""
    return measures[measures["step"] == measures["step"].max()]


def accurate(measures: pd.DataFrame) -> pd.DataFrame:
    """The rows of networks that are correct at every point."""
    return measures[measures["accuracy"] == 1]


def largest(measures: pd.DataFrame) -> pd.DataFrame:
    """The rows of the largest dimension, of linear and of ReLU networks."""
    return measures[measures["d"] == measures.groupby("activation")["d"].transform("max")]


def network_name(activation: str, layers: int) -> str:
    """'2 linear layers', '1 hidden ReLU layer'."""
    plural = "s" if layers > 1 else ""
    return f"{layers} linear layer{plural}" if activation == "linear" else (
        f"{layers} hidden ReLU layer{plural}"
    )  # fmt: skip


def geometric_mean(values: pd.Series) -> float:
    """Of the positive ones; NaN if there is none."""
    positive = values[values > 0]
    return float(np.exp(np.log(positive).mean())) if len(positive) else np.nan


def over_inverse(rows: pd.DataFrame) -> Estimate:
    """Geometric mean over matrices of the ratio divided by that of X^(-1), of the rows given."""
    logs = mean(np.log(rows["ratio"] / rows["inverse_ratio"]))
    return Estimate(*np.exp(logs[:3]).tolist(), logs.n)


def most_robust(rows: pd.DataFrame) -> pd.DataFrame:
    """The row of the network with the largest ratio, for each matrix."""
    return rows.sort_values("ratio", kind="stable").groupby("matrix").tail(1)


def told(rows: pd.DataFrame) -> str:
    """Which kinds of networks these are, and how many of each, in words."""
    counts = rows.groupby(KIND).size()
    return "; ".join(
        f"{n} of {len(rows)}: {network_name(activation, layers)}, {loss}"
        f"{', weight decay' if decayed else ''}"
        for (activation, layers, loss, decayed), n in counts.items()
    )


def slope(rows: pd.DataFrame, column: str) -> Estimate:
    """Exponent of a column in d over matrices and dimensions; unknown below three dimensions."""
    rows = rows[rows[column] > 0]
    if rows["d"].nunique() < 3:
        return UNKNOWN._replace(n=len(rows))
    return log_log_slope(rows["d"], rows[column])


def followed(rows: pd.DataFrame) -> Estimate:
    """Mean over matrices of the rank correlation of distance and ratio through training.

    Of networks of one kind and dimension, at the checkpoints at which they are accurate; a matrix
    with fewer than four of these is left out.
    """
    each = [
        stats.spearmanr(part["distance"], part["ratio"]).statistic
        for _, part in accurate(rows).groupby("matrix")
        if len(part) > 3
    ]
    return mean([value for value in each if not np.isnan(value)])
