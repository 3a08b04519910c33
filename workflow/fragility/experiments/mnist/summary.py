"""The sevens' numbers that tables, figures and evidence share: ratios, and what predicts Q."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fragility.paper.estimates import Estimate, correlation, quantile, slope
from fragility.paper.resampling import (
    Statistic,
    of_crossed,
    weighted_correlation,
    weighted_mean,
    weighted_median,
    weighted_slope,
)
from fragility.runtime.seeds import generator

UNKNOWN = Estimate(np.nan, np.nan, np.nan, 0)
FEWEST = 4  # sevens for a fit
RESAMPLES = 2000

# of one network's measures: which sevens have the number's values, and the number as a statistic
Number = Callable[[pd.DataFrame], tuple[NDArray, Statistic]]


def ratios(measures: pd.DataFrame) -> pd.DataFrame:
    """The rows with columns of Table 5's ratios for each kind of Q, and of the average cosine."""
    half = measures["L"] / 2
    columns = {f"{name}_over_half_L": measures[name] / half for name in ("Q", "M", "M_exact")}
    for name in ("Q_sign", "Q_gradient", "Q_minimal", "first_order"):
        columns[f"{name}_over_half_L"] = measures[name] / half
    columns["average_cos"] = measures[cosines(measures)].mean(axis=1)
    return measures.assign(**columns)


def cosines(measures: pd.DataFrame) -> list[str]:
    """The columns of cos theta_t along the path, from alpha = 0 to 1."""
    return [name for name in measures if name.removeprefix("cos_").isdigit()]


def pair_of(table: pd.DataFrame, predictor: str, size: str) -> pd.DataFrame:
    """|predictor| and ``size`` of the sevens (rows) that have both; columns x, y and seven."""
    columns = {"x": table[predictor].abs(), "y": table[size], "seven": table["seven"]}
    return pd.DataFrame(columns).dropna()


def fit(pair: pd.DataFrame) -> dict[str, Estimate]:
    """Median of x/y, slope of y on x, and their correlation, over the sevens of one network.

    All are unknown (NaN) below four rows, slope and correlation also where all values are equal.
    """
    estimates = dict.fromkeys(("ratio", "slope", "correlation"), UNKNOWN)
    if len(pair) >= FEWEST:
        estimates["ratio"] = quantile(pair["x"] / pair["y"], 0.5)
        if pair["x"].nunique() > 1:
            estimates["slope"] = slope(pair["x"], pair["y"])
        if pair["x"].nunique() > 1 and pair["y"].nunique() > 1:
            estimates["correlation"] = correlation(pair["x"], pair["y"])
    return estimates


FITS: dict[str, Callable[[NDArray, NDArray], Statistic]] = {
    "ratio": lambda x, y: weighted_median(x / y),
    "slope": weighted_slope,
    "correlation": weighted_correlation,
}


def over_networks(
    measures: Sequence[pd.DataFrame], number: Number, seed: int, name: str, resamples=RESAMPLES
) -> Estimate:
    """A number of each network, averaged, with its interval over networks and sevens.

    Args:
        measures: a table per network, all measured at the same test sevens.
        number: of one network's measures.
        seed: root of the random streams.
        name: names the stream.
        resamples: of networks and sevens.
    """
    sevens, statistics = zip(*(number(part) for part in measures), strict=True)
    stream = generator(seed, "mnist", "networks", name)
    return of_crossed(statistics, sevens, stream, resamples=resamples)


def of_network(measures: pd.DataFrame, number: Number) -> float:
    """The number of one network's measures."""
    sevens, statistic = number(measures)
    return float(statistic(np.ones((1, len(sevens))))[0])


def values_of(table: pd.DataFrame, value: Callable[[pd.DataFrame], pd.Series]) -> pd.DataFrame:
    """A value of each seven that has one; columns value and seven."""
    return pd.DataFrame({"value": value(table), "seven": table["seven"]}).dropna()


def mean_of(value: Callable[[pd.DataFrame], pd.Series]) -> Number:
    """The mean of a value of each seven."""
    return _number(value, weighted_mean)


def median_of(value: Callable[[pd.DataFrame], pd.Series]) -> Number:
    """The median of a value of each seven."""
    return _number(value, weighted_median)


def _number(value: Callable, statistic: Callable[[NDArray], Statistic]) -> Number:
    def number(table: pd.DataFrame) -> tuple[NDArray, Statistic]:
        rows = values_of(table, value)
        return rows["seven"].to_numpy(), statistic(rows["value"].to_numpy(dtype=float))

    return number


def fit_of(predictor: str, size: str, what: str) -> Number:
    """One of FITS, of ``size`` on |predictor|; unknown (NaN) below four sevens."""

    def number(table: pd.DataFrame) -> tuple[NDArray, Statistic]:
        pair = pair_of(table, predictor, size)
        sevens = pair["seven"].to_numpy()
        if len(pair) < FEWEST:
            return sevens, lambda weights: np.full(len(weights), np.nan)
        return sevens, FITS[what](pair["x"].to_numpy(), pair["y"].to_numpy())

    return number


def by_network(measures: Sequence[pd.DataFrame]) -> Mapping[int, pd.DataFrame]:
    """The tables by their network's number, from 0 on."""
    tables = {int(part["network"].iloc[0]): part for part in measures}
    return dict(sorted(tables.items()))
