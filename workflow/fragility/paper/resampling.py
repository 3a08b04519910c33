"""Estimates with intervals by resampling what was drawn independently: networks, images, pairs.

A statistic takes counts of rows, one row of counts per resample, so that all resamples are
computed at once.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from fragility.paper.estimates import Estimate

Statistic = Callable[[NDArray], NDArray]  # weights of rows (m, n) to m numbers


def of_pairs(
    statistic: Statistic,
    pairs: NDArray,
    generator: np.random.Generator,
    confidence: float = 0.95,
    resamples: int = 2000,
) -> Estimate:
    """A statistic of rows that are pairs of units, with its interval by resampling the units.

    Pairs that share a unit are not independent.  So units are drawn with replacement, and a pair
    counts as often as the product of the counts of its units.  Variation of single pairs, shared
    with no other pair, is counted three times: where it dominates, the interval is wider than
    necessary.

    Args:
        statistic: takes the counts of the rows in each resample (m, n) to m numbers.
        pairs: the two units of each row, ints (n, 2).
        generator: random stream of the draws.
        confidence: share of intervals that hold the truth.
        resamples: how many; those with a NaN statistic are left out.

    Returns:
        The estimate; ``n`` counts units, not pairs.  Limits are NaN if every resample gives NaN.
    """
    units, codes = np.unique(pairs, return_inverse=True)
    codes = codes.reshape(np.shape(pairs))
    if not len(codes):
        return Estimate(np.nan, np.nan, np.nan, 0)
    counts = _drawn(len(units), resamples, generator)
    values = statistic(counts[:, codes[:, 0]] * counts[:, codes[:, 1]])
    return _expanded(values, len(units), confidence)


def of_strata(
    statistic: Statistic,
    strata: NDArray,
    generator: np.random.Generator,
    confidence: float = 0.95,
    resamples: int = 2000,
) -> Estimate:
    """A statistic of rows that are units, with its interval by resampling within each stratum.

    Args:
        statistic: takes the counts of the units in each resample (m, n) to m numbers.
        strata: of each unit, (n,): from each as many are drawn as it has.
        generator, confidence, resamples: as for ``of_pairs``.

    Returns:
        The estimate; ``n`` is the number of units that are free, one more than n minus the number
        of strata, and decides Student's t.
    """
    if not len(strata):
        return Estimate(np.nan, np.nan, np.nan, 0)
    names, codes = np.unique(strata, return_inverse=True)
    counts = np.ones((1 + resamples, len(strata)))
    for code in range(len(names)):
        own = np.flatnonzero(codes == code)
        counts[:, own] = _drawn(len(own), resamples, generator)
    return _expanded(statistic(counts), len(strata) - len(names) + 1, confidence)


def of_crossed(
    statistics: Sequence[Statistic],
    items: Sequence[NDArray],
    generator: np.random.Generator,
    confidence: float = 0.95,
    resamples: int = 2000,
) -> Estimate:
    """Mean over units of a number that each has over items, with its interval by resampling both.

    For networks measured at the same images: what networks have in common is estimated from as many
    numbers as there are networks, and images that suit one network may suit all.  So units and
    items are drawn with replacement, independently of each other (the pigeonhole bootstrap of
    Owen, 2007).  Variation that is shared neither by a unit's items nor by an item's units is
    counted three times.

    Args:
        statistics: of each unit, takes the counts of its items in each resample (m, its items) to
            m numbers.
        items: names of each unit's items; units may lack some of the others'.
        generator, confidence, resamples: as for ``of_pairs``.

    Returns:
        The estimate; units whose number is NaN are left out of the mean.  ``n`` is the number of
        units or of items, whichever is smaller, and decides Student's t; limits are NaN if it is 1.
    """
    names = np.unique(np.concatenate(items)) if len(items) else np.empty(0)
    if not len(names):
        return Estimate(np.nan, np.nan, np.nan, 0)
    drawn = _drawn(len(names), resamples, generator)
    by_unit = np.stack(
        [
            statistic(drawn[:, np.searchsorted(names, its)])
            for statistic, its in zip(statistics, items, strict=True)
        ],
        axis=1,
    )
    counts = _drawn(len(items), resamples, generator) * ~np.isnan(by_unit)
    values = _ratio((counts * np.nan_to_num(by_unit)).sum(axis=1), counts.sum(axis=1))
    n_units = int((~np.isnan(by_unit[0])).sum())
    return _expanded(values, min(n_units, len(names)), confidence)


def predicted_mean(
    samples: Sequence[NDArray],
    n_new: int,
    generator: np.random.Generator,
    confidence: float = 0.95,
    draws: int = 4000,
) -> Estimate:
    """Mean over units, and the prediction for the mean of ``n_new`` items of a new unit.

    The mean of five images of one network varies because the network is another one, and because
    the images are.  A new network's own mean is drawn from Student's t around the mean of ours,
    with deviation s sqrt(1 + 1/K) of K networks.  To it comes how far the mean of ``n_new`` images
    lies from that of all images, both drawn with replacement within one of our networks.  So both
    kinds of variation, and the error of our own mean in both, are in the prediction.

    Args:
        samples: the values of each unit's items; units without any are left out.
        n_new: how many items the predicted mean is of.
        generator: random stream of the draws.
        confidence: share of predictions that hold such a mean.
        draws: how many new means are drawn.

    Returns:
        The mean over units of their means, with the limits of the prediction; NaN below two units.
        ``n`` counts units.
    """
    samples = [sample for sample in map(np.asarray, samples) if len(sample)]
    n = len(samples)
    means = np.array([sample.mean() for sample in samples])
    if n < 2:
        return Estimate(float(means[0]) if n else np.nan, np.nan, np.nan, n)
    between = means.std(ddof=1) * np.sqrt(1 + 1 / n) * generator.standard_t(n - 1, draws)
    within = np.empty(draws)
    for sample, places in zip(samples, np.array_split(np.arange(draws), n), strict=True):
        size = (len(places), n_new + len(sample))
        drawn = sample[generator.integers(len(sample), size=size)]
        within[places] = drawn[:, :n_new].mean(axis=1) - drawn[:, n_new:].mean(axis=1)
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    low, high = np.quantile(means.mean() + between + within, tails)
    return Estimate(float(means.mean()), float(low), float(high), n, float(means.std(ddof=1)))


def weighted_mean(values: NDArray) -> Statistic:
    """The mean of values (n,) as a statistic; NaN without any weight."""
    return lambda weights: _ratio(weights @ values, weights.sum(axis=1))


def weighted_median(values: NDArray) -> Statistic:
    """The median of values (n,), each as often as its weight says, as a statistic."""
    order = np.argsort(values)
    ordered = np.append(values[order], np.nan)

    def median(weights: NDArray) -> NDArray:
        below = weights[:, order].cumsum(axis=1)
        half = weights.sum(axis=1, keepdims=True) / 2
        middle = [(below < half).sum(axis=1), (below <= half).sum(axis=1)]
        return ordered[middle].mean(axis=0)

    return median


def weighted_slope(x: NDArray, y: NDArray) -> Statistic:
    """Least-squares slope of y on x, both (n,), as a statistic; NaN where all x are equal."""
    return lambda weights: _ratio(*_moments(x, y, weights)[:2])


def weighted_correlation(x: NDArray, y: NDArray) -> Statistic:
    """Pearson's r of x and y, both (n,), as a statistic; NaN where either does not vary."""

    def correlation(weights: NDArray) -> NDArray:
        together, of_x, of_y = _moments(x, y, weights)
        return _ratio(together, np.sqrt(of_x * of_y))

    return correlation


def weighted_ratio(x: NDArray, y: NDArray) -> Statistic:
    """The mean of x (n,) divided by that of y, as a statistic."""
    return lambda weights: _ratio(weights @ x, weights @ y)


def _moments(x: NDArray, y: NDArray, weights: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    """Covariance of x and y and their variances, (m,); what is rounding alone is 0."""
    total = weights.sum(axis=1)
    centred = [values - values.mean() if len(values) else values for values in (x, y)]

    def moment(a: NDArray, b: NDArray) -> NDArray:
        of_a, of_b = _ratio(weights @ a, total), _ratio(weights @ b, total)
        found = _ratio(weights @ (a * b), total) - of_a * of_b
        rounding = 1e-12 * np.abs(a * b).max(initial=0)
        return np.where(np.abs(found) <= rounding, 0, found)  # NaN stays

    x, y = centred
    return moment(x, y), moment(x, x), moment(y, y)


def _ratio(above: NDArray, below: NDArray) -> NDArray:
    """above/below, NaN where below is 0."""
    return np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below != 0)


def _drawn(n: int, resamples: int, generator: np.random.Generator) -> NDArray:
    """Counts of n units, each once, then in each resample; (1 + resamples, n)."""
    draws = generator.multinomial(n, np.full(n, 1 / n), resamples)
    return np.vstack([np.ones(n), draws])


def _expanded(values: NDArray, n: int, confidence: float) -> Estimate:
    """An estimate from the statistic of all (the first value) and of the resamples of n units.

    The limits are quantiles of the resamples, wider by Student's t and n/(n - 1) (Hesterberg's
    expanded percentiles), since resamples of few units vary too little.
    """
    known = values[1:][~np.isnan(values[1:])]
    if n < 2 or not len(known):
        return Estimate(float(values[0]), np.nan, np.nan, n)
    far = stats.t.isf((1 - confidence) / 2, n - 1) * np.sqrt(n / (n - 1))
    low, high = np.quantile(known, stats.norm.cdf([-far, far]))
    return Estimate(float(values[0]), float(low), float(high), n)
