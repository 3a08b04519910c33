"""Evidence on Theorem 4."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from fragility.paper.estimates import Estimate, mean, proportion
from fragility.statements.theorem_4.closed_form import close_pair_bound, dimension_needed
from fragility.statements.theorem_4.summary import EPSILON, RESIDUAL, is_far, slopes


def evidence(rows: pd.DataFrame) -> dict[str, tuple[Estimate, str]]:
    """Estimate and note by the claim's id, from the rows of check.py."""
    networks = rows[(rows["network"] == 1) & (rows["t"] > 0)]
    theorem = rows[rows["t"].isin(networks["t"].unique())]
    last = rows[rows["d"] == rows["d"].max()]
    return {
        "theorem-4-flip": _flip(networks),
        "theorem-4-perturbation-slope": _exponents(networks, "perturbation", max),
        "theorem-4-high-probability": _within(networks),
        "theorem-4-rate": (
            slopes(networks[networks["t"] == networks["t"].min()])["perturbation"],
            "by the exact law of ‖e‖ the exponent is −t/2: the fragility is worse than a constant",
        ),
        "theorem-4-ratio-slope": _exponents(networks, "ratio", max),
        "theorem-4-distance": _far(last[last["t"].isin(theorem["t"])]),
        "theorem-4-distance-slope": _exponents(theorem, "distance", min),
        "theorem-4-depth": _depth(last),
        "theorem-4-blocks": _blocks(networks),
        **_printed(networks),
    }


def _flip(networks: pd.DataFrame) -> tuple[Estimate, str]:
    above = int((networks["condition_error"] > RESIDUAL).sum())
    return _share(networks["flips"] == 1), (
        f"condition (1) is off by more than {RESIDUAL:g} in {above} of {len(networks)} networks "
        f"(at most {networks['condition_error'].max():.0e}), all counted; class d − 1 has the "
        f"largest output in {networks['hits_target'].mean():.0%}"
    )


def _exponents(
    rows: pd.DataFrame, name: str, extreme: Callable[..., Estimate]
) -> tuple[Estimate, str]:
    by_t = {t: slopes(part)[name] for t, part in rows.groupby("t")}
    return extreme(by_t.values(), key=lambda slope: slope.value), "; ".join(
        f"t = {t}: {slope.value:.2f}" for t, slope in by_t.items()
    )


def _within(networks: pd.DataFrame) -> tuple[Estimate, str]:
    upper = networks[networks["d"] >= networks["d"].drop_duplicates().median()]
    return _least(upper, lambda part: part["observed_perturbation"] <= 1)


def _far(last: pd.DataFrame) -> tuple[Estimate, str]:
    share, note = _least(last, is_far)
    d, depths = int(last["d"].max()), sorted(last["t"].unique().tolist())
    proved = "; ".join(
        f"t = {t}: {1 - close_pair_bound(EPSILON, d, t):.4f}, 0.95 from d = "
        f"{dimension_needed(EPSILON, t)}"
        for t in depths
    )
    return share, f"at d = {d}: {note}; at least, by the union bound: {proved}"


def _least(rows: pd.DataFrame, hits: Callable[[pd.DataFrame], pd.Series]) -> tuple[Estimate, str]:
    shares = {t: _share(hits(part)) for t, part in rows.groupby("t")}
    return min(shares.values(), key=lambda share: share.value), "; ".join(
        f"t = {t}: {share.value:.4f}" for t, share in shares.items()
    )


def _depth(last: pd.DataFrame) -> tuple[Estimate, str]:
    relative = last["observed_distance"] / np.sqrt(2 * last["d"])
    by_t = relative.groupby(last["t"]).mean()
    return mean(relative[last["t"] == last["t"].max()]), "; ".join(
        f"t = {t}: {value:.2f}" for t, value in by_t.items()
    )


def _blocks(networks: pd.DataFrame) -> tuple[Estimate, str]:
    slack = np.log(networks["predicted_bound"] / networks["predicted_product"])
    loose = np.log(networks["predicted_product"] / networks["predicted_norm"])
    worst = float(slack.max())
    return Estimate(
        worst, worst, worst, len(slack)
    ), "product over ‖e‖, geometric means: " + "; ".join(
        f"t = {t}: {np.exp(value):.0f}" for t, value in loose.groupby(networks["t"]).mean().items()
    )


def _printed(networks: pd.DataFrame) -> dict[str, tuple[Estimate, str]]:
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
        "theorem-4-text-perturbation": (
            _share(inside),
            f"at d = {deep['d'].min()}: {small:.2f}; with G_t put back but without V: "
            f"{without_v:.2f} of t ≥ 1, at any d",
        ),
        "theorem-4-text-product": (
            _share(product),
            "true of every draw with the R of G_i Q_{i−1} instead, Q from the factors before",
        ),
    }


def _share(hits: pd.Series) -> Estimate:
    return proportion(int(hits.sum()), len(hits))
