"""Evidence on the claims about linear networks; the ids are those of paper/claims/linear.yaml."""

import pandas as pd

from fragility.experiments.linear import summary
from fragility.experiments.linear.alternatives import ALTERNATIVES
from fragility.paper.claims import Printed
from fragility.paper.estimates import Estimate, mean, proportion
from fragility.paper.verdicts import Evidence, Finding

__all__ = ["ALTERNATIVES", "evidence"]

# claims on one dimension, and their numbers (summary.agreement), by sample
ALIGNED = {
    "t1-cos-theta-2": "mean_abs_cos_theta_2",
    "t1-correlation": "correlation",
    "t1-slope": "slope",
    "t2-cos-theta-1": "mean_abs_cos_theta_1",
    "t2-phi": "mean_phi",
    "t2-difference": "mean_abs_difference",
}
ALL_VALID = {
    "t1-cos-theta-2-all": "mean_abs_cos_theta_2",
    "t1-correlation-all": "correlation",
    "t1-slope-all": "slope",
    "t1-cos-theta-1-all": "mean_abs_cos_theta_1",
    "t1-phi-all": "mean_phi",
    "t2-difference-all": "mean_abs_difference",
}


def evidence(
    measures: list[pd.DataFrame],
    unscaled: pd.DataFrame,
    classifiers: pd.DataFrame,
    feasibility: pd.DataFrame,
    printed: Printed,
    *,
    table_dimension: int,
    column_scale: float,
    aligned_above: float,
    n_runs: int,
    wanted: dict[str, list[int]],
) -> Evidence:
    """What our networks and matrices say on each claim of Tables 1 and 2, Figure 2 and the text.

    Args:
        measures: one table per dimension, a row per network (scripts/linear/measure.py).
        unscaled: the same of networks trained without the factor.
        classifiers: a row per matrix of the table dimension and scale
            (scripts/linear/classifiers.py).
        feasibility: two rows per matrix drawn (scripts/linear/feasibility.py).
        printed: Table 1 as printed, a row per experiment.
        table_dimension, column_scale, aligned_above, n_runs: keys of config.yaml.
        wanted: by dimension, how many networks there must be, and how many valid ones, at least.

    Returns:
        Findings by the claim's id.

    Raises:
        ValueError: networks are missing, or a matrix is solved at some scales only.
    """
    every = pd.concat(measures)
    _check_numbers(every, wanted)
    at_table = every[every["d"] == table_dimension]
    return (
        _agreement(at_table, aligned_above)
        | _counts(at_table, aligned_above, n_runs)
        | _run_7(feasibility, at_table, printed)
        | _by_dimension(every, aligned_above)
        | _degradation(every)
        | _perturbations(at_table)
        | _unscaled(unscaled, aligned_above)
        | _optimal(classifiers, column_scale)
    )


def _check_numbers(every: pd.DataFrame, wanted: dict[str, list[int]]) -> None:
    for d, (networks, n_valid) in wanted.items():
        there = every[every["d"] == int(d)]
        if len(there) < networks or len(summary.valid(there)) < n_valid:
            raise ValueError(
                f"linear networks at d={d}: {len(there)} are measured, "
                f"{len(summary.valid(there))} of them valid; {networks} and {n_valid} are wanted"
            )


def _agreement(measures: pd.DataFrame, above: float) -> Evidence:
    """The numbers of both samples, each with that of the other one as its note."""
    aligned, valid = map(summary.agreement, summary.samples(measures, above).values())
    return {
        name: Finding(ours[key], _beside(other[key], sample))
        for names, ours, other, sample in (
            (ALIGNED, aligned, valid, "valid runs"),
            (ALL_VALID, valid, aligned, "aligned runs"),
        )
        for name, key in names.items()
    }


def _beside(other: Estimate, sample: str) -> str:
    return f"{other.value:.3f} over the {other.n} {sample}"


def _counts(measures: pd.DataFrame, above: float, n_runs: int) -> Evidence:
    n_aligned, n_valid = (len(rows) for rows in summary.samples(measures, above).values())
    first = measures.head(n_runs)
    in_first = f"{len(summary.valid(first))} of the first {len(first)}"
    of_valid = f"{n_aligned} of {n_valid}"
    return {
        "t2-valid": Finding(proportion(n_valid, len(measures)), in_first),
        "t2-aligned": Finding(proportion(n_aligned, n_valid), of_valid),
    }


def _run_7(feasibility: pd.DataFrame, measures: pd.DataFrame, printed: pd.DataFrame) -> Evidence:
    run_7 = printed.set_index("experiment").loc["7"].astype(float).abs()
    largest = feasibility.query("phi_fixed == 1")["largest_cos_theta_1"]
    note = (
        f"largest |cos θ1| any valid network can have: median {largest.median():.4f}, "
        f"maximum {largest.max():.4f} over the matrices"
    )
    share = proportion(int((largest >= run_7["cos_theta_1"]).sum()), len(largest))
    valid = summary.valid(measures)
    alike = int((summary.excess(valid) >= run_7["cos_theta_1"] - run_7["phi"]).sum())
    return {
        "t1-run-7": Finding(share, note),
        "t1-run-7-trained": Finding(
            proportion(alike, len(valid)),
            f"{alike} of {len(valid)}; training succeeds most easily on matrices that leave room",
        ),
    }


def _by_dimension(measures: pd.DataFrame, above: float) -> Evidence:
    """Each d is a part; one with fewer than two networks has no interval, and leaves it open."""
    by_d = {d: summary.samples(part, above) for d, part in measures.groupby("d")}
    trained = measures["d"].value_counts()
    counts = ", ".join(
        f"{len(part['aligned'])}/{len(part['all valid'])}/{trained[d]} at {d}"
        for d, part in by_d.items()
    )
    quantities = {
        "f2-match": ("aligned", summary.differences),
        "f2-match-all": ("all valid", summary.differences),
        "f2-averages-all": ("all valid", summary.excess),
    }
    return {
        name: Finding(
            None,
            f"runs aligned/valid/trained: {counts}",
            {f"d = {d}": mean(quantity(part[sample])) for d, part in by_d.items()},
        )
        for name, (sample, quantity) in quantities.items()
    }


def _degradation(measures: pd.DataFrame) -> Evidence:
    n = f"{len(summary.valid(measures))} valid runs"
    relative = summary.exponents(measures, measures["feature_norm"])
    return {
        "s6-degradation-falls": Finding(None, n, relative),
        "s6-degradation": Finding(None, n, relative),
        "s6-degradation-absolute": Finding(None, n, summary.exponents(measures, 1.0)),
    }


def _perturbations(measures: pd.DataFrame) -> Evidence:
    """The first is an identity of valid linear networks (``fragility.exact.linear``)."""
    valid = summary.valid(measures)
    by_angle = valid["cos_theta_1"].abs() * valid["feature_norm"]
    spread = (valid["perturbation_max"] / valid["perturbation_mean"]).mean()
    return {
        "s6-perturbation-mean": Finding(mean(valid["perturbation_mean"] / by_angle)),
        "s6-perturbation-every-point": Finding(
            mean(valid["perturbation_min"] / valid["perturbation_mean"]),
            f"the hardest point tolerates {spread:.2f} times the mean",
        ),
    }


def _unscaled(measures: pd.DataFrame, above: float) -> Evidence:
    aligned, valid = summary.samples(measures, above).values()
    numbers = summary.agreement(valid)
    note = (
        f"mean |cos θ1| {numbers['mean_abs_cos_theta_1'].value:.3f}, mean φ "
        f"{numbers['mean_phi'].value:.3f}, correlation {numbers['correlation'].value:.2f}; "
        f"{len(valid)} of {len(measures)} runs valid"
    )
    return {
        "s6-unscaled-difference": Finding(numbers["mean_abs_difference"], note),
        "s6-unscaled-aligned": Finding(
            proportion(len(aligned), len(valid)), f"{len(aligned)} of {len(valid)}"
        ),
    }


def _optimal(solved: pd.DataFrame, column_scale: float) -> Evidence:
    scaled, plain = (summary.solved_at(solved, scale) for scale in (column_scale, 1))
    ratio = (plain["class_radius"] / plain["feature_norm"]).mean()
    with_factor = summary.max_margin_is_theorem_6(scaled).mean()
    change = float(((scaled["phi"] - plain["phi"]).abs() / plain["phi"]).max())
    return {
        "s6-optimal-radius": Finding(_share(summary.norm_is_radius(scaled))),
        "s6-optimal-radius-unscaled": Finding(
            _share(summary.norm_is_radius(plain)),
            f"mean of the exact radius divided by ‖A_:,d‖: {ratio:.2f}",
        ),
        "s6-max-margin-unscaled": Finding(
            _share(summary.max_margin_is_theorem_6(plain)), f"with the factor: {with_factor:.2f}"
        ),
        "s6-scaling-phi": Finding(Estimate(change, change, change, len(scaled))),
    }


def _share(held) -> Estimate:
    return proportion(int(held.sum()), len(held))
