"""Theorem 6's table: the columns of its summary that are shown, and their headings."""

from fragility.statements.theorem_6.closed_form import (
    perturbation_probability,
    perturbation_quantile,
)
from fragility.statements.theorem_6.summary import SIZES

HEADINGS = {
    "d": "d",
    "scale": "factor on columns",
    "n": "matrices",
    "flipped": "all points flipped to ∓1 (matrices)",
    "needed": "smallest / |R_dd|",
    "quantile": f"2|R_dd|, 95 % quantile (law: {perturbation_quantile(0.95):.4f})",
    **{f"within_{k}": f"P(2|R_dd| ≤ {k}) (law: {perturbation_probability(k):.4f})" for k in SIZES},
    "distance": "distance / √d, median",
    "alpha": "α with probability 0.99",
    "predicted_alpha_pairs": "proved: 2^(2(d−1)) pairs",
    "predicted_alpha_differences": "proved: 3^(d−1) differences",
    "predicted_alpha_weights": "proved: each with its variance",
    "column_alone": "distance = 2‖A_:,d‖ (matrices)",
}
