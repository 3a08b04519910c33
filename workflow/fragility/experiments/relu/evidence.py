"""Evidence on the claims about ReLU networks; the ids are those of claims/relu.yaml."""

import numpy as np
import pandas as pd

from fragility.experiments.linear.summary import norm_is_radius
from fragility.experiments.relu import alternatives, summary
from fragility.paper.estimates import (
    Estimate,
    correlation,
    mean,
    median_prediction,
    proportion,
    slope,
)
from fragility.paper.verdicts import Evidence, Finding

ALPHA = 4 / 9  # the alpha that the text quotes: 0.444
UNKNOWN = Estimate(np.nan, np.nan, np.nan, 0)
ALTERNATIVES = alternatives.ALTERNATIVES


def evidence(
    table_3: pd.DataFrame,
    depth: list[pd.DataFrame],
    narrow: pd.DataFrame,
    wide: pd.DataFrame,
    attacks: pd.DataFrame,
    depth_attacks: list[pd.DataFrame],
    table_4: pd.DataFrame,
    classifiers: pd.DataFrame,
    *,
    dimension: int,
    attack_dimension: int,
    column_scale: float,
    n_attacked: int,
    alphas: int,
    pairs: int,
) -> Evidence:
    """Finding for each claim of Tables 3 and 4 and the text around them.

    Args:
        table_3: a row per point of Table 3's networks (scripts/relu/measure.py).
        depth: the same for the networks of each depth, one hidden layer among them.
        narrow, wide: the same for networks of one hidden layer of two widths, trained alike.
        attacks: a row per attacked point of Table 3's networks (scripts/relu/attack.py).
        depth_attacks: the same for ``depth``, in its order.
        table_4: the same for Table 4's networks.
        classifiers: a row per matrix of Table 4's dimension (scripts/linear/classifiers.py).
        dimension, attack_dimension, column_scale, alphas, pairs: keys of config.yaml.
        n_attacked: networks attacked at ``dimension``, if there are as many.

    Returns:
        Finding by the claim's id.

    Raises:
        ValueError: networks or points are missing.
    """
    measured = {"table_3": [table_3], "depth": depth, "narrow": [narrow], "wide": [wide]}
    _require_points(measured, alphas * pairs)
    _require_points(
        {"attacks": [attacks], "depth_attacks": depth_attacks, "table_4": [table_4]}, 2 * pairs
    )
    _require_networks("attacks", attacks, min(n_attacked, table_3["run"].nunique()))
    deep = {part["layers"].iloc[0]: part for part in depth}
    one = deep.pop(1)
    deep_attacks = {part["layers"].iloc[0]: part for part in depth_attacks}
    attacked = {1: (table_3, attacks)} | {n: (deep[n], deep_attacks[n]) for n in deep}
    return (
        _compression(table_3, dimension)
        | _robustness(attacked)
        | _layers({1: one} | deep)
        | {"t3-wider": _wider(narrow, wide)}
        | _printed_networks(table_4)
        | _match(table_4, attack_dimension)
        | {"t4-optimal": _optimal(classifiers[classifiers["column_scale"] == column_scale])}
    )


def _require_points(results: dict[str, list[pd.DataFrame]], points: int) -> None:
    """Raise a ValueError unless there are networks, and so many points of each."""
    for name, parts in results.items():
        for counts in (rows["run"].value_counts() for rows in parts):
            if counts.empty:
                raise ValueError(f"{name}: no networks")
            wrong = counts[counts != points]
            if len(wrong):
                raise ValueError(
                    f"{name}: {wrong.iloc[0]} points of run {wrong.index[0]}, not {points}"
                )


def _require_networks(name: str, rows: pd.DataFrame, networks: int) -> None:
    """Raise a ValueError unless there are so many; elsewhere any number is right."""
    if rows["run"].nunique() != networks:
        raise ValueError(f"{name}: {rows['run'].nunique()} networks, not {networks}")


def _compression(measures: pd.DataFrame, d: int) -> Evidence:
    alphas = measures["alpha"].unique()
    quoted = alphas[np.abs(alphas - ALPHA).argmin()]
    at = summary.first_pair(measures)[lambda rows: rows["alpha"] == quoted]["rho"]
    missing = [f"{int(at.isna().sum())} of {len(at)} missing"] if at.isna().any() else []
    chance = f"a random direction has {summary.random_mean_cos(d):.3f} on average"
    flat, p = summary.flatness(measures)
    means = summary.by_network(measures)
    note = (
        f"Friedman's test over the α: p = {p:.2g}; the networks' mean φ is "
        f"{means['phi'].mean():.4f}, their mean ρ {means['rho'].mean():.4f}; "
        f"{flat.n} of {len(means)} networks have a ρ at every α"
    )
    return {
        "t3-mean": Finding(mean(at.dropna()), "; ".join([chance, *missing])),
        "t3-median": Finding(
            median_prediction(at.dropna(), summary.PAPER_NETWORKS), "; ".join(missing)
        ),
        "t3-flat": Finding(flat, note),
    }


def _robustness(attacked: dict[int, tuple[pd.DataFrame, pd.DataFrame]]) -> Evidence:
    """Rho against perturbations divided by the optimal radius, by number of hidden layers."""
    relative = {n: mean(_relative(*pair)) for n, pair in attacked.items()}
    smaller = {n: _easiest_correlation(*pair) for n, pair in attacked.items()}
    found = "; ".join(f"{_layers_of(n)}: {_found(rows)}" for n, (_, rows) in attacked.items())
    points = summary.at_points(*attacked[1])
    ratio = points["robustness"] / points["rho"]
    least = ratio.fillna(0.0).groupby(points["run"]).min()
    return {
        "t3-robustness": Finding(relative.pop(1), _found(attacked[1][1])),
        "t3-robustness-layers": _parts({_layers_of(n): e for n, e in relative.items()}, found),
        "t3-robustness-every-point": Finding(
            mean(least),
            f"within a tenth of 1 at {(ratio - 1).abs().le(0.1).mean():.0%} of the points; "
            f"{_found(attacked[1][1])}",
        ),
        "t3-smaller": _parts({_layers_of(n): e for n, e in smaller.items()}, found),
    }


def _relative(measures: pd.DataFrame, attacks: pd.DataFrame) -> pd.Series:
    """Mean perturbation divided by the optimal radius and by mean rho, of each network."""
    rho = summary.by_network(measures).set_index("run")["rho"]
    rows = summary.bounded(attacks)
    robustness = (rows["delta"] / rows["class_radius"]).groupby(rows["run"]).mean()
    return (robustness / rho).dropna()


def _easiest_correlation(measures: pd.DataFrame, attacks: pd.DataFrame) -> Estimate:
    """Correlation of mean rho with the relative robustness of each network's easiest point."""
    easiest = (
        summary.at_points(measures, summary.bounded(attacks)).groupby("run")["robustness"].min()
    )
    rho = summary.by_network(measures).set_index("run")["rho"]
    return _correlation(rho.reindex(easiest.index), easiest)


def _correlation(x: pd.Series, y: pd.Series) -> Estimate:
    """Of the networks that have both; unknown below four, which have no interval."""
    known = x.notna() & y.notna()
    if known.sum() < 4 or min(x[known].nunique(), y[known].nunique()) < 2:
        return UNKNOWN._replace(n=int(known.sum()))
    return correlation(x[known], y[known])


def _layers(depth: dict[int, pd.DataFrame]) -> Evidence:
    """Rho by number of hidden layers: compared with one layer's, and with phi."""
    means = {n: mean(summary.by_network(part)["rho"].dropna()) for n, part in depth.items()}
    note = "mean ρ: " + ", ".join(f"{e.value:.3f} with {_layers_of(n)}" for n, e in means.items())
    deep = {_layers_of(n): part for n, part in depth.items() if n > 1}
    gaps = {_layers_of(n): _difference(means[n], means[1]) for n in means if n > 1}
    phi = {_layers_of(n): _gap_to_phi(part) for n, part in depth.items()}
    return {
        "t3-layers": _parts(gaps, note),
        "t3-deeper": _compared(depth[1], deep),
        "t3-phi": _parts(phi, _relation(depth)),
    }


def _wider(narrow: pd.DataFrame, wide: pd.DataFrame) -> Finding:
    gap = mean(summary.same_matrices(narrow, wide))
    means = [summary.by_network(part)["rho"].mean() for part in (wide, narrow)]
    note = "mean ρ over all networks: {:.3f} wide, {:.3f} narrow".format(*means)
    return Finding(gap, f"{gap.n} matrices have both; {note}")


def _gap_to_phi(measures: pd.DataFrame) -> Estimate:
    networks = summary.by_network(measures)
    return mean((networks["rho"] - networks["phi"]).abs().dropna())


def _relation(depth: dict[int, pd.DataFrame]) -> str:
    """Correlation of rho with phi, and slope of rho on phi, at each depth, in words."""
    words = []
    for n, part in depth.items():
        networks = summary.by_network(part).dropna()
        r, b = _correlation(networks["phi"], networks["rho"]), _slope(networks)
        words.append(f"{_layers_of(n)}: correlation {r.value:.2f}, slope {b:.2f}")
    return "; ".join(words)


def _slope(networks: pd.DataFrame) -> float:
    few = networks["phi"].nunique() < 3
    return np.nan if few else slope(networks["phi"], networks["rho"]).value


def _compared(one: pd.DataFrame, others: dict[str, pd.DataFrame]) -> Finding:
    """Mean difference of rho to ``one``'s on the matrices that both have."""
    gaps = {name: mean(summary.same_matrices(one, part)) for name, part in others.items()}
    return _parts(gaps, "; ".join(f"{name}: {e.n} matrices have both" for name, e in gaps.items()))


def _parts(estimates: dict[str, Estimate], note: str) -> Finding:
    return Finding(None, note, estimates) if estimates else Finding(UNKNOWN, note)


def _layers_of(n: int) -> str:
    return f"{n} hidden layer{'s' if n > 1 else ''}"


def _difference(a: Estimate, b: Estimate) -> Estimate:
    """a - b of two independent means; half-widths of t intervals add in squares."""
    gap, half = a.value - b.value, float(np.hypot(a.high - a.value, b.high - b.value))
    return Estimate(gap, gap - half, gap + half, a.n)


def _found(attacks: pd.DataFrame) -> str:
    return f"{attacks['delta'].count()} of {len(attacks)} perturbations found"


def _printed_networks(attacks: pd.DataFrame) -> Evidence:
    """The numbers that the paper prints of its one network, predicted from ours."""
    networks = summary.attacked_networks(attacks)
    both = networks[networks["input"] == "both"]
    findings = {"t4-m": Finding(summary.log_prediction(both["m"]))}
    for name in ("b1", "b2"):
        rows = networks[networks["input"] == name]
        for column in ("cos", "delta", "ratio"):
            note = f"mean {rows[column].mean():.4f}; {_found(attacks)}"
            findings[f"t4-{column}-{name}"] = Finding(summary.log_prediction(rows[column]), note)
    return findings


def _match(attacks: pd.DataFrame, d: int) -> Evidence:
    """|cos theta_t| against delta / m, and how much of delta is proven to be needed."""
    both = summary.attacked_networks(attacks).query("input == 'both'").set_index("run")
    easiest = (attacks["delta"] / attacks["m"]).groupby(attacks["run"]).min()
    found, missed = _found(attacks), both["found"] < both["points"]
    note = (
        f"the hardest point: {both['largest_relative'].mean():.2f}; a random direction has "
        f"|cos θ_t| {summary.random_mean_cos(d):.2f} on average; {found}"
    )
    return {
        "t4-match": Finding(mean((both["ratio"] / both["cos"]).dropna()), found),
        "t4-match-every-point": Finding(mean(both["least_relative"].mask(missed, 0)), note),
        "t4-minimum": Finding(mean(both["bracket"].mask(missed, 0)), found),
        "t4-fragility": Finding(_correlation(both["cos"], easiest), found),
    }


def _optimal(solved: pd.DataFrame) -> Finding:
    is_radius = norm_is_radius(solved)
    return Finding(proportion(int(is_radius.sum()), len(solved)))
