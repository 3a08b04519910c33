"""Numbers on robust training that tables, figures and evidence share; the unit is a matrix A.

``measures`` are the rows of scripts/causes/robust_training.py: a network each.  Networks of one d,
depth and width are one kind; a matrix has a network of each kind under each condition.
"""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from scipy import stats

from fragility.experiments.causes.robust_training.conditions import (
    ANGLE,
    BOTH,
    CURVATURE,
    FACTORS,
    FEATURE,
    UNSCALED,
    USUAL,
)
from fragility.paper.estimates import Estimate, mean

KIND = ["d", "layers", "width"]
FEWEST = 4  # accurate networks of a matrix from which on a relation over them is computed
UNKNOWN = Estimate(np.nan, np.nan, np.nan, 0)


def accurate(measures: pd.DataFrame) -> pd.DataFrame:
    """The networks that are correct at every point."""
    return measures[measures["accuracy"] == 1]


def same_data(measures: pd.DataFrame) -> pd.DataFrame:
    """The networks on the paper's data: only training was changed."""
    return measures[~measures["method"].isin([FEATURE, UNSCALED])]


def kinds(measures: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows of each kind of network, with its name."""
    for (d, layers, width), rows in measures.groupby(KIND):
        yield f"d = {d}, {layers} hidden layer{'s' if layers > 1 else ''} of {width}", rows


def together(rows: pd.DataFrame, column: str) -> Estimate:
    """Mean over matrices of the rank correlation of |cos| with a column over conditions.

    Of one kind of network, on the paper's data; a matrix with fewer than four accurate networks is
    left out.
    """
    return _over_matrices(rows, lambda part: _rank_correlation(part["cos"], part[column]))


def single_points(rows: pd.DataFrame) -> Estimate:
    """Mean over matrices of the correlation of |cos theta_t| and perturbation over the points.

    The mean over a matrix's accurate networks counts; one affine everywhere has no correlation.
    """
    return _over_matrices(rows, lambda part: part["points_correlation"].mean())


def mean_match(rows: pd.DataFrame) -> Estimate:
    """Mean over matrices of (mean perturbation / m) / (mean |cos theta_t|)."""
    return _over_matrices(rows, lambda part: (part["delta"] / part["cos"]).mean())


def off_curve(rows: pd.DataFrame) -> dict[str, Estimate]:
    """By method: least ratio minus that of the common line in |cos|, mean over matrices.

    The line has one slope for all networks of a kind and a height for each matrix.  A method's
    networks of one matrix are averaged first.
    """
    right = accurate(same_data(rows))
    centred = right[["cos", "least_ratio"]] - right.groupby("matrix")[
        ["cos", "least_ratio"]
    ].transform("mean")
    spread = float((centred["cos"] ** 2).sum())
    if spread == 0:
        return {}
    slope = float((centred["cos"] * centred["least_ratio"]).sum()) / spread
    residuals = right.assign(residual=centred["least_ratio"] - slope * centred["cos"])
    each = residuals.groupby(["method", "matrix"], sort=False)["residual"].mean()
    return {method: mean(part) for method, part in each.groupby("method", sort=False)}


def best(rows: pd.DataFrame) -> pd.DataFrame:
    """The most robust accurate network of each matrix, by its least ratio, on the paper's data."""
    right = accurate(same_data(rows))
    return right.loc[right.groupby("matrix")["least_ratio"].idxmax()]


def effects(rows: pd.DataFrame, column: str) -> dict[str, Estimate]:
    """What each penalty does to a column of one kind of network, mean over matrices.

    The difference with and without a penalty, with the other penalty as it is, where both networks
    are accurate; the mean of a matrix's two differences.
    """
    right = accurate(rows[rows["method"].isin(FACTORS)])
    cells = right.set_index(["matrix", "method"])[column].unstack().reindex(columns=FACTORS)
    changes = {
        ANGLE: [cells[ANGLE] - cells[USUAL], cells[BOTH] - cells[CURVATURE]],
        CURVATURE: [cells[CURVATURE] - cells[USUAL], cells[BOTH] - cells[ANGLE]],
    }
    return {
        name: mean(pd.concat(parts, axis=1).mean(axis=1).dropna())
        for name, parts in changes.items()
    }


def _over_matrices(rows: pd.DataFrame, number: Callable[[pd.DataFrame], float]) -> Estimate:
    groups = accurate(same_data(rows)).groupby("matrix")
    values = np.array([number(part) for _, part in groups if len(part) >= FEWEST])
    return mean(values[~np.isnan(values)])


def _rank_correlation(x: pd.Series, y: pd.Series) -> float:
    if min(x.nunique(), y.nunique()) < 2:
        return np.nan
    return float(stats.spearmanr(x, y).statistic)
