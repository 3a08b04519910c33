"""The linear experiment's tables: all aggregation over networks happens here.

``measures`` is the CSV of measure_linear.py: one row a network, in the order of the runs.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from fragility.paper.estimates import Estimate, mean, proportion
from fragility.report.render import spread
from fragility.statements.theorem_6.closed_form import phi_mean

PAPER_VALID_FRACTION = 20 / 50  # section 6: "there are 20 experiments with training accuracy 1"


def valid(measures: pd.DataFrame) -> pd.DataFrame:
    """The networks that are right at all 2^d points."""
    return measures[measures["valid"] == 1]


def aligned(measures: pd.DataFrame, above: float) -> pd.DataFrame:
    """The valid networks with |cos theta_2| > ``above`` (Table 2's filter)."""
    return valid(measures)[lambda rows: rows["cos_theta_2"].abs() > above]


def differences(rows: pd.DataFrame) -> pd.Series:
    """||cos theta_1| - phi| of each network."""
    return (rows["cos_theta_1"].abs() - rows["phi"]).abs()


def compression_means(rows: pd.DataFrame) -> dict[str, Estimate]:
    """Means of |cos theta_1|, phi and their absolute difference (Table 2), with intervals."""
    return {
        "mean_abs_cos_theta_1": mean(rows["cos_theta_1"].abs()),
        "mean_phi": mean(rows["phi"]),
        "mean_abs_difference": mean(differences(rows)),
    }


def table_1(measures: pd.DataFrame, printed: pd.DataFrame, n: int = 10) -> pd.DataFrame:
    """Table 1: the first ``n`` valid runs, and the printed ones below them."""
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
    """Table 2: the printed averages, ours over as many runs, and ours over all runs made."""
    paper = {"source": "paper", "runs": 50, "valid": 20, "aligned": 18}
    paper |= {name: float(value) for name, value in printed.iloc[0].items()}
    rows = [paper]
    for source, part in (
        (f"ours, first {n_runs} runs", measures.head(n_runs)),
        (f"ours, all {len(measures)} runs", measures),
    ):
        kept = aligned(part, above)
        rows.append(
            {"source": source, "runs": len(part), "valid": len(valid(part)), "aligned": len(kept)}
            | spread(compression_means(kept))
        )
    return pd.DataFrame(rows)


def perturbations(measures: pd.DataFrame, above: float) -> pd.DataFrame:
    """Exact smallest perturbations over the 2^d points, in units of ||A_:,d||, over networks."""
    rows = aligned(measures, above)
    quantities = {
        "|cos theta_1| (the paper's measure)": rows["cos_theta_1"].abs(),
        "phi (Theorem 6)": rows["phi"],
        "mean over the points": rows["perturbation_mean"] / rows["feature_norm"],
        "easiest point": rows["perturbation_min"] / rows["feature_norm"],
        "hardest point": rows["perturbation_max"] / rows["feature_norm"],
    }
    return pd.DataFrame(
        {"quantity": name, "networks": len(values)} | spread({"mean": mean(values)})
        for name, values in quantities.items()
    )


def by_dimension(measures: pd.DataFrame, above: float) -> pd.DataFrame:
    """Figure 2 as numbers: one row a dimension, aligned valid runs and all valid runs."""
    rows = []
    for d, part in measures.groupby("d"):
        everything = compression_means(valid(part))
        rows.append(
            {"d": d, "runs": len(part), "valid": len(valid(part))}
            | spread({"valid_fraction": proportion(len(valid(part)), len(part))})
            | {"aligned": len(aligned(part, above))}
            | spread(compression_means(aligned(part, above)))
            | spread({f"all_valid_{name}": value for name, value in everything.items()})
            | {"mean_phi_all_matrices": phi_mean(d)}
        )
    return pd.DataFrame(rows)


def by_cell(frames: Iterable[pd.DataFrame], wanted: Iterable[tuple]) -> dict[tuple, pd.DataFrame]:
    """The measures of each wanted (batch size, learning rate), from files of one or more cells."""
    measures = pd.concat(frame.astype({"batch_size": str}) for frame in frames)
    found = dict(list(measures.groupby(["batch_size", "learning_rate"], sort=False)))
    return {(batch, rate): found[str(batch), float(rate)] for batch, rate in wanted}


def sensitivity(cells: Mapping[tuple, pd.DataFrame], n_runs: int, above: float) -> pd.DataFrame:
    """One row a (batch size, learning rate) cell, from each cell's first ``n_runs`` runs."""
    rows = []
    for (batch_size, learning_rate), measures in cells.items():
        part = measures.head(n_runs)
        kept = aligned(part, above)
        rows.append(
            {"batch_size": str(batch_size), "learning_rate": learning_rate, "runs": len(part)}
            | {"valid": len(valid(part)), "aligned": len(kept)}
            | spread({"valid_fraction": proportion(len(valid(part)), len(part))})
            | spread(compression_means(kept))
            | {"mean_accuracy": part["accuracy"].mean()}
        )
    return pd.DataFrame(rows)


def calibrated_cell(grid: pd.DataFrame) -> tuple[str, float]:
    """Assumption L1's rule: the cell whose valid fraction is nearest the paper's 0.40.

    Ties go to the smaller batch size ("full" is the largest), then to the smaller rate.
    No angle enters.
    """
    distance = (grid["valid_fraction"] - PAPER_VALID_FRACTION).abs().round(12)
    size = pd.to_numeric(grid["batch_size"], errors="coerce").fillna(np.inf)
    order = grid.assign(distance=distance, size=size)
    best = order.sort_values(["distance", "size", "learning_rate"]).iloc[0]
    return best["batch_size"], float(best["learning_rate"])


def classifiers(solved: pd.DataFrame) -> pd.DataFrame:
    """Radii in units of ||A_:,d|| by scale and dimension, over matrices; see classifiers' CSV."""
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
        rows.append({"column_scale": scale, "d": d, "matrices": n} | spread(estimates))
    return pd.DataFrame(rows).sort_values(
        ["column_scale", "d"], ascending=[False, True], ignore_index=True
    )


def beside_max_margin(measures: pd.DataFrame, solved: pd.DataFrame, above: float) -> pd.DataFrame:
    """Trained networks beside the max-margin and the optimal classifier of the same matrices.

    Args:
        measures: networks of one dimension.
        solved: the same dimension's matrices, at the networks' column scale.
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
        | spread(dict(zip(("trained", "max_margin", "optimal"), map(mean, values), strict=False)))
        for name, values in quantities.items()
    )


def norm_is_radius(solved: pd.DataFrame) -> pd.Series:
    """Whether the optimal radius is ||A_:,d||, to 1e-9 (both are float64 sums of d squares)."""
    return np.isclose(solved["class_radius"], solved["feature_norm"], rtol=1e-9, atol=0)


def max_margin_is_theorem_6(solved: pd.DataFrame) -> pd.Series:
    """Whether the max-margin direction is the last row of A^{-1} (its radius is |R_dd|)."""
    r_dd = solved["phi"] * solved["feature_norm"]
    return np.isclose(solved["max_margin_radius"], r_dd, rtol=1e-6, atol=0)
