"""The photos' numbers: ratios, statistics over pairs; what tables, figures and evidence share."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fragility.paper.estimates import Estimate, of_pairs
from fragility.runtime.seeds import generator

Columns = Mapping[str, NDArray] | pd.DataFrame


Statistic = Callable[[Columns], float]


LENGTHS = ("L", "M", "M_exact", "first_order", "Q_iterative", "Q_minimal")


def ratios(measures: pd.DataFrame) -> pd.DataFrame:
    """The measures with each length over L/2."""
    half = measures["L"] / 2
    return measures.assign(**{f"{name}_over_half_L": measures[name] / half for name in LENGTHS})


def chance(entries: int | pd.Series) -> float | pd.Series:
    """Mean |cos| of a random direction with any given one, sqrt(2/(pi n)), for n entries."""
    return np.sqrt(2 / (np.pi * entries))


def cosines(measures: pd.DataFrame) -> list[str]:
    """The columns of cos theta_alpha, from alpha = 0 (the target) to 1 (the photo attacked)."""
    return [name for name in measures if name.removeprefix("cos_").isdigit()]


def over_pairs(pairs: pd.DataFrame, statistic: Statistic, seed: int, name: str) -> Estimate:
    """A statistic over pairs of photos, its interval by resampling photos (both directions go)."""
    photos = pairs[["source", "target"]].to_numpy()
    columns = {column: pairs[column].to_numpy() for column in pairs}  # frames would be slow

    def of_rows(rows: NDArray) -> float:
        return statistic({column: values[rows] for column, values in columns.items()})

    return of_pairs(of_rows, photos, generator(seed, "imagenet", "photos", name))


def pair_of(pairs: pd.DataFrame, predictor: str, size: str) -> pd.DataFrame:
    """|predictor| and size over L/2, of the pairs that have both; columns x, y, source, target."""
    table = ratios(pairs)
    name = predictor if predictor == "cos_theta_t" else f"{predictor}_over_half_L"
    columns = {"x": table[name].abs(), "y": table[f"{size}_over_half_L"]}
    return table[["source", "target"]].assign(**columns).dropna()


def median_ratio(pair: Columns) -> float:
    """Median of x/y; NaN where there are none."""
    return median(pair["x"] / pair["y"])


def median(values: NDArray | pd.Series) -> float:
    """The median of known values; NaN of none."""
    return float(np.median(values)) if len(values) else np.nan


def slope(pair: Columns) -> float:
    """Least-squares slope of y on x; NaN where all x are alike."""
    x = pair["x"] - pair["x"].mean()
    return float(x @ pair["y"] / (x @ x)) if (x != 0).any() else np.nan


def correlation(pair: Columns) -> float:
    """Pearson's r of x and y; NaN where either does not vary."""
    x, y = (pair[name] - pair[name].mean() for name in ("x", "y"))
    size = float(np.sqrt((x @ x) * (y @ y)))
    return float(x @ y) / size if size > 0 else np.nan


FITS: dict[str, Statistic] = {
    "ratio": median_ratio,
    "slope": slope,
    "correlation": correlation,
}


def mean_of(name: str) -> Statistic:
    """The mean of a column, as a statistic."""
    return lambda columns: float(columns[name].mean())


def over_others(columns: Columns) -> float:
    """Mean size of |cos|, over its mean with the differences of other photos."""
    return float(columns["size"].mean() / columns["cos_others"].mean())


def random_density(z: NDArray) -> NDArray:
    """Density of |cos| sqrt(n) for a random direction, at z >= 0: the half-normal law."""
    return np.sqrt(2 / np.pi) * np.exp(-np.square(z) / 2)
