"""Evidence on the claims about linear networks; the ids are those of claims.csv."""

import numpy as np
import pandas as pd

from fragility.experiments.linear import summary
from fragility.paper.claims import Printed
from fragility.paper.estimates import Estimate, correlation, mean, proportion, slope

Evidence = dict[str, tuple[Estimate, str]]


def evidence(
    measures: list[pd.DataFrame],
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
    """Estimate and note for each claim of Tables 1 and 2, Figure 2 and the text around them.

    Args:
        measures: one table per dimension, a row per network (scripts/linear/measure.py).
        classifiers: a row per matrix of the table dimension and scale
            (scripts/linear/classifiers.py).
        feasibility: two rows per matrix drawn (scripts/linear/feasibility.py).
        printed: Table 1 as printed, a row per experiment.
        table_dimension, column_scale, aligned_above, n_runs: keys of config.yaml.
        wanted: by dimension, how many networks there must be, and how many valid ones, at least.

    Returns:
        Estimate and note by the claim's id.

    Raises:
        ValueError: networks are missing.
    """
    every = pd.concat(measures)
    for d, (networks, n_valid) in wanted.items():
        there = every[every["d"] == int(d)]
        if len(there) < networks or len(summary.valid(there)) < n_valid:
            raise ValueError(
                f"linear networks at d={d}: {len(there)} are measured, "
                f"{len(summary.valid(there))} of them valid; {networks} and {n_valid} are wanted"
            )
    at_table = every[every["d"] == table_dimension]
    return (
        _angles(at_table, aligned_above, n_runs)
        | _run_7(feasibility, at_table, printed)
        | _all_dimensions(every, aligned_above)
        | _perturbations(at_table)
        | _optimal(classifiers, column_scale)
    )


def _angles(measures: pd.DataFrame, above: float, n_runs: int) -> Evidence:
    valid, aligned = summary.valid(measures), summary.aligned(measures, above)
    first = measures.head(n_runs)
    means = summary.compression_means(aligned)
    pair = aligned["phi"], aligned["cos_theta_1"].abs()
    few = len(aligned) < 4
    unknown = Estimate(np.nan, np.nan, np.nan, len(aligned))
    in_first = f"{len(summary.valid(first))} of the first {len(first)}"
    return {
        "t1-cos-theta-2": (mean(aligned["cos_theta_2"].abs()), ""),
        "t1-correlation": (unknown if few else correlation(*pair), ""),
        "t1-slope": (unknown if few else slope(*pair), ""),
        "t2-valid": (proportion(len(valid), len(measures)), in_first),
        "t2-aligned": (proportion(len(aligned), len(valid)), f"{len(aligned)} of {len(valid)}"),
        "t2-cos-theta-1": (means["mean_abs_cos_theta_1"], ""),
        "t2-phi": (means["mean_phi"], ""),
        "t2-difference": (means["mean_abs_difference"], ""),
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
    excess = valid["cos_theta_1"].abs() - valid["phi"]
    alike = int((excess >= run_7["cos_theta_1"] - run_7["phi"]).sum())
    return {
        "t1-run-7": (share, note),
        "t1-run-7-trained": (
            proportion(alike, len(valid)),
            f"{alike} of {len(valid)}; training succeeds most easily on matrices that leave room",
        ),
    }


def _all_dimensions(measures: pd.DataFrame, above: float) -> Evidence:
    by_d = {
        d: mean(summary.differences(summary.aligned(part, above)))
        for d, part in measures.groupby("d")
    }
    empty = [d for d, e in by_d.items() if e.n < 2]
    if empty:  # the claim is about every d: a d without data leaves it undecided
        nothing = Estimate(np.nan, np.nan, np.nan, sum(e.n for e in by_d.values()))
        return {"f2-match": (nothing, f"fewer than two aligned networks at d = {empty}")}
    worst = max(by_d, key=lambda d: by_d[d].value)
    # the claim is about every d, so the interval's ends are the largest over d of each end
    ends = (max(getattr(e, end) for e in by_d.values()) for end in ("low", "high"))
    estimate = Estimate(by_d[worst].value, *ends, sum(e.n for e in by_d.values()))
    means = ", ".join(f"{e.value:.3f} at {d}" for d, e in by_d.items())
    return {"f2-match": (estimate, f"by d: {means}")}


def _perturbations(measures: pd.DataFrame) -> Evidence:
    valid = summary.valid(measures)
    by_angle = valid["cos_theta_1"].abs() * valid["feature_norm"]
    spread = (valid["perturbation_max"] / valid["perturbation_mean"]).mean()
    return {
        "s6-perturbation-mean": (
            mean(valid["perturbation_mean"] / by_angle),
            "an identity: the mean over the points of a valid linear network is |cos θ1| ‖A_:,d‖",
        ),
        "s6-perturbation-every-point": (
            mean(valid["perturbation_min"] / valid["perturbation_mean"]),
            f"the hardest point tolerates {spread:.2f} times the mean",
        ),
    }


def _optimal(solved: pd.DataFrame, column_scale: float) -> Evidence:
    scaled = solved[solved["column_scale"] == column_scale].set_index("matrix")
    plain = solved[solved["column_scale"] == 1].set_index("matrix")
    shares = {
        name: proportion(int(summary.norm_is_radius(part).sum()), len(part))
        for name, part in (("s6-optimal-radius", scaled), ("s6-optimal-radius-unscaled", plain))
    }
    ratio = (plain["class_radius"] / plain["feature_norm"]).mean()
    change = ((scaled["phi"] - plain["phi"]).abs() / plain["phi"]).max()
    exact = Estimate(float(change), float(change), float(change), len(scaled))
    return {
        "s6-optimal-radius": (shares["s6-optimal-radius"], ""),
        "s6-optimal-radius-unscaled": (
            shares["s6-optimal-radius-unscaled"],
            f"mean of the exact radius over ‖A_:,d‖: {ratio:.2f}",
        ),
        "s6-scaling-phi": (exact, ""),
    }
