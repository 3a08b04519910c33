"""The photos' numbers that tables, figures and evidence share: ratios, statistics over pairs."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fragility.paper.estimates import Estimate
from fragility.paper.resampling import Statistic as Weighted
from fragility.paper.resampling import (
    of_pairs,
    weighted_correlation,
    weighted_mean,
    weighted_median,
    weighted_ratio,
    weighted_slope,
)
from fragility.runtime.seeds import generator

Statistic = Callable[[pd.DataFrame], Weighted]  # of some pairs: a statistic of their counts
RESAMPLES = 2000
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


def over_pairs(
    pairs: pd.DataFrame, statistic: Statistic, seed: int, name: str, resamples: int = RESAMPLES
) -> Estimate:
    """A statistic over pairs of photos of one network, with its interval by resampling photos.

    Args:
        pairs: one row per ordered pair; columns source and target name its photos.
        statistic: takes the columns of the rows to a statistic of their counts.
        seed: root of the random streams.
        name: names the stream.
        resamples: of photos.
    """
    photos = pairs[["source", "target"]].to_numpy()
    stream = generator(seed, "imagenet", "photos", name)
    return of_pairs(statistic(pairs), photos, stream, resamples=resamples)


def of_all(pairs: pd.DataFrame, statistic: Statistic) -> float:
    """The statistic over rows, each counted once; NaN if there are none."""
    return float(statistic(pairs)(np.ones((1, len(pairs))))[0])


def pair_of(pairs: pd.DataFrame, predictor: str, size: str) -> pd.DataFrame:
    """The predictor's size and Q, both divided by L/2 (a cosine is not), of the pairs with both.

    Returns:
        One row per pair; columns x (predictor), y (Q), source and target.
    """
    table = ratios(pairs)
    name = predictor if predictor == "cos_theta_t" else f"{predictor}_over_half_L"
    columns = {"x": table[name].abs(), "y": table[f"{size}_over_half_L"]}
    return table[["source", "target"]].assign(**columns).dropna()


def _array(table: pd.DataFrame, name: str) -> NDArray:
    return table[name].to_numpy(dtype=float)


FITS: dict[str, Statistic] = {
    "ratio": lambda pair: weighted_median(_array(pair, "x") / _array(pair, "y")),
    "slope": lambda pair: weighted_slope(_array(pair, "x"), _array(pair, "y")),
    "correlation": lambda pair: weighted_correlation(_array(pair, "x"), _array(pair, "y")),
}


def mean_of(name: str) -> Statistic:
    """The mean of a column, as a statistic."""
    return lambda table: weighted_mean(_array(table, name))


def median_of(name: str) -> Statistic:
    """The median of a column, as a statistic."""
    return lambda table: weighted_median(_array(table, name))


def over_others(table: pd.DataFrame) -> Weighted:
    """Mean |cos| divided by its mean with the differences of other photos."""
    return weighted_ratio(_array(table, "size"), _array(table, "cos_others"))


def random_density(z: NDArray) -> NDArray:
    """Density of |cos| sqrt(n) for a random direction, at z >= 0 (k,): half-normal."""
    return np.sqrt(2 / np.pi) * np.exp(-np.square(z) / 2)
