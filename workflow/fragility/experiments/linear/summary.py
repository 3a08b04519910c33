"""Linear networks' numbers that tables, figures and evidence share: runs that count, means."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from fragility.paper.estimates import Estimate, correlation, log_log_slope, mean, slope

PAPER_VALID_FRACTION = 20 / 50  # section 6: "there are 20 experiments with training accuracy 1"

# the smallest perturbations that the text may mean, by column of the measures
POINTS = {"mean over the points": "perturbation_mean", "easiest point": "perturbation_min"}


def valid(measures: pd.DataFrame) -> pd.DataFrame:
    """The rows of networks that are correct at all 2^d points."""
    return measures[measures["valid"] == 1]


def aligned(measures: pd.DataFrame, above: float) -> pd.DataFrame:
    """The rows of valid networks with |cos theta_2| > ``above`` (Table 2's filter)."""
    return valid(measures)[lambda rows: rows["cos_theta_2"].abs() > above]


def samples(measures: pd.DataFrame, above: float) -> dict[str, pd.DataFrame]:
    """The two samples that every table shows: aligned valid runs, and all valid runs."""
    return {"aligned": aligned(measures, above), "all valid": valid(measures)}


def excess(rows: pd.DataFrame) -> pd.Series:
    """|cos theta_1| - phi of each network (row)."""
    return rows["cos_theta_1"].abs() - rows["phi"]


def differences(rows: pd.DataFrame) -> pd.Series:
    """||cos theta_1| - phi| of each network (row)."""
    return excess(rows).abs()


def compression_means(rows: pd.DataFrame) -> dict[str, Estimate]:
    """Means over rows of |cos theta_1|, phi and their absolute difference (Table 2)."""
    return {
        "mean_abs_cos_theta_1": mean(rows["cos_theta_1"].abs()),
        "mean_phi": mean(rows["phi"]),
        "mean_abs_difference": mean(differences(rows)),
    }


def agreement(rows: pd.DataFrame) -> dict[str, Estimate]:
    """How well phi predicts |cos theta_1| over rows: means, correlation, slope; |cos theta_2|.

    Correlation and slope are unknown (NaN) for fewer than four rows.
    """
    pair = rows["phi"], rows["cos_theta_1"].abs()
    few = len(rows) < 4
    return compression_means(rows) | {
        "correlation": unknown(len(rows)) if few else correlation(*pair),
        "slope": unknown(len(rows)) if few else slope(*pair),
        "mean_abs_cos_theta_2": mean(rows["cos_theta_2"].abs()),
    }


def unknown(n: int) -> Estimate:
    """No number, from ``n`` observations."""
    return Estimate(np.nan, np.nan, np.nan, n)


def exponents(measures: pd.DataFrame, unit: pd.Series | float) -> dict[str, Estimate]:
    """Exponent of d in the smallest perturbation of valid runs, in ``unit``, by point of a network.

    ``unit`` is a number, or one per row of ``measures``.  Unknown where there is one d only.
    """
    rows = valid(measures.assign(unit=unit))
    if rows["d"].nunique() < 2:
        return {name: unknown(len(rows)) for name in POINTS}
    return {
        name: log_log_slope(rows["d"], rows[column] / rows["unit"])
        for name, column in POINTS.items()
    }


def by_cell(frames: Iterable[pd.DataFrame], wanted: Iterable[tuple]) -> dict[tuple, pd.DataFrame]:
    """The rows of each wanted (batch size, learning rate), from tables of one or more cells.

    Raises:
        KeyError: a cell is in none of the tables.
    """
    measures = pd.concat(frame.astype({"batch_size": str}) for frame in frames)
    cells = dict(list(measures.groupby(["batch_size", "learning_rate"], sort=False)))
    return {(batch, rate): cells[str(batch), float(rate)] for batch, rate in wanted}


def calibrated_cell(grid: pd.DataFrame) -> tuple[str, float]:
    """Assumption L1's rule: the cell whose valid fraction is nearest to the paper's 0.40.

    ``grid`` has one row per cell.  Ties go to the smaller batch size ("full" is the largest), then
    to the smaller rate.  No angle is used.

    Returns:
        Batch size and learning rate.
    """
    distance = (grid["valid_fraction"] - PAPER_VALID_FRACTION).abs().round(12)
    size = pd.to_numeric(grid["batch_size"], errors="coerce").fillna(np.inf)
    order = grid.assign(distance=distance, size=size)
    best = order.sort_values(["distance", "size", "learning_rate"]).iloc[0]
    return best["batch_size"], float(best["learning_rate"])


def solved_at(classifiers: pd.DataFrame, column_scale: float) -> pd.DataFrame:
    """The rows of one scale, by matrix.

    Raises:
        ValueError: a matrix is there at some scales only, so that shares would have other samples.
    """
    scales = classifiers.groupby("matrix")["column_scale"].nunique()
    partial = scales.index[scales < classifiers["column_scale"].nunique()].tolist()
    if partial:
        raise ValueError(f"matrices {partial} are solved at some column scales only")
    return classifiers[classifiers["column_scale"] == column_scale].set_index("matrix")


def norm_is_radius(solved: pd.DataFrame) -> pd.Series:
    """Whether each row's optimal radius is ||A_:,d||, to 1e-9 (float64 sums of d squares)."""
    return np.isclose(solved["class_radius"], solved["feature_norm"], rtol=1e-9, atol=0)


def max_margin_is_theorem_6(solved: pd.DataFrame) -> pd.Series:
    """Whether each row's max-margin direction is A^{-1}'s last row (then its radius is |R_dd|)."""
    r_dd = solved["phi"] * solved["feature_norm"]
    return np.isclose(solved["max_margin_radius"], r_dd, rtol=1e-6, atol=0)
