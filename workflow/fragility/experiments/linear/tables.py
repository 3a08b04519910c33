"""The linear experiment's tables: all aggregation over networks happens here.

``measures`` is the CSV of scripts/linear/measure.py: one row per network, in the order of the runs.
"""

from collections.abc import Mapping

import pandas as pd

from fragility.experiments.linear.batches import steps
from fragility.experiments.linear.summary import (
    agreement,
    compression_means,
    max_margin_is_theorem_6,
    norm_is_radius,
    samples,
    valid,
)
from fragility.paper.estimates import estimate_columns, mean, proportion
from fragility.statements.theorem_6.closed_form import phi_mean


def table_1(
    measures: pd.DataFrame, printed: pd.DataFrame, above: float, n: int = 10
) -> pd.DataFrame:
    """Table 1, one row per run: the first ``n`` valid ones, and the printed ones below them.

    Absolute values: the signs only say which neuron scores which label (assumption L3).
    """
    columns = ["cos_theta_1", "cos_theta_2", "phi"]
    ours = valid(measures).head(n).reset_index(drop=True)
    rows = [
        pd.DataFrame({"source": source, "experiment": numbers}).join(values.astype(float).abs())
        for source, numbers, values in (
            ("ours", ours.index + 1, ours[columns]),
            ("paper", printed["experiment"].astype(int), printed[columns]),
        )
    ]
    rows[0].insert(2, "run", ours["run"] + 1)
    table = pd.concat(rows, ignore_index=True).astype({"run": "Int64"})
    return table.assign(aligned=["yes" if cos > above else "no" for cos in table["cos_theta_2"]])


def table_2(
    measures: pd.DataFrame,
    printed: dict[int, pd.DataFrame],
    n_runs: int,
    above: float,
) -> pd.DataFrame:
    """Table 2, one row per sample: printed, ours of as many runs, ours of all; aligned and valid.

    Args:
        measures: one row per network, of the table's dimension.
        printed: Tables 1 and 2 as printed; all ten rows of Table 1 are the paper's valid runs.
        n_runs: runs of the paper.
        above: networks with |cos theta_2| above this count as aligned.
    """
    runs_of_table_1 = printed[1].drop(columns="experiment").astype(float)
    rows = [
        {"source": "paper", "sample": "aligned", "runs": 50, "networks": 18}
        | {name: float(value) for name, value in printed[2].iloc[0].items()},
        {"source": "paper, Table 1", "sample": "all valid", "networks": len(runs_of_table_1)}
        | estimate_columns(agreement(runs_of_table_1)),
    ]
    for source, part in (
        (f"ours, first {n_runs} runs", measures.head(n_runs)),
        (f"ours, all {len(measures)} runs", measures),
    ):
        rows += [
            {"source": source, "sample": name, "runs": len(part), "networks": len(sample)}
            | estimate_columns(agreement(sample))
            for name, sample in samples(part, above).items()
        ]
    return pd.DataFrame(rows).astype({"runs": "Int64"})


def perturbations(measures: pd.DataFrame, above: float) -> pd.DataFrame:
    """Exact smallest perturbations in units of ||A_:,d||: one row per quantity, by sample.

    Minimum, mean and maximum are over the 2^d points of each network.
    """

    def quantities(rows: pd.DataFrame) -> dict[str, pd.Series]:
        return {
            "|cos theta_1| (the paper's measure)": rows["cos_theta_1"].abs(),
            "phi (Theorem 6)": rows["phi"],
            "mean over the points": rows["perturbation_mean"] / rows["feature_norm"],
            "easiest point": rows["perturbation_min"] / rows["feature_norm"],
            "hardest point": rows["perturbation_max"] / rows["feature_norm"],
        }

    return pd.DataFrame(
        {"sample": sample, "quantity": name, "networks": len(values)}
        | estimate_columns({"mean": mean(values)})
        for sample, rows in samples(measures, above).items()
        for name, values in quantities(rows).items()
    )


def by_dimension(measures: pd.DataFrame, above: float) -> pd.DataFrame:
    """Figure 2 as numbers: one row per dimension, for aligned valid runs and all valid runs."""
    return pd.DataFrame(
        {"d": d}
        | _two_samples(part, above)
        | {"mean_phi_all_matrices": phi_mean(d)}
        | estimate_columns({name: mean(values) for name, values in _relative(valid(part)).items()})
        for d, part in measures.groupby("d")
    )


def _two_samples(part: pd.DataFrame, above: float) -> dict[str, float]:
    """Counts of a cell's runs, and the means over aligned and over all valid ones."""
    chosen, every = samples(part, above).values()
    everything = {f"all_valid_{name}": e for name, e in compression_means(every).items()}
    return (
        {"runs": len(part), "valid": len(every), "aligned": len(chosen)}
        | estimate_columns({"valid_fraction": proportion(len(every), len(part))})
        | estimate_columns(compression_means(chosen))
        | estimate_columns(everything)
    )


def _relative(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Smallest perturbations in units of ||A_:,d||, by point of a network."""
    return {
        f"perturbation_{name}": rows[f"perturbation_{name}"] / rows["feature_norm"]
        for name in ("mean", "min")
    }


def by_batch(measures: pd.DataFrame, epochs: int, above: float) -> pd.DataFrame:
    """What the batch size does at each dimension: one row per dimension and batch size."""
    return pd.DataFrame(
        {"d": d, "batch_size": str(batch), "steps": steps(d, batch, epochs)}
        | _two_samples(part, above)
        for (d, batch), part in measures.groupby(["d", "batch_size"])
    )


def without_factor(cells: Mapping[float, pd.DataFrame], n: int, above: float) -> pd.DataFrame:
    """Networks trained with and without the factor: one row per factor and sample.

    Args:
        cells: measures of the first matrices by column scale, at one dimension and setting.
        n: the networks shown of each.
        above: networks with |cos theta_2| above this count as aligned.
    """
    return pd.DataFrame(
        {"column_scale": scale, "sample": name, "runs": n, "networks": len(sample)}
        | estimate_columns(agreement(sample))
        for scale, measures in cells.items()
        for name, sample in samples(measures.head(n), above).items()
    )


def sensitivity(cells: Mapping[tuple, pd.DataFrame], n_runs: int, above: float) -> pd.DataFrame:
    """One row per (batch size, learning rate) cell, from each cell's first ``n_runs`` runs."""
    return pd.DataFrame(
        {"batch_size": str(batch_size), "learning_rate": learning_rate}
        | _two_samples(measures.head(n_runs), above)
        | {"mean_accuracy": measures.head(n_runs)["accuracy"].mean()}
        for (batch_size, learning_rate), measures in cells.items()
    )


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
    others = solved.drop(columns=["phi", "feature_norm"])
    return pd.DataFrame(
        {"sample": sample, "quantity": name, "networks": len(values[0])}
        | estimate_columns(
            dict(zip(("trained", "max_margin", "optimal"), map(mean, values), strict=False))
        )
        for sample, rows in samples(measures, above).items()
        for name, values in _side_by_side(
            rows.merge(others, left_on="run", right_on="matrix")
        ).items()
    )


def _side_by_side(both: pd.DataFrame) -> dict[str, tuple[pd.Series, ...]]:
    """Each quantity of the trained network, the max-margin and the optimal classifier, by name."""
    norm = both["feature_norm"]
    return {
        "|cos θ1|": (both["cos_theta_1"].abs(), both["max_margin_cos_theta_1"].abs()),
        "|cos θ2|": (both["cos_theta_2"].abs(), both["max_margin_cos_theta_2"].abs()),
        "smallest perturbation of the easiest point / ‖A_:,d‖": (
            both["perturbation_min"] / norm,
            both["max_margin_radius"] / norm,
            both["class_radius"] / norm,
        ),
    }
