"""The linear experiment's tables: all aggregation over networks happens here.

``measures`` is the CSV of scripts/linear/measure.py: one row per network, in the order of the runs.
"""

from collections.abc import Mapping

import pandas as pd

from fragility.experiments.linear.summary import (
    aligned,
    compression_means,
    max_margin_is_theorem_6,
    norm_is_radius,
    valid,
)
from fragility.paper.estimates import estimate_columns, mean, proportion
from fragility.statements.theorem_6.closed_form import phi_mean


def table_1(measures: pd.DataFrame, printed: pd.DataFrame, n: int = 10) -> pd.DataFrame:
    """Table 1, one row per run: the first ``n`` valid ones, and the printed ones below them."""
    ours = valid(measures).head(n).reset_index(drop=True)
    columns = ["cos_theta_1", "cos_theta_2", "phi"]
    frames = [
        pd.DataFrame({"source": "ours", "experiment": ours.index + 1, "run": ours["run"] + 1}),
        pd.DataFrame({"source": "paper", "experiment": printed["experiment"].astype(int)}),
    ]
    frames[0] = frames[0].join(ours[columns])
    frames[1] = frames[1].join(printed[columns].astype(float))
    return pd.concat(frames, ignore_index=True).astype({"run": "Int64"})


def table_2(
    measures: pd.DataFrame, printed: pd.DataFrame, n_runs: int, above: float
) -> pd.DataFrame:
    """Table 2, one row per average: printed, ours over as many runs, ours over all runs."""
    paper = {"source": "paper", "runs": 50, "valid": 20, "aligned": 18}
    paper |= {name: float(value) for name, value in printed.iloc[0].items()}
    rows = [paper]
    for source, part in (
        (f"ours, first {n_runs} runs", measures.head(n_runs)),
        (f"ours, all {len(measures)} runs", measures),
    ):
        chosen = aligned(part, above)
        rows.append(
            {"source": source, "runs": len(part), "valid": len(valid(part)), "aligned": len(chosen)}
            | estimate_columns(compression_means(chosen))
        )
    return pd.DataFrame(rows)


def perturbations(measures: pd.DataFrame, above: float) -> pd.DataFrame:
    """Exact smallest perturbations in units of ||A_:,d||: one row per quantity, mean over networks.

    Minimum, mean and maximum are over the 2^d points of each network.
    """
    rows = aligned(measures, above)
    quantities = {
        "|cos theta_1| (the paper's measure)": rows["cos_theta_1"].abs(),
        "phi (Theorem 6)": rows["phi"],
        "mean over the points": rows["perturbation_mean"] / rows["feature_norm"],
        "easiest point": rows["perturbation_min"] / rows["feature_norm"],
        "hardest point": rows["perturbation_max"] / rows["feature_norm"],
    }
    return pd.DataFrame(
        {"quantity": name, "networks": len(values)} | estimate_columns({"mean": mean(values)})
        for name, values in quantities.items()
    )


def by_dimension(measures: pd.DataFrame, above: float) -> pd.DataFrame:
    """Figure 2 as numbers: one row per dimension, for aligned valid runs and all valid runs."""
    rows = []
    for d, part in measures.groupby("d"):
        everything = compression_means(valid(part))
        rows.append(
            {"d": d, "runs": len(part), "valid": len(valid(part))}
            | estimate_columns({"valid_fraction": proportion(len(valid(part)), len(part))})
            | {"aligned": len(aligned(part, above))}
            | estimate_columns(compression_means(aligned(part, above)))
            | estimate_columns({f"all_valid_{name}": value for name, value in everything.items()})
            | {"mean_phi_all_matrices": phi_mean(d)}
        )
    return pd.DataFrame(rows)


def sensitivity(cells: Mapping[tuple, pd.DataFrame], n_runs: int, above: float) -> pd.DataFrame:
    """One row per (batch size, learning rate) cell, from each cell's first ``n_runs`` runs."""
    rows = []
    for (batch_size, learning_rate), measures in cells.items():
        part = measures.head(n_runs)
        chosen = aligned(part, above)
        rows.append(
            {"batch_size": str(batch_size), "learning_rate": learning_rate, "runs": len(part)}
            | {"valid": len(valid(part)), "aligned": len(chosen)}
            | estimate_columns({"valid_fraction": proportion(len(valid(part)), len(part))})
            | estimate_columns(compression_means(chosen))
            | {"mean_accuracy": part["accuracy"].mean()}
        )
    return pd.DataFrame(rows)


def classifiers(solved: pd.DataFrame) -> pd.DataFrame:
    """Radii in units of ||A_:,d||: one row per scale and dimension, means over matrices.

    ``solved`` has one row per matrix and scale (scripts/linear/classifiers.py).
    """
    rows = []
    for (scale, d), part in solved.groupby(["column_scale", "d"], sort=False):
        norm, n = part["feature_norm"], len(part)
        estimates = {
            "norm_is_radius": proportion(int(norm_is_radius(part).sum()), n),
            "optimal_radius": mean(part["class_radius"] / norm),
            "optimal_radius_at_a_point": mean(part["point_radius_mean"] / norm),
            "max_margin_radius": mean(part["max_margin_radius"] / norm),
            "phi": mean(part["phi"]),
            "max_margin_is_theorem_6": proportion(int(max_margin_is_theorem_6(part).sum()), n),
            "largest_cos_theta_1": mean(part["largest_cos_theta_1"]),
        }
        rows.append({"column_scale": scale, "d": d, "matrices": n} | estimate_columns(estimates))
    return pd.DataFrame(rows).sort_values(
        ["column_scale", "d"], ascending=[False, True], ignore_index=True
    )


def beside_max_margin(measures: pd.DataFrame, solved: pd.DataFrame, above: float) -> pd.DataFrame:
    """Trained networks compared with the max-margin and the optimal classifier, by quantity (row).

    Args:
        measures: one row per network, of one dimension.
        solved: one row per matrix of the same dimension, at the networks' column scale.
        above: threshold on |cos theta_2|, as in Table 2.
    """
    both = aligned(measures, above).merge(
        solved.drop(columns=["phi", "feature_norm"]), left_on="run", right_on="matrix"
    )
    norm = both["feature_norm"]
    quantities = {
        "|cos θ1|": (both["cos_theta_1"].abs(), both["max_margin_cos_theta_1"].abs()),
        "|cos θ2|": (both["cos_theta_2"].abs(), both["max_margin_cos_theta_2"].abs()),
        "smallest perturbation of the easiest point / ‖A_:,d‖": (
            both["perturbation_min"] / norm,
            both["max_margin_radius"] / norm,
            both["class_radius"] / norm,
        ),
    }
    return pd.DataFrame(
        {"quantity": name, "networks": len(both)}
        | estimate_columns(
            dict(zip(("trained", "max_margin", "optimal"), map(mean, values), strict=False))
        )
        for name, values in quantities.items()
    )
