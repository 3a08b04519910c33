"""Theorem 1's numbers that table, figure and evidence share."""

import numpy as np
import pandas as pd

from fragility.paper.estimates import Estimate, estimate_columns, proportion, quantile
from fragility.statements.theorem_1.closed_form import (
    close_pair_probability,
    perturbation_law,
    smallest_exceeds,
)
from fragility.statements.theorem_1.simulation import NORMAL

EPSILONS = (0.0, 0.1, 0.2, 0.3)


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per d of check.py's Gaussian X; intervals of quantiles by order statistics."""
    by_d = gaussian(rows).groupby("d")
    return pd.DataFrame([{"d": d, "trials": len(part)} | _row(d, part) for d, part in by_d])


def gaussian(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of X with normal entries: the theorem's own."""
    return rows[rows["entries"] == NORMAL]


def share(hits: pd.Series) -> Estimate:
    """Share of true entries of ``hits`` (n,), with its exact interval."""
    return proportion(int(hits.sum()), len(hits))


def distance_share(part: pd.DataFrame, epsilon: float) -> Estimate:
    """P(min over pairs of ||x_i - x_j|| >= (1 - epsilon) sqrt(2d)), rows of one d."""
    return share(part["observed_distance"] >= (1 - epsilon) * np.sqrt(2 * part["d"]))


def _row(d: int, part: pd.DataFrame) -> dict[str, float]:
    return _attack(part) | _exact(d, part) | _distances(d, part)


def _attack(part: pd.DataFrame) -> dict[str, float]:
    norms = part["observed_perturbation"]
    estimates = {
        "perturbation_quantile": quantile(norms, 0.95),
        "perturbation_at_most_2": share(norms <= 2),
        "target": share(part["hits_target"]),
        "last_direction": share(part["last_direction_flips"]),
    }
    predicted = perturbation_law()
    return estimate_columns(estimates) | {
        "perturbation_quantile_predicted": predicted.ppf(0.95),
        "perturbation_at_most_2_predicted": predicted.cdf(2),
        "target_predicted": part["predicted_target"].iloc[0],
    }


def _exact(d: int, part: pd.DataFrame) -> dict[str, float]:
    smallest = part["observed_smallest"]
    estimates = {
        "smallest_median": quantile(smallest, 0.5),
        "smallest_quantile": quantile(smallest, 0.95),
        "smallest_all_median": quantile(part["observed_smallest_all"], 0.5),
        "smallest_at_most_half": share(smallest <= 0.5),
        "radius_median": quantile(part["observed_radius"], 0.5),
        "ratio_median": quantile(smallest / part["observed_radius"], 0.5),
    }
    return estimate_columns(estimates) | {
        "smallest_median_predicted": part["predicted_smallest_median"].iloc[0],
        "smallest_at_most_half_predicted": 1 - smallest_exceeds(0.5, d),
        "radius_median_predicted": part["predicted_radius_median"].iloc[0],
    }


def _distances(d: int, part: pd.DataFrame) -> dict[str, float]:
    scaled = part["observed_distance"] / np.sqrt(2 * d)
    row = estimate_columns({"distance_median": quantile(scaled, 0.5)})
    for epsilon in EPSILONS:
        name = f"distance_{round(10 * epsilon)}"
        predicted, bound = close_pair_probability(epsilon, d)
        row |= estimate_columns({name: distance_share(part, epsilon)})
        row |= {f"{name}_predicted": 1 - predicted, f"{name}_guaranteed": 1 - bound}
    return row
