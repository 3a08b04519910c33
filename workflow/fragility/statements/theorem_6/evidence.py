"""Evidence on Theorem 6."""

import numpy as np
import pandas as pd
from scipy import stats

from fragility.paper.estimates import Estimate, log_log_slope, proportion, slope
from fragility.paper.verdicts import Evidence, Finding
from fragility.statements.theorem_6.closed_form import (
    limit_alpha,
    perturbation_probability,
    r_dd_law,
)
from fragility.statements.theorem_6.summary import is_flipped, needed, summary

SIZE = 2  # the constant D whose probability is followed over d
ALPHA = limit_alpha(4)  # the largest alpha that the paper's own count of pairs proves for large d


def evidence(rows: pd.DataFrame) -> Evidence:
    """What the rows of check.py say, by the claim's id; A as in the theorem."""
    own = rows[rows["scale"] == rows["scale"].min()]
    return _networks(rows, own) | _perturbation(own) | _distance(rows, own)


def _longer(rows: pd.DataFrame, _: np.random.Generator) -> pd.DataFrame:
    """Another law of |R_dd|: a tenth longer for every matrix."""
    return rows.assign(predicted_perturbation=1.1 * rows["predicted_perturbation"])


def _no_growth(rows: pd.DataFrame, stream: np.random.Generator) -> pd.DataFrame:
    """Distances between the classes at every d drawn from those at the smallest d."""
    first = rows.loc[(rows["d"] == rows["d"].min()) & (rows["scale"] == rows["scale"].min())]
    return rows.assign(observed_distance=stream.choice(first["observed_distance"], len(rows)))


ALTERNATIVES = {"theorem_6 longer": _longer, "theorem_6 no growth": _no_growth}


def _networks(rows: pd.DataFrame, own: pd.DataFrame) -> Evidence:
    worst = float(rows["weights_error"].max())
    full = (rows["rank"] == rows["d"]).mean()
    by_layers = {f"{k} layers": _flips(part) for k, part in own.groupby("layers")}
    return {
        "theorem-6-weights": Finding(
            Estimate(worst, worst, worst, len(rows)),
            f"condition (6) has rank d, so that it forces them, in {full:.0%} of the systems",
        ),
        "theorem-6-flip": Finding(
            _flips(own),
            f"with columns scaled: {is_flipped(rows[rows['scale'] != 1]).mean():.4f}",
        ),
        "theorem-6-layers": Finding(None, parts=by_layers),
        "theorem-6-smallest": Finding(needed(rows), _half(rows)),
    }


def _perturbation(own: pd.DataFrame) -> Evidence:
    size, table = own["predicted_perturbation"], summary(own)
    p = float(stats.kstest(size / 2, r_dd_law().cdf).pvalue)
    return {
        "theorem-6-law": Finding(Estimate(p, p, p, len(own))),
        "theorem-6-constant": Finding(log_log_slope(table["d"], table["quantile"])),
        "theorem-6-high-probability": _probability(own),
        "theorem-6-relative": Finding(log_log_slope(own["d"], size / 2 / own["length"])),
    }


def _distance(rows: pd.DataFrame, own: pd.DataFrame) -> Evidence:
    ratio = log_log_slope(own["d"], own["observed_smallest"] / (own["observed_distance"] / 2))
    shown = f"d from {own['d'].min()} to {own['d'].max()}"
    return {
        "theorem-6-alpha": _alpha(own),
        "theorem-6-distance-slope": Finding(
            log_log_slope(own["d"], own["observed_distance"]), _slopes_by_scale(rows)
        ),
        "theorem-6-ratio-slope": Finding(ratio, shown),
        "theorem-6-rate": Finding(ratio, shown),
    }


def _flips(rows: pd.DataFrame) -> Estimate:
    return proportion(is_flipped(rows).sum(), len(rows))


def _half(rows: pd.DataFrame) -> str:
    over, under = (rows["half_flipped"] == 1).mean(), (rows["half_short"] > 0).mean()
    return (
        f"a millionth over half of e flips every point of {over:.2%} of the matrices, a millionth "
        f"under half any point of {under:.2%}: e is twice what is needed"
    )


def _probability(own: pd.DataFrame) -> Finding:
    above = (own["predicted_perturbation"] > SIZE).astype(float)
    trend = slope(np.log(own["d"]), above / above.mean())
    exact = 1 - perturbation_probability(SIZE)
    return Finding(
        trend, f"P(2|R_dd| > {SIZE}) is {above.mean():.4f} over all d, {exact:.4f} by the law"
    )


def _alpha(own: pd.DataFrame) -> Finding:
    """Share of matrices, at each d, whose classes are at least ALPHA sqrt(d) apart."""
    far = own["observed_distance"] >= ALPHA * np.sqrt(own["d"])
    shares = {
        f"d = {d}": proportion(int(hits.sum()), len(hits)) for d, hits in far.groupby(own["d"])
    }
    last = own[own["d"] == own["d"].max()]
    least, proved = (last["observed_distance"] / np.sqrt(last["d"])).min(), last.iloc[0]
    return Finding(
        None,
        f"at d = {last['d'].max()} no pair is closer than {least:.2f} √d, and "
        f"{proved['predicted_alpha_pairs']:.2f} is proved by the paper's count of pairs, "
        f"{proved['predicted_alpha_differences']:.2f} by that of differences, "
        f"{proved['predicted_alpha_weights']:.2f} with their variances; for large d "
        f"{ALPHA:.3f}, {limit_alpha(3):.3f} and 2",
        shares,
    )


def _slopes_by_scale(rows: pd.DataFrame) -> str:
    parts = []
    for scale, part in rows.groupby("scale"):
        exponent = log_log_slope(part["d"], part["observed_distance"])
        parts.append(f"factor {scale:g}: {exponent.value:.2f}")
    return "; ".join(parts)
