"""Theorem 4's numbers that table, figure and evidence share."""

import numpy as np
import pandas as pd

from fragility.paper.estimates import Estimate, estimate_columns, log_log_slope, mean, proportion
from fragility.statements.theorem_4.closed_form import (
    close_pair_bound,
    dimension_needed,
    log_perturbation,
    perturbation_probability,
)

EPSILON = 0.3  # of the distance claim


RESIDUAL = 1e-6  # largest entry of H_l ... H_1 X - I that counts as condition (1)


SIZES = {  # name in the table: the column of check.py that it is computed from
    "perturbation": "observed_perturbation",
    "product": "predicted_product",
    "smallest": "observed_smallest",
    "radius": "observed_radius",
    "distance": "observed_distance",
}


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per t and every other d of check.py, and one per t of exponents in d.

    Sizes are geometric means with Student's interval on the logarithms.
    """
    table = []
    for t, part in rows.groupby("t"):
        few = sorted(part["d"].unique())[::-2][::-1] if part["network"].any() else [part["d"].max()]
        table += [_row(t, d, part[part["d"] == d]) for d in few]
        table.append({"t": t, "d": "exponent"} | estimate_columns(slopes(part)))
    return pd.DataFrame(table)


def _row(t: int, d: int, part: pd.DataFrame) -> dict:
    networks = part[part["network"] == 1]
    far = is_far(part)
    return {
        "t": t,
        "d": d,
        "trials": len(part),
        "networks": len(networks),
        "failed": int((networks["condition_error"] > RESIDUAL).sum()),
        "perturbation_predicted": np.exp(log_perturbation(d, t)[0]),
        "within_predicted": perturbation_probability(1, d, t),
        "far_bound": 1 - close_pair_bound(EPSILON, d, t),
        "needed": dimension_needed(EPSILON, t),
    } | estimate_columns(
        {
            **{name: geometric(part[column]) for name, column in SIZES.items()},
            "ratio": geometric(ratio(networks)),
            "within": proportion(
                int((networks["observed_perturbation"] <= 1).sum()), len(networks)
            ),
            "relative": mean(part["observed_distance"] / np.sqrt(2 * d)),
            "far": proportion(int(far.sum()), len(far)),
        }
    )


def ratio(rows: pd.DataFrame) -> pd.Series:
    """Each row's smallest perturbation of the network divided by the optimal radius, at x_d."""
    return rows["observed_smallest"] / rows["observed_radius"]


def is_far(rows: pd.DataFrame) -> pd.Series:
    """Whether each row's smallest distance is at least (1 - EPSILON) sqrt(2d)."""
    return rows["observed_distance"] >= (1 - EPSILON) * np.sqrt(2 * rows["d"])


def geometric(sample: pd.Series) -> Estimate:
    """Geometric mean of a sample (n,) without its missing values; NaN of an empty one."""
    logs = mean(np.log(sample.dropna()))
    return Estimate(*np.exp([logs.value, logs.low, logs.high]).tolist(), logs.n)


def slopes(part: pd.DataFrame) -> dict[str, Estimate]:
    """Exponents in d of one t's sizes: regressions of the logarithms over all trials (rows)."""
    sizes = {name: part[column] for name, column in SIZES.items()} | {"ratio": ratio(part)}
    exponents = {}
    for name, values in sizes.items():
        values = values.dropna()
        if part.loc[values.index, "d"].nunique() > 1:
            exponents[name] = log_log_slope(part.loc[values.index, "d"], values)
    return exponents
