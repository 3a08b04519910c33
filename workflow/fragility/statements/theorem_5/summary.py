"""Theorem 5's numbers that table, figure and evidence share."""

import pandas as pd

from fragility.paper.estimates import Estimate, estimate_columns, mean, proportion


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per (kind, classes, d) of check.py; the intervals are over networks."""
    return pd.DataFrame(
        dict(zip(("kind", "classes", "d"), condition, strict=True)) | _condition(part)
        for condition, part in rows.groupby(["kind", "classes", "d"])
    )


def _condition(part: pd.DataFrame) -> dict:
    return {"n": len(part), "error": part["error"].max()} | estimate_columns(
        {
            "beyond": proportion((part["beyond"] == part["pairs"]).sum(), len(part)),
            "short": proportion((part["short"] > 0).sum(), len(part)),
            "distance": mean(part["predicted_distance"]),
            "bound": mean(part["predicted_bound"]),
            "ratio": mean(part["ratio_mean"]),
            "reached": mean_share(part, "reached", "correct"),
            "nearest_reached": mean_share(part, "nearest_reached", "nearest"),
        }
    )


def share(part: pd.DataFrame, hits: str, among: str) -> pd.Series:
    """Each network's (row's) share of ``hits`` in ``among``, without networks that have none."""
    part = part[part[among] > 0]
    return part[hits] / part[among]


def mean_share(part: pd.DataFrame, hits: str, among: str) -> Estimate:
    """Mean of the networks' (rows') shares, with Student's limits cut off at 0 and 1."""
    estimate = mean(share(part, hits, among))
    return estimate._replace(low=max(estimate.low, 0.0), high=min(estimate.high, 1.0))
