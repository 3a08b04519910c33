"""Section 5's numbers that table, figure and evidence share."""

import pandas as pd

from fragility.paper.estimates import Estimate, estimate_columns, mean

PATHS = (
    "observed_ratio", "predicted_ratio", "ratio_flip", "norm_ratio", "norm_cv_direct",
    "norm_cv_attack", "wrong_sign",
)  # fmt: skip


SUMS = ("error_midpoint", "error_trapezoid", "observed_sum")


def by_network(rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """One row per network, the mean over its points: points are not independent, networks are."""
    return rows.groupby(["d", "layers", "network"])[columns].mean().reset_index()


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Means over networks: one row per (d, hidden layers), and one per n over all networks."""
    paths, sums = (rows[rows["kind"] == kind] for kind in ("path", "sum"))
    paths = paths.assign(ratio_flip=2 * paths["ratio_flip"])
    means = by_network(paths, list(PATHS))
    first = [
        {"d": d, "layers": layers} | estimate_columns({name: _mean(part[name]) for name in PATHS})
        for (d, layers), part in means.groupby(["d", "layers"])
    ]
    second = [
        {"n": n, "predicted_sum": part["predicted_sum"].iloc[0]}
        | estimate_columns({name: _mean(part[name]) for name in SUMS})
        for n, part in sums.groupby("n")
    ]
    return pd.DataFrame(first + second)


def _mean(sample: pd.Series) -> Estimate:
    return mean(sample.dropna())
