"""Estimates with their intervals; those by resampling are in ``resampling``."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats


class Estimate(NamedTuple):
    """A number with its interval and the sample behind it.

    Attributes:
        value, low, high: estimate and limits of its interval, 95 % unless said otherwise.
        n: number of observations.
        standard_deviation: standard deviation of one observation (NaN where there is none).
    """

    value: float
    low: float
    high: float
    n: int
    standard_deviation: float = np.nan


def mean(sample: ArrayLike, confidence: float = 0.95) -> Estimate:
    """Mean of a sample (n,) with Student's t interval; NaN limits below two observations."""
    x = np.asarray(sample, dtype=float)
    n = len(x)
    if n == 0:
        return Estimate(np.nan, np.nan, np.nan, 0)
    if n == 1:
        return Estimate(float(x[0]), np.nan, np.nan, 1)
    deviation = float(x.std(ddof=1))
    half = float(stats.t.ppf((1 + confidence) / 2, n - 1)) * deviation / np.sqrt(n)
    return Estimate(float(x.mean()), float(x.mean()) - half, float(x.mean()) + half, n, deviation)


def proportion(hits: int, n: int, confidence: float = 0.95) -> Estimate:
    """Share hits/n with the exact (Clopper-Pearson) interval."""
    if n == 0:
        return Estimate(np.nan, np.nan, np.nan, 0)
    interval = stats.binomtest(int(hits), n).proportion_ci(confidence)
    return Estimate(hits / n, float(interval.low), float(interval.high), n)


def quantile(sample: ArrayLike, probability: float, confidence: float = 0.95) -> Estimate:
    """A quantile of a sample (n,) with its interval between two order statistics.

    It holds for every distribution: coverage is at least ``confidence``.  A limit is NaN where the
    sample is too small for one.
    """
    x = np.sort(np.asarray(sample, dtype=float))
    if len(x) == 0:
        return Estimate(np.nan, np.nan, np.nan, 0)
    count = stats.binom(len(x), probability)  # observations below the quantile
    low, high = int(count.ppf((1 - confidence) / 2)), int(count.ppf((1 + confidence) / 2)) + 1
    return Estimate(
        float(np.quantile(x, probability)),
        float(x[low - 1]) if low >= 1 else np.nan,
        float(x[high - 1]) if high <= len(x) else np.nan,
        len(x),
    )


def correlation(x: ArrayLike, y: ArrayLike, confidence: float = 0.95) -> Estimate:
    """Pearson's correlation of two samples (n,) with Fisher's interval; needs n >= 4.

    Raises:
        ValueError: the samples have different lengths, or n is below 2.
    """
    result = stats.pearsonr(x, y)
    interval = result.confidence_interval(confidence)
    return Estimate(
        float(result.statistic), float(interval.low), float(interval.high), len(np.asarray(x))
    )


def slope(x: ArrayLike, y: ArrayLike, confidence: float = 0.95) -> Estimate:
    """Least-squares slope of y on x, samples (n,), with its t interval; needs n >= 3."""
    fit = stats.linregress(x, y)
    n = len(np.asarray(x))
    half = float(stats.t.ppf((1 + confidence) / 2, n - 2)) * fit.stderr
    return Estimate(float(fit.slope), float(fit.slope - half), float(fit.slope + half), n)


def log_log_slope(x: ArrayLike, y: ArrayLike, confidence: float = 0.95) -> Estimate:
    """Exponent p of y ~ x^p, samples (n,), by least squares on logarithms, with its t interval."""
    return slope(np.log(np.asarray(x, float)), np.log(np.asarray(y, float)), confidence)


def mean_prediction(sample: Estimate, n_new: int, confidence: float) -> tuple[float, float]:
    """Prediction interval of the mean of ``n_new`` further observations, from our sample's mean.

    Student's t with variance s^2 (1/n + 1/n_new): both means have their own error.
    """
    half = stats.t.ppf((1 + confidence) / 2, sample.n - 1) * sample.standard_deviation
    half *= np.sqrt(1 / sample.n + 1 / n_new)
    return float(sample.value - half), float(sample.value + half)


def count_prediction(hits: int, n: int, n_new: int, confidence: float) -> tuple[int, int]:
    """Central interval for the hits in ``n_new`` further trials, after ``hits`` in ``n``.

    Beta-binomial, from Jeffreys' prior: both counts have their own error.
    """
    predicted = stats.betabinom(n_new, hits + 0.5, n - hits + 0.5)
    return int(predicted.ppf((1 - confidence) / 2)), int(predicted.ppf((1 + confidence) / 2))


def median_prediction(sample: ArrayLike, n_new: int, confidence: float = 0.95) -> Estimate:
    """Median of a sample (n,), and the prediction interval of that of ``n_new`` further ones.

    It holds for every distribution: the number of our observations below the k-th of the new ones
    is beta-binomial(n, k, n_new - k + 1), so that two of our order statistics bound it.  For an
    even ``n_new`` the lower limit is that of the lower middle observation, the upper limit that of
    the upper one; coverage is at least ``confidence``.  A limit is NaN where the sample is too
    small for one.
    """
    x = np.sort(np.asarray(sample, dtype=float))
    n = len(x)
    if n == 0:
        return Estimate(np.nan, np.nan, np.nan, 0)
    first, last = (n_new + 1) // 2, n_new // 2 + 1
    tail = (1 - confidence) / 2
    low = int(stats.betabinom(n, first, n_new - first + 1).ppf(tail))
    high = int(stats.betabinom(n, last, n_new - last + 1).ppf(1 - tail)) + 1
    return Estimate(
        float(np.median(x)),
        float(x[low - 1]) if low >= 1 else np.nan,
        float(x[high - 1]) if high <= n else np.nan,
        n,
    )


def estimate_columns(estimates: Mapping[str, Estimate]) -> dict[str, float]:
    """Columns name, name_low and name_high of each estimate."""
    columns = {}
    for name, estimate in estimates.items():
        columns |= {
            name: estimate.value,
            f"{name}_low": estimate.low,
            f"{name}_high": estimate.high,
        }
    return columns
