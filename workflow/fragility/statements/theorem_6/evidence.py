"""Evidence on Theorem 6."""

import numpy as np
import pandas as pd

from fragility.paper.estimates import Estimate, log_log_slope, proportion, slope
from fragility.statements.theorem_6.closed_form import limit_alpha, perturbation_probability
from fragility.statements.theorem_6.summary import is_flipped, needed, summary

SIZE = 2  # the constant D whose probability is followed over d


def evidence(rows: pd.DataFrame) -> dict[str, tuple[Estimate, str]]:
    """Estimate and note by the claim's id, from the rows of check.py; A as in the theorem."""
    gaussian = rows[rows["scale"] == rows["scale"].min()]
    table = summary(gaussian)
    worst = float(rows["weights_error"].max())
    full = (rows["rank"] == rows["d"]).mean()
    radius = gaussian["observed_distance"] / 2
    return {
        "theorem-6-weights": (
            Estimate(worst, worst, worst, len(rows)),
            f"condition (6) has rank d, so that it forces them, in {full:.0%} of the systems",
        ),
        "theorem-6-flip": (
            proportion(is_flipped(gaussian).sum(), len(gaussian)),
            f"with columns scaled: {is_flipped(rows[rows['scale'] != 1]).mean():.4f}",
        ),
        "theorem-6-smallest": (needed(rows), _half(rows)),
        "theorem-6-constant": (log_log_slope(table["d"], table["quantile"]), ""),
        "theorem-6-high-probability": _probability(gaussian),
        "theorem-6-alpha": _alpha(table),
        "theorem-6-distance-slope": (
            log_log_slope(gaussian["d"], gaussian["observed_distance"]),
            _slopes_by_scale(rows),
        ),
        "theorem-6-ratio-slope": (
            log_log_slope(gaussian["d"], gaussian["observed_smallest"] / radius),
            f"d from {table['d'].min()} to {table['d'].max()}",
        ),
    }


def _half(rows: pd.DataFrame) -> str:
    over, under = (rows["half_flipped"] == 1).mean(), (rows["half_short"] > 0).mean()
    return (
        f"a millionth over half of e flips every point of {over:.2%} of the matrices, a millionth "
        f"under half any point of {under:.2%}: e is twice what is needed"
    )


def _probability(gaussian: pd.DataFrame) -> tuple[Estimate, str]:
    above = (gaussian["predicted_perturbation"] > SIZE).astype(float)
    trend = slope(np.log(gaussian["d"]), above / above.mean())
    exact = 1 - perturbation_probability(SIZE)
    return trend, f"P(2|R_dd| > {SIZE}) is {above.mean():.4f} over all d, {exact:.4f} by the law"


def _alpha(table: pd.DataFrame) -> tuple[Estimate, str]:
    worst = table.loc[table["alpha"].idxmin()]
    value = Estimate(worst["alpha"], worst["alpha_low"], worst["alpha_high"], int(worst["n"]))
    last = table.iloc[-1]
    return value, (
        f"at d = {worst['d']:g}; at d = {last['d']:g}: {last['alpha']:.2f}, proved there "
        f"{last['predicted_alpha_pairs']:.2f} by the paper's count of pairs, "
        f"{last['predicted_alpha_differences']:.2f} by that of differences, "
        f"{last['predicted_alpha_weights']:.2f} with their variances; as d grows "
        f"{limit_alpha(4):.3f}, {limit_alpha(3):.3f} and 2"
    )


def _slopes_by_scale(rows: pd.DataFrame) -> str:
    parts = []
    for scale, part in rows.groupby("scale"):
        exponent = log_log_slope(part["d"], part["observed_distance"])
        parts.append(f"factor {scale:g}: {exponent.value:.2f}")
    return "; ".join(parts)
