"""Evidence on Theorem 1."""

import numpy as np
import pandas as pd
from scipy import stats

from fragility.paper.estimates import Estimate, log_log_slope, mean, slope
from fragility.paper.verdicts import Evidence, Finding
from fragility.statements.theorem_1.closed_form import perturbation_law
from fragility.statements.theorem_1.simulation import NORMAL
from fragility.statements.theorem_1.summary import distance_share, gaussian, share


def evidence(rows: pd.DataFrame) -> Evidence:
    """What the rows of check.py say, by the claim's id."""
    own = gaussian(rows)
    return (
        _attack(own)
        | _probabilities(own)
        | _slopes(own)
        | _distances(own)
        | {"theorem-1-not-gaussian": _others(rows[rows["entries"] != NORMAL])}
    )


def _longer(rows: pd.DataFrame, _: np.random.Generator) -> pd.DataFrame:
    """Another law of ||e||: a tenth longer in every trial."""
    return rows.assign(observed_perturbation=1.1 * rows["observed_perturbation"])


ALTERNATIVES = {"theorem_1 longer": _longer}


def upper_half(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with d at or above the geometric mean of the smallest and the largest d."""
    return rows[rows["d"] >= np.sqrt(rows["d"].min() * rows["d"].max())]


def _attack(rows: pd.DataFrame) -> Evidence:
    error, hits = rows["output_error"], share(rows["hits_target"])
    worst = float(error.max())
    return {
        "theorem-1-flip": Finding(share(rows["flips"])),
        "theorem-1-direction": Finding(
            share(rows["last_direction_flips"]), "exact law: 1 − 2^(1 − d)"
        ),
        "theorem-1-outputs": Finding(
            Estimate(worst, worst, worst, len(rows)),
            f"condition (1) holds to {rows['condition_error'].max():.1e} in the networks",
        ),
        # equation (2)'s 1 is above its 0 if neither is off by a half
        "theorem-1-target": Finding(
            share(error < 0.5), f"the largest of all d outputs in {hits.value:.3f} of the trials"
        ),
        "theorem-1-target-class": Finding(hits, _target_law(rows)),
    }


def _target_law(rows: pd.DataFrame) -> str:
    by_d = rows.groupby("d")["predicted_target"].first()
    slopes = np.diff(np.log(by_d)) / np.diff(np.log(by_d.index))
    return (
        f"exact law over the same trials: {rows['predicted_target'].mean():.3f}; its exponent "
        f"from one d to the next goes from {slopes[0]:.2f} to {slopes[-1]:.2f}, and to −2 for "
        f"large d"
    )


def _probabilities(rows: pd.DataFrame) -> Evidence:
    norms, top = rows["observed_perturbation"], upper_half(rows)
    p = float(stats.kstest(norms, perturbation_law().cdf).pvalue)
    return {
        "theorem-1-law": Finding(Estimate(p, p, p, len(rows))),
        "theorem-1-proof-probability": Finding(
            slope(np.log(rows["d"]), (norms <= 2).astype(float)),
            "exact law: P = 1 − exp(−C²/4) at every d, so slope 0",
        ),
        "theorem-1-smallest-probability": Finding(
            share(top["observed_smallest"] <= 1),
            f"d ≥ {top['d'].min()}; true although the proof's e does not show it",
        ),
    }


def _slopes(rows: pd.DataFrame) -> Evidence:
    d, smallest, radius = rows["d"], rows["observed_smallest"], rows["observed_radius"]
    bound = log_log_slope(d, rows["predicted_smallest_median"]).value
    finite = log_log_slope(d, rows["predicted_radius_median"]).value
    top = upper_half(rows)
    late = log_log_slope(top["d"], top["observed_radius"])
    return {
        "theorem-1-perturbation-slope": Finding(
            log_log_slope(d, rows["observed_perturbation"]), "exact law: the same at every d"
        ),
        "theorem-1-network-slope": Finding(
            log_log_slope(d, smallest), f"falls as 1/√(2 ln d): predicted {bound:.3f} over these d"
        ),
        "theorem-1-optimal-slope": Finding(
            log_log_slope(d, radius),
            f"exact law over these d: {finite:.3f}; for d ≥ {top['d'].min()}: {late.value:.3f}",
        ),
        "theorem-1-ratio-slope": Finding(
            log_log_slope(d, smallest / radius),
            f"predicted over these d: {bound - finite:.3f}, towards −1/2 with ln d",
        ),
    }


def _distances(rows: pd.DataFrame) -> Evidence:
    top = upper_half(rows)
    smallest = (rows["observed_distance"] / np.sqrt(2 * rows["d"])).groupby(rows["d"]).median()
    return {
        "theorem-1-distance": Finding(
            distance_share(top, 0.3),
            f"d ≥ {top['d'].min()}; median of min / √(2d) {smallest.iloc[0]:.2f} at d = "
            f"{smallest.index[0]}, {smallest.iloc[-1]:.2f} at d = {smallest.index[-1]}",
        ),
        "theorem-1-distance-quantifier": Finding(
            distance_share(top, 0),
            "the quantifiers exchanged, for every ε > 0 with high probability, is what holds",
        ),
    }


def _others(rows: pd.DataFrame) -> Finding:
    """The ratio's slope for each law of the entries that is not normal, if there are two d."""
    if rows["d"].nunique() < 2:
        return Finding(mean([]), "no two dimensions below theory.theorem_1.large_from")
    ratio = rows["observed_smallest"] / rows["observed_radius"]
    parts = {
        law: log_log_slope(part["d"], ratio[part.index]) for law, part in rows.groupby("entries")
    }
    return Finding(None, f"d from {rows['d'].min()} to {rows['d'].max()}", parts)
