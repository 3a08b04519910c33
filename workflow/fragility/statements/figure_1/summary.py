"""Figure 1's numbers that table, figure and evidence share."""

import pandas as pd

from fragility.paper.estimates import estimate_columns, mean, proportion

MEANS = ("cosine", "crossing", "observed_ratio", "predicted_ratio")


def points(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the pairs, with no ratio missing.

    Where the straight attack does not meet g = 0 within ||x1 - x2|| (``missed``), the direct path
    does: its length is counted, as for an attacker who tries both.
    """
    pairs = rows[rows["kind"] == "point"]
    missed = pairs["observed_ratio"].isna()
    filled = pairs["observed_ratio"].fillna(2 * pairs["crossing"])
    return pairs.assign(observed_ratio=filled, missed=missed)


def by_network(pairs: pd.DataFrame) -> pd.DataFrame:
    """One row per network, the mean over its pairs: pairs are not independent, networks are."""
    return pairs.groupby(["d", "layers", "network"])[list(MEANS)].mean().reset_index()


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per (d, hidden layers) of check.py, then one for all."""
    pairs = points(rows)
    parts = [
        {"d": d, "layers": layers} | _row(part)
        for (d, layers), part in pairs.groupby(["d", "layers"])
    ]
    return pd.DataFrame([*parts, _row(pairs)])


def _row(part: pd.DataFrame) -> dict:
    means = by_network(part)
    estimates = {name: mean(means[name]) for name in MEANS}
    estimates["below"] = proportion(int((part["observed_ratio"] < 0.5).sum()), len(part))
    return {"pairs": len(part), "missed": int(part["missed"].sum())} | estimate_columns(estimates)
