"""Tables on Theorem 1's data."""

import pandas as pd

from fragility.experiments.causes.one_hot import summary
from fragility.paper.estimates import estimate_columns, mean


def after_training(measures: pd.DataFrame) -> pd.DataFrame:
    """One row per kind of network and dimension, after the last step; means over matrices.

    Of the networks that are correct at every point; where none is, a row says so.
    """
    rows = []
    for key, part in summary.final(measures).groupby([*summary.KIND, "d"]):
        row = _named(key[:-1]) | {"d": key[-1], "matrices": len(part)}
        right = summary.accurate(part)
        row |= {"accurate": len(right)}
        row |= estimate_columns(
            {name: mean(right[name]) for name in ("distance", "cos", "ratio", "least_ratio")}
            | {"bracket": mean(right["certified"] / right["ratio"])}
            | {"inverse_ratio": mean(part["inverse_ratio"])}
        )
        rows.append(row | {"remark": "" if len(right) else "no network is accurate"})
    return pd.DataFrame(rows)


def through_training(measures: pd.DataFrame) -> pd.DataFrame:
    """One row per kind of network and checkpoint at the largest d: the figure's numbers.

    Mean distance, geometric mean of the ratio, and how many networks are correct at every point.
    """
    groups = summary.largest(measures).groupby([*summary.KIND, "d", "step"])
    rows = [
        _named(key[:-2])
        | {"d": key[-2], "step": key[-1], "networks": len(part)}
        | {"accurate": len(summary.accurate(part)), "distance": part["distance"].mean()}
        | {name: summary.geometric_mean(part[name]) for name in ("ratio", "inverse_ratio")}
        for key, part in groups
    ]
    return pd.DataFrame(rows)


def slopes(measures: pd.DataFrame) -> pd.DataFrame:
    """One row per kind of network: exponents in d of the ratios after the last step."""
    rows = []
    for key, part in summary.final(measures).groupby(summary.KIND):
        right = summary.accurate(part)
        rows.append(
            _named(key)
            | {"networks": len(right)}
            | estimate_columns(
                {
                    name: summary.slope(right, name)
                    for name in ("ratio", "least_ratio", "inverse_ratio")
                }
            )
        )
    return pd.DataFrame(rows)


def _named(key: tuple) -> dict:
    activation, layers, loss, decayed = key
    name = summary.network_name(activation, layers)
    return {"network": name, "loss": loss, "decay": "yes" if decayed else "no"}
