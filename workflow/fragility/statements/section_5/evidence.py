"""Evidence on Section 5."""

import pandas as pd

from fragility.paper.estimates import Estimate, log_log_slope, mean
from fragility.statements.section_5.summary import by_network

SUMMED = 11  # points of the paper's own sums: alpha = 0, 0.1, ..., 1


def evidence(rows: pd.DataFrame) -> dict[str, tuple[Estimate, str]]:
    """Estimate and note by the claim's id, from the rows of check.py."""
    paths, sums = (rows[rows["kind"] == kind] for kind in ("path", "sum"))
    radius = paths["optimal_radius"]
    return (
        _identity(paths, sums)
        | _lengths(paths)
        | {
            "section-5-optimal": (
                Estimate(
                    float(radius.mean()), float(radius.min()), float(radius.max()), len(radius)
                ),
                "over ‖x1 − x2‖, the exact radius of the minimum-distance classifier",
            ),
        }
    )


def _identity(paths: pd.DataFrame, sums: pd.DataFrame) -> dict[str, tuple[Estimate, str]]:
    exact = paths["split_error"].dropna()
    nearest = int(min(sums["n"].unique(), key=lambda n: abs(n - SUMMED)))
    errors = sums.groupby("n")["error_midpoint"].mean()
    return {
        "section-5-integral": (
            Estimate(*[float(exact.max())] * 3, len(exact)),
            f"by the midpoint rule, all depths: {errors.iloc[-1]:.1e} with {errors.index[-1]:g} "
            f"points, falling with slope {log_log_slope(errors.index, errors).value:.2f}",
        ),
        "section-5-sum": (
            mean(sums[sums["n"] == nearest]["observed_sum"]),
            f"n = {nearest}; n / (n − 1) = {nearest / (nearest - 1):.3f}",
        ),
    }


def _lengths(paths: pd.DataFrame) -> dict[str, tuple[Estimate, str]]:
    reached = paths.dropna(subset="observed_ratio")
    ratio = reached["observed_ratio"] / reached["predicted_ratio"]
    columns = ["observed_ratio", "norm_ratio", "norm_cv_direct", "norm_cv_attack", "of_predicted"]
    means = by_network(reached.assign(of_predicted=ratio), columns)
    flip = by_network(paths.dropna(subset="ratio_flip"), ["ratio_flip"])["ratio_flip"]
    return {
        "section-5-length": (
            mean(means["observed_ratio"]),
            f"{len(paths) - len(reached)} of {len(paths)} paths never change g by D; to g = 0 it "
            f"is {2 * flip.mean():.2f} of the optimal radius",
        ),
        "section-5-gradient": (
            mean(means["norm_ratio"]),
            f"largest over all pairs {reached['norm_ratio'].max():.1f}; coefficient of variation "
            f"{means['norm_cv_direct'].mean():.3f} on the direct path and "
            f"{means['norm_cv_attack'].mean():.3f} on the attacker's",
        ),
        "section-5-compression": (
            mean(means["of_predicted"]),
            f"over all pairs from {ratio.min():.2f} to {ratio.max():.2f}",
        ),
    }
