"""Evidence on Theorem 1."""

import numpy as np
import pandas as pd
from scipy import stats

from fragility.paper.estimates import Estimate, log_log_slope, slope
from fragility.statements.theorem_1.closed_form import (
    perturbation_law,
    smallest_median,
    target_probability,
)
from fragility.statements.theorem_1.summary import distance_share, share

Evidence = dict[str, tuple[Estimate, str]]


def evidence(rows: pd.DataFrame) -> Evidence:
    """Estimate and note by the claim's id, from the rows of check.py."""
    return _attack(rows) | _probabilities(rows) | _slopes(rows) | _distances(rows)


def upper_half(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with d at or above the geometric mean of the smallest and the largest d."""
    return rows[rows["d"] >= np.sqrt(rows["d"].min() * rows["d"].max())]


def _attack(rows: pd.DataFrame) -> Evidence:
    error = float(rows["output_error"].max())
    predicted = np.mean([target_probability(d) for d in rows["d"]])
    last = share(rows["last_direction_flips"])
    return {
        "theorem-1-flip": (
            share(rows["flips"]),
            f"−R_dd times the last column of Q alone flips in {last.value:.3f} of the trials",
        ),
        "theorem-1-outputs": (
            Estimate(error, error, error, len(rows)),
            f"condition (1) holds to {rows['condition_error'].max():.1e} in the networks",
        ),
        "theorem-1-target": (
            share(rows["hits_target"]),
            f"exact law over the same d: {predicted:.3f}, falling about as d^−2",
        ),
    }


def _probabilities(rows: pd.DataFrame) -> Evidence:
    norms, top = rows["observed_perturbation"], upper_half(rows)
    exact = perturbation_law()
    p = stats.kstest(norms, exact.cdf).pvalue
    return {
        "theorem-1-proof-probability": (
            slope(np.log(rows["d"]), (norms <= 2).astype(float)),
            f"exact law: P = 1 − exp(−C²/4) at every d, so slope 0 (Kolmogorov–Smirnov "
            f"test of the law over all trials: p = {p:.2f})",
        ),
        "theorem-1-smallest-probability": (
            share(top["observed_smallest"] <= 1),
            f"d ≥ {top['d'].min()}; true although the proof's e does not show it",
        ),
    }


def _slopes(rows: pd.DataFrame) -> Evidence:
    d, smallest, radius = rows["d"], rows["observed_smallest"], rows["observed_radius"]
    bound = log_log_slope(d, d.map({k: smallest_median(k) for k in d.unique()})).value
    finite = log_log_slope(d, rows["predicted_radius_median"]).value
    top = upper_half(rows)
    late = log_log_slope(top["d"], top["observed_radius"])
    return {
        "theorem-1-perturbation-slope": (
            log_log_slope(d, rows["observed_perturbation"]),
            "exact law: the same at every d",
        ),
        "theorem-1-network-slope": (
            log_log_slope(d, smallest),
            f"falls as 1/√(2 ln d): predicted {bound:.3f} over these d",
        ),
        "theorem-1-optimal-slope": (
            log_log_slope(d, radius),
            f"exact law over these d: {finite:.3f}; for d ≥ {top['d'].min()}: {late.value:.3f}",
        ),
        "theorem-1-ratio-slope": (
            log_log_slope(d, smallest / radius),
            f"predicted over these d: {bound - finite:.3f}, towards −1/2 with ln d",
        ),
    }


def _distances(rows: pd.DataFrame) -> Evidence:
    top = upper_half(rows)
    smallest = (rows["observed_distance"] / np.sqrt(2 * rows["d"])).groupby(rows["d"]).median()
    return {
        "theorem-1-distance": (
            distance_share(top, 0.3),
            f"d ≥ {top['d'].min()}; median of min / √(2d) {smallest.iloc[0]:.2f} at d = "
            f"{smallest.index[0]}, {smallest.iloc[-1]:.2f} at d = {smallest.index[-1]}",
        ),
        "theorem-1-distance-quantifier": (
            distance_share(top, 0),
            "the quantifiers exchanged, for every ε > 0 with high probability, is what holds",
        ),
    }
