"""Evidence on Section 5."""

import pandas as pd

from fragility.paper.estimates import Estimate, log_log_slope, mean
from fragility.paper.verdicts import Evidence, Finding
from fragility.statements.section_5.summary import by_network, paths

SUMMED = (11, 101)  # points of the paper's own sums, alpha = 0, 0.1, ..., 1; and ten times as fine


def evidence(rows: pd.DataFrame) -> Evidence:
    """What the rows of check.py say, by the claim's id."""
    pairs, sums = paths(rows), rows[rows["kind"] == "sum"]
    radius = pairs["optimal_radius"]
    extremes = (float(radius.agg(name)) for name in ("mean", "min", "max"))
    return (
        _identity(pairs, sums)
        | _lengths(pairs)
        | {
            "section-5-optimal": Finding(
                Estimate(*extremes, len(radius)),
                "over ‖x1 − x2‖, the exact radius of the minimum-distance classifier",
            ),
        }
    )


def by_kind(pairs: pd.DataFrame, column: str) -> dict[str, Estimate]:
    """Mean over networks of a column, for each dimension and number of hidden layers."""
    return {
        f"d = {d:g}, {layers:g} hidden": mean(by_network(part, [column])[column])
        for (d, layers), part in pairs.groupby(["d", "layers"])
    }


def _identity(pairs: pd.DataFrame, sums: pd.DataFrame) -> Evidence:
    exact = pairs["split_error"].dropna()
    errors = sums.groupby("n")["error_midpoint"].mean()
    points = [int(min(sums["n"].unique(), key=lambda n: abs(n - wanted))) for wanted in SUMMED]
    sizes = "; ".join(f"{n / (n - 1):.3f} for {n} points" for n in points)
    return {
        "section-5-integral": Finding(
            Estimate(*[float(exact.max())] * 3, len(exact)),
            f"by the midpoint rule, all depths: {errors.iloc[-1]:.1e} with {errors.index[-1]:g} "
            f"points, falling with slope {log_log_slope(errors.index, errors).value:.2f}",
        ),
        "section-5-sum": Finding(
            None,
            f"n / (n − 1): {sizes}",
            {f"{n} points": mean(sums[sums["n"] == n]["observed_sum"]) for n in points},
        ),
    }


def _lengths(pairs: pd.DataFrame) -> Evidence:
    pairs = pairs.assign(of_predicted=pairs["observed_ratio"] / pairs["predicted_ratio"])
    lost = (
        f"{pairs['lost'].sum()} of {len(pairs)} paths never change g by D, counted with the direct "
        f"path's length"
    )
    flip, direct, attack = by_network(
        pairs, ["ratio_flip", "norm_cv_direct", "norm_cv_attack"]
    ).mean()
    return {
        "section-5-length": Finding(
            None,
            f"{lost}; to g = 0 it is {flip:.2f} of the optimal radius",
            by_kind(pairs, "observed_ratio"),
        ),
        "section-5-gradient": Finding(
            None,
            f"largest over all pairs {pairs['norm_ratio'].max():.1f}; coefficient of variation "
            f"{direct:.3f} on the direct path and {attack:.3f} on the attacker's",
            by_kind(pairs, "norm_ratio"),
        ),
        "section-5-compression": Finding(
            None,
            f"over all pairs from {pairs['of_predicted'].min():.2f} to "
            f"{pairs['of_predicted'].max():.2f}; {lost}",
            by_kind(pairs, "of_predicted"),
        ),
    }
