"""Theorem 5's numbers: what table, figure and evidence share."""

import pandas as pd

from fragility.paper.estimates import Estimate, estimate_columns, mean, proportion


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per (kind, classes, d) of check.py; networks are the units of intervals."""
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
    """Each network's own share, without the networks that have none to count among."""
    part = part[part[among] > 0]
    return part[hits] / part[among]


def mean_share(part: pd.DataFrame, hits: str, among: str) -> Estimate:
    """Mean of the networks' shares; Student's limits can pass 0 or 1, which no share can."""
    found = mean(share(part, hits, among))
    return found._replace(low=max(found.low, 0.0), high=min(found.high, 1.0))
