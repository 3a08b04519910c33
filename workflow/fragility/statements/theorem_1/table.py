"""Theorem 1's table: sizes and probabilities by dimension, measured and predicted."""

import numpy as np
import pandas as pd

from fragility.paper.estimates import Estimate, proportion, quantile
from fragility.report.render import spread
from fragility.statements.theorem_1.closed_form import (
    close_pair_probability,
    perturbation_law,
    smallest_exceeds,
    smallest_median,
    target_probability,
)

EPSILONS = (0.0, 0.1, 0.2, 0.3)

HEADINGS = {  # every heading once: equal ones would share a column
    "d": "d",
    "trials": "trials",
    "perturbation_quantile": "‖e‖, 95 % quantile",
    "perturbation_quantile_predicted": "‖e‖, 95 % quantile, exact law",
    "perturbation_at_most_2": "P(‖e‖ ≤ 2)",
    "perturbation_at_most_2_predicted": "P(‖e‖ ≤ 2), exact law",
    "target": "P(e ends in class d − 1)",
    "target_predicted": "P(e ends in class d − 1), exact law",
    "smallest_median": "network's smallest, median",
    "smallest_median_predicted": "its bound for large d",
    "smallest_quantile": "network's smallest, 95 % quantile",
    "smallest_at_most_half": "P(smallest ≤ 1/2)",
    "smallest_at_most_half_predicted": "P(smallest ≤ 1/2), bound for large d",
    "radius_median": "optimal radius, median",
    "radius_median_predicted": "optimal radius, median, exact law",
    "distance_1": "P(min ≥ 0.9 √(2d))",
    "distance_1_predicted": "P(min ≥ 0.9 √(2d)), independent pairs",
    "distance_2": "P(min ≥ 0.8 √(2d))",
    "distance_2_predicted": "P(min ≥ 0.8 √(2d)), independent pairs",
    "distance_3": "P(min ≥ 0.7 √(2d))",
    "distance_3_predicted": "P(min ≥ 0.7 √(2d)), independent pairs",
}


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per d of check_theorem_1.py; intervals of quantiles by order statistics."""
    table = [{"d": d, "trials": len(part)} | _row(d, part) for d, part in rows.groupby("d")]
    return pd.DataFrame(table)


def share(hits: pd.Series) -> Estimate:
    """Share of true entries with its exact interval."""
    return proportion(int(hits.sum()), len(hits))


def distance_share(part: pd.DataFrame, epsilon: float) -> Estimate:
    """P(min over pairs of ||x_i - x_j|| >= (1 - epsilon) sqrt(2d)), rows of one d."""
    return share(part["observed_distance"] >= (1 - epsilon) * np.sqrt(2 * part["d"]))


def _row(d: int, part: pd.DataFrame) -> dict[str, float]:
    return _attack(d, part) | _exact(d, part) | _distances(d, part)


def _attack(d: int, part: pd.DataFrame) -> dict[str, float]:
    norms = part["observed_perturbation"]
    estimates = {
        "perturbation_quantile": quantile(norms, 0.95),
        "perturbation_at_most_2": share(norms <= 2),
        "target": share(part["hits_target"]),
        "last_direction": share(part["last_direction_flips"]),
    }
    law = perturbation_law()
    return spread(estimates) | {
        "perturbation_quantile_predicted": law.ppf(0.95),
        "perturbation_at_most_2_predicted": law.cdf(2),
        "target_predicted": target_probability(d),
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
    return spread(estimates) | {
        "smallest_median_predicted": smallest_median(d),
        "smallest_at_most_half_predicted": 1 - smallest_exceeds(0.5, d),
        "radius_median_predicted": part["predicted_radius_median"].iloc[0],
    }


def _distances(d: int, part: pd.DataFrame) -> dict[str, float]:
    scaled = part["observed_distance"] / np.sqrt(2 * d)
    row = spread({"distance_median": quantile(scaled, 0.5)})
    for epsilon in EPSILONS:
        name = f"distance_{round(10 * epsilon)}"
        predicted, bound = close_pair_probability(epsilon, d)
        row |= spread({name: distance_share(part, epsilon)})
        row |= {f"{name}_predicted": 1 - predicted, f"{name}_guaranteed": 1 - bound}
    return row
