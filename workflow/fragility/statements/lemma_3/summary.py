"""Lemma 3's numbers that table, figure and evidence share."""

import numpy as np
import pandas as pd
from scipy import stats

from fragility.paper.estimates import Estimate, estimate_columns


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per chain of check.py; p-values adjusted for the number of its tests."""
    return pd.DataFrame(_chain(part) for _, part in rows.groupby("chain", sort=False))


def _chain(part: pd.DataFrame) -> dict:
    first, entry = part.iloc[0], part["kind"] != "joint"
    last = part[part["kind"] == "diagonal"].iloc[-1]
    square = part[part["statistic"] == "ln ‖Rv‖²"].iloc[0]
    widths = [int(width) for width in first["chain"].split("-")]
    return {
        "chain": first["chain"],
        "regime": first["regime"],
        "least_degree": min(widths[1:]) - widths[0] + 1,
        "tests": len(part),
        "p_entries": smallest_p(part["p_law"][entry]),
        "p_joint": smallest_p(part["p_law"][~entry]),
        "ks_distance": part["ks_distance"].max(),
        "p_reversed": smallest_p(part["p_reversed"]),
        "p_wrong": smallest_p(part["p_wrong"]),
        "predicted_last": last["predicted_mean"],
        "predicted_square": square["predicted_mean"],
        "p_means": smallest_p(mean_p(part)),
    } | estimate_columns({"observed_last": observed(last), "observed_square": observed(square)})


def smallest_p(p: pd.Series) -> float:
    """The smallest of Holm's adjusted p-values, min(1, m p), of m tests (rows).

    It is below a level if any test rejects at that level; NaN without a test.
    """
    p = p.dropna()
    return float(min(1, len(p) * p.min())) if len(p) else np.nan


def mean_p(rows: pd.DataFrame) -> pd.Series:
    """P-values of observed means (rows) against closed forms, by the normal distribution of a mean.

    Only for logarithms: squares of products of normals have too heavy tails for that.
    """
    logs = rows[(rows["kind"] == "diagonal") | rows["statistic"].isin(["ln ‖Rv‖²", "ln det R"])]
    z = (logs["observed_mean"] - logs["predicted_mean"]) / logs["standard_error"]
    return pd.Series(2 * stats.norm.sf(z.abs()), index=logs.index)


def observed(row: pd.Series) -> Estimate:
    """A row's observed mean with its 95 % interval."""
    half = stats.norm.ppf(0.975) * row["standard_error"]
    middle = row["observed_mean"]
    return Estimate(middle, middle - half, middle + half, int(row["draws"]))
