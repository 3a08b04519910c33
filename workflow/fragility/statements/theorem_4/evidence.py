"""Evidence on Theorem 4."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from fragility.paper.estimates import Estimate, mean, proportion
from fragility.paper.verdicts import Evidence, Finding
from fragility.statements.theorem_4.closed_form import close_pair_bound, dimension_needed
from fragility.statements.theorem_4.summary import EPSILON, RESIDUAL, is_far, slopes


def evidence(rows: pd.DataFrame) -> Evidence:
    """What the rows of check.py say, by the claim's id."""
    networks = rows[(rows["network"] == 1) & (rows["t"] > 0)]
    theorem = rows[rows["t"].isin(networks["t"].unique())]
    last = rows[rows["d"] == rows["d"].max()]
    return {
        "theorem-4-flip": _flip(networks),
        "theorem-4-perturbation-slope": _exponents(networks, "perturbation"),
        "theorem-4-high-probability": _within(networks),
        "theorem-4-rate": Finding(
            slopes(networks[networks["t"] == networks["t"].min()])["perturbation"],
            "by the exact law of ‖e‖ the exponent is −t/2: the fragility is worse than a constant",
        ),
        "theorem-4-ratio-slope": _exponents(networks, "ratio"),
        "theorem-4-distance": _far(last[last["t"].isin(theorem["t"])]),
        "theorem-4-distance-slope": _exponents(theorem, "distance"),
        "theorem-4-depth": _depth(last),
        "theorem-4-blocks": _blocks(networks),
        **_printed(networks),
    }


def by_t(rows: pd.DataFrame, estimate: Callable[[pd.DataFrame], Estimate]) -> dict[str, Estimate]:
    """An estimate for each number of generators; the theorem speaks of any."""
    return {f"t = {t}": estimate(part) for t, part in rows.groupby("t")}


def _flip(networks: pd.DataFrame) -> Finding:
    above = int((networks["condition_error"] > RESIDUAL).sum())
    note = (
        f"condition (1) is off by more than {RESIDUAL:g} in {above} of {len(networks)} networks "
        f"(at most {networks['condition_error'].max():.0e}), all counted; class d − 1 has the "
        f"largest output in {networks['hits_target'].mean():.0%}"
    )
    return Finding(None, note, by_t(networks, lambda part: _share(part["flips"] == 1)))


def _exponents(rows: pd.DataFrame, name: str) -> Finding:
    return Finding(None, parts=by_t(rows, lambda part: slopes(part)[name]))


def _within(networks: pd.DataFrame) -> Finding:
    upper = networks[networks["d"] >= networks["d"].drop_duplicates().median()]
    parts = by_t(upper, lambda part: _share(part["observed_perturbation"] <= 1))
    return Finding(None, f"d ≥ {upper['d'].min()}", parts)


def _far(last: pd.DataFrame) -> Finding:
    d, depths = int(last["d"].max()), sorted(last["t"].unique().tolist())
    proved = "; ".join(
        f"t = {t}: {1 - close_pair_bound(EPSILON, d, t):.4f}, 0.95 from d = "
        f"{dimension_needed(EPSILON, t)}"
        for t in depths
    )
    note = f"at d = {d}; at least, by the union bound: {proved}"
    return Finding(None, note, by_t(last, lambda part: _share(is_far(part))))


def _depth(last: pd.DataFrame) -> Finding:
    relative = last["observed_distance"] / np.sqrt(2 * last["d"])
    means = relative.groupby(last["t"]).mean()
    note = "; ".join(f"t = {t}: {value:.2f}" for t, value in means.items())
    return Finding(mean(relative[last["t"] == last["t"].max()]), note)


def _blocks(networks: pd.DataFrame) -> Finding:
    slack = np.log(networks["predicted_bound"] / networks["predicted_product"])
    loose = np.log(networks["predicted_product"] / networks["predicted_norm"])
    means = np.exp(loose.groupby(networks["t"]).mean())
    worst = float(slack.max())
    note = "; ".join(f"t = {t}: {value:.0f}" for t, value in means.items())
    return Finding(
        Estimate(worst, worst, worst, len(slack)), f"product over ‖e‖, geometric means: {note}"
    )


def _printed(networks: pd.DataFrame) -> Evidence:
    norm, deep = (
        networks["observed_perturbation"],
        networks.dropna(subset="predicted_printed_bound"),
    )
    inside = deep["observed_perturbation"] <= deep["predicted_printed_bound"]
    without_v = (norm <= networks["predicted_printed_without_v"]).mean()
    longest = deep[deep["t"] == deep["t"].max()]
    product = longest["predicted_printed_bound"] <= longest["predicted_printed_product"]
    small = inside[deep["d"] == deep["d"].min()].mean()
    return {
        "theorem-4-text-perturbation": Finding(
            _share(inside),
            f"at d = {deep['d'].min()}: {small:.2f}; with G_t put back but without V: "
            f"{without_v:.2f} of t ≥ 1, at any d",
        ),
        "theorem-4-text-product": Finding(
            _share(product),
            "true of every draw with the R of G_i Q_{i−1} instead, Q from the factors before",
        ),
    }


def _share(hits: pd.Series) -> Estimate:
    return proportion(int(hits.sum()), len(hits))
