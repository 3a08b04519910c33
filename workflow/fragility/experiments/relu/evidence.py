"""Evidence on the claims about ReLU networks; the ids are those of claims.csv."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from fragility.experiments.linear.summary import norm_is_radius
from fragility.experiments.relu import summary
from fragility.paper.estimates import Estimate, mean, median_prediction, proportion

Evidence = dict[str, tuple[Estimate, str]]
ALPHA = 4 / 9  # the alpha that the text quotes: 0.444


def evidence(
    table_3: pd.DataFrame,
    depth: list[pd.DataFrame],
    attacks: pd.DataFrame,
    table_4: pd.DataFrame,
    classifiers: pd.DataFrame,
    *,
    column_scale: float,
    n_attacked: int,
    alphas: int,
    pairs: int,
) -> Evidence:
    """Estimate and note for each claim of Tables 3 and 4 and the text around them.

    Args:
        table_3: a row per point of Table 3's networks (scripts/relu/measure.py).
        depth: the same for the networks of each depth, one hidden layer among them.
        attacks: a row per attacked point of Table 3's networks (scripts/relu/attack.py).
        table_4: the same for Table 4's networks.
        classifiers: a row per matrix of Table 4's dimension (scripts/linear/classifiers.py).
        column_scale, alphas, pairs: keys of config.yaml.
        n_attacked: networks attacked, if there are as many.

    Returns:
        Estimate and note by the claim's id.

    Raises:
        ValueError: networks or points are missing.
    """
    for name, part in [("table_3", table_3), *(("depth", part) for part in depth)]:
        _require(name, part, alphas * pairs)
    _require("attacks", attacks, 2 * pairs, min(n_attacked, table_3["run"].nunique()))
    _require("table_4", table_4, 2 * pairs)
    return (
        _compression(table_3)
        | _robustness(table_3, attacks)
        | _layers(depth)
        | _printed_networks(table_4)
        | _match(table_4)
        | _optimal(classifiers[classifiers["column_scale"] == column_scale])
    )


def _require(name: str, rows: pd.DataFrame, points: int, networks: int | None = None) -> None:
    """Raise a ValueError unless each network has so many points, and there are so many networks.

    Without a number of networks any number is right: it depends on how many could be trained.
    """
    counts = rows["run"].value_counts()
    networks = max(1, len(counts)) if networks is None else networks
    if len(counts) != networks:
        raise ValueError(f"{name}: {len(counts)} networks, not {networks}")
    wrong = counts[counts != points]
    if len(wrong):
        raise ValueError(f"{name}: {wrong.iloc[0]} points of run {wrong.index[0]}, not {points}")


def _compression(measures: pd.DataFrame) -> Evidence:
    alphas = measures["alpha"].unique()
    quoted = alphas[np.abs(alphas - ALPHA).argmin()]
    at = summary.first_pair(measures)[lambda rows: rows["alpha"] == quoted]["rho"]
    missing = f"{int(at.isna().sum())} of {len(at)} missing" if at.isna().any() else ""
    flat, p = summary.flatness(measures)
    means = summary.by_network(measures)
    note = (
        f"Friedman's test over the α: p = {p:.2g}; the networks' mean φ is "
        f"{means['phi'].mean():.4f}, their mean ρ {means['rho'].mean():.4f}"
    )
    return {
        "t3-mean": (mean(at.dropna()), missing),
        "t3-median": (median_prediction(at.dropna(), summary.PAPER_NETWORKS), missing),
        "t3-flat": (flat, note),
    }


def _robustness(measures: pd.DataFrame, attacks: pd.DataFrame) -> Evidence:
    """Smallest perturbation divided by the optimal radius, compared with rho of each network."""
    rho = summary.by_network(measures).set_index("run")["rho"]
    both = summary.attacked_networks(attacks).query("input == 'both'").set_index("run")
    relative = (both["delta"] / both["class_radius"] / rho).dropna()
    note = (
        f"the easiest sampled point needs {both['least_relative'].mean():.2f} of m |cos θ_t|, the "
        f"hardest {both['largest_relative'].mean():.2f}, on average over {len(both)} networks"
    )
    return {"t3-robustness": (mean(relative), note)}


def _layers(depth: Sequence[pd.DataFrame]) -> Evidence:
    means = {
        part["layers"].iloc[0]: mean(summary.by_network(part)["rho"].dropna()) for part in depth
    }
    one = means.pop(1)
    note = f"mean ρ: {one.value:.3f} with 1 layer, "
    note += ", ".join(f"{e.value:.3f} with {layers}" for layers, e in means.items())
    gaps = [_difference(e, one) for e in means.values()]
    if not gaps:
        return {"t3-layers": (Estimate(np.nan, np.nan, np.nan, 0), note)}
    # the claim is about every depth, so the interval's ends are the largest of each end; a depth
    # without an interval leaves it undecided (numpy's maximum keeps a NaN, Python's may not)
    ends = np.max([gap[:3] for gap in gaps], axis=0).tolist()
    return {"t3-layers": (Estimate(*ends, sum(e.n for e in means.values())), note)}


def _difference(a: Estimate, b: Estimate) -> Estimate:
    """|a - b| of two independent means; half-widths of t intervals add in squares."""
    gap = abs(a.value - b.value)
    half = float(np.hypot(a.high - a.value, b.high - b.value))
    return Estimate(gap, float(np.maximum(gap - half, 0)), gap + half, a.n)


def _printed_networks(attacks: pd.DataFrame) -> Evidence:
    """Our means of the numbers that the paper prints of its one network."""
    networks = summary.attacked_networks(attacks)
    note = f"{attacks['delta'].count()} of {len(attacks)} perturbations found"
    estimates = {"t4-m": (mean(networks.query("input == 'both'")["m"]), "")}
    for name in ("b1", "b2"):
        rows = networks[networks["input"] == name]
        for claim, column in (("cos", "cos"), ("delta", "delta"), ("ratio", "ratio")):
            estimates[f"t4-{claim}-{name}"] = (mean(rows[column].dropna()), note)
    return estimates


def _match(attacks: pd.DataFrame) -> Evidence:
    both = summary.attacked_networks(attacks).query("input == 'both'")
    hardest = f"the hardest point: {both['largest_relative'].mean():.2f}"
    certified = (
        f"certified: no perturbation below {both['bracket'].mean():.2f} of δ flips, on average"
    )
    return {
        "t4-match": (mean((both["ratio"] / both["cos"]).dropna()), certified),
        "t4-match-every-point": (mean(both["least_relative"].dropna()), hardest),
    }


def _optimal(solved: pd.DataFrame) -> Evidence:
    is_radius = norm_is_radius(solved)
    return {"t4-optimal": (proportion(int(is_radius.sum()), len(solved)), "")}
