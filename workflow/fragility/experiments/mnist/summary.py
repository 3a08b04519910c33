"""The sevens' numbers that tables, figures and evidence share: ratios, and what predicts Q."""

import numpy as np
import pandas as pd

from fragility.paper.estimates import Estimate, correlation, quantile, slope

UNKNOWN = Estimate(np.nan, np.nan, np.nan, 0)


def ratios(measures: pd.DataFrame) -> pd.DataFrame:
    """The rows with columns of Table 5's ratios for each kind of Q, and of the average cosine."""
    half = measures["L"] / 2
    columns = {f"{name}_over_half_L": measures[name] / half for name in ("Q", "M", "M_exact")}
    for name in ("Q_sign", "Q_gradient", "Q_minimal", "first_order"):
        columns[f"{name}_over_half_L"] = measures[name] / half
    columns["average_cos"] = measures[cosines(measures)].mean(axis=1)
    return measures.assign(**columns)


def cosines(measures: pd.DataFrame) -> list[str]:
    """The columns of cos theta_t along the path, from alpha = 0 to 1."""
    return [name for name in measures if name.removeprefix("cos_").isdigit()]


def pair_of(table: pd.DataFrame, predictor: str, size: str) -> pd.DataFrame:
    """|predictor| and ``size`` of the sevens (rows) that have both; columns x and y."""
    return pd.DataFrame({"x": table[predictor].abs(), "y": table[size]}).dropna()


def fit(pair: pd.DataFrame) -> dict[str, Estimate]:
    """Median of x/y, slope of y on x, and their correlation, over rows.

    All are unknown (NaN) below four rows, slope and correlation also where all values are equal.
    """
    estimates = dict.fromkeys(("ratio", "slope", "correlation"), UNKNOWN)
    if len(pair) >= 4:
        estimates["ratio"] = quantile(pair["x"] / pair["y"], 0.5)
        if pair["x"].nunique() > 1:
            estimates["slope"] = slope(pair["x"], pair["y"])
        if pair["x"].nunique() > 1 and pair["y"].nunique() > 1:
            estimates["correlation"] = correlation(pair["x"], pair["y"])
    return estimates
