"""Section 5's numbers that table, figure and evidence share."""

from collections.abc import Sequence

import pandas as pd

from fragility.paper.estimates import estimate_columns, mean

LARGEST = (
    100.0  # a ratio of gradient norms; above it, or where a gradient vanishes, it counts as this
)
PATHS = (
    "observed_ratio", "predicted_ratio", "ratio_flip", "norm_ratio", "norm_cv_direct",
    "norm_cv_attack", "wrong_sign",
)  # fmt: skip


SUMS = ("error_midpoint", "error_trapezoid", "observed_sum")


def paths(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the pairs, with nothing missing.

    Where the attacker's path never changes g by D (``lost``) or to 0, the direct path does: its
    length is counted, as for an attacker who tries both.
    """
    pairs = rows[rows["kind"] == "path"]
    return pairs.assign(
        lost=pairs["observed_ratio"].isna(),
        observed_ratio=pairs["observed_ratio"].fillna(1.0),
        ratio_flip=2 * pairs["ratio_flip"].fillna(1.0),
        norm_ratio=pairs["norm_ratio"].fillna(LARGEST).clip(upper=LARGEST),
    )


def by_network(rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """One row per network, the mean over its points: points are not independent, networks are."""
    return rows.groupby("network")[list(columns)].mean()


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Means over networks: one row per (d, hidden layers), and one per n over all networks."""
    sums = rows[rows["kind"] == "sum"]
    first = [
        {"d": d, "layers": layers, "lost": int(part["lost"].sum())}
        | estimate_columns({name: mean(means) for name, means in by_network(part, PATHS).items()})
        for (d, layers), part in paths(rows).groupby(["d", "layers"])
    ]
    second = [
        {"n": n, "predicted_sum": part["predicted_sum"].iloc[0]}
        | estimate_columns({name: mean(part[name]) for name in SUMS})
        for n, part in sums.groupby("n")
    ]
    return pd.DataFrame(first + second)
