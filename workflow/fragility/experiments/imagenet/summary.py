"""The photos' numbers that tables, figures and evidence share: ratios, statistics over pairs."""

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
    """The rows with a column of each length divided by L/2."""
    half = measures["L"] / 2
    return measures.assign(**{f"{name}_over_half_L": measures[name] / half for name in LENGTHS})


def random_mean_cos(entries: int | pd.Series) -> float | pd.Series:
    """Mean |cos| of a random direction with any given one, sqrt(2/(pi n)) for n entries (rows)."""
    return np.sqrt(2 / (np.pi * entries))


def cosines(measures: pd.DataFrame) -> list[str]:
    """The columns of cos theta_alpha, from alpha = 0 (the target) to 1 (the photo attacked)."""
    return [name for name in measures if name.removeprefix("cos_").isdigit()]


def over_pairs(pairs: pd.DataFrame, statistic: Statistic, seed: int, name: str) -> Estimate:
    """A statistic over pairs of photos, with its interval by resampling photos.

    Args:
        pairs: one row per ordered pair; columns source and target name its photos.
        statistic: takes the columns of some rows, by name, to a number.
        seed: root of the random streams.
        name: names the stream.
    """
    photos = pairs[["source", "target"]].to_numpy()
    columns = {column: pairs[column].to_numpy() for column in pairs}  # frames would be slow

    def of_rows(rows: NDArray) -> float:
        return statistic({column: values[rows] for column, values in columns.items()})

    return of_pairs(of_rows, photos, generator(seed, "imagenet", "photos", name))


def pair_of(pairs: pd.DataFrame, predictor: str, size: str) -> pd.DataFrame:
    """The predictor's size and Q, both divided by L/2 (a cosine is not), of the pairs with both.

    Returns:
        One row per pair; columns x (predictor), y (Q), source and target.
    """
    table = ratios(pairs)
    name = predictor if predictor == "cos_theta_t" else f"{predictor}_over_half_L"
    columns = {"x": table[name].abs(), "y": table[f"{size}_over_half_L"]}
    return table[["source", "target"]].assign(**columns).dropna()


def median_ratio(pair: Columns) -> float:
    """Median of x/y; NaN if there are no pairs."""
    return median(pair["x"] / pair["y"])


def median(values: NDArray | pd.Series) -> float:
    """The median of values (n,), NaN if there are none."""
    return float(np.median(values)) if len(values) else np.nan


def slope(pair: Columns) -> float:
    """Least-squares slope of y on x; NaN where all x are equal."""
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
    """Mean |cos| divided by its mean with the differences of other photos."""
    return float(columns["size"].mean() / columns["cos_others"].mean())


def random_density(z: NDArray) -> NDArray:
    """Density of |cos| sqrt(n) for a random direction, at z >= 0 (k,): half-normal."""
    return np.sqrt(2 / np.pi) * np.exp(-np.square(z) / 2)
