"""Intervals hold what they promise: by simulation, by exact enumeration, against plain formulas."""

import math

import numpy as np
import pytest
from scipy import stats

from fragility.paper import estimates
from fragility.runtime.seeds import generator

TRIALS = 3000
# five standard errors of a share near 0.95 over that many trials: 0.02
TOLERANCE = 5 * np.sqrt(0.95 * 0.05 / TRIALS)


def stream(*key):
    return generator(8, "test", "statistics", *key)


def coverage(intervals, truths):
    return np.mean(
        [low <= truth <= high for (low, high), truth in zip(intervals, truths, strict=True)]
    )


# --- the mean ---


@pytest.fixture(scope="module")
def small_samples():
    """Samples of 5 from N(3, 2): so few that normal quantiles fall short."""
    return stream("mean").normal(3, 2, (TRIALS, 5))


def test_the_mean_s_interval_covers_at_its_confidence(small_samples):
    found = [estimates.mean(sample)[1:3] for sample in small_samples]
    assert abs(coverage(found, [3] * TRIALS) - 0.95) < TOLERANCE


def test_a_normal_interval_for_the_mean_would_be_too_narrow(small_samples):
    halves = 1.96 * small_samples.std(axis=1, ddof=1) / np.sqrt(5)
    means = small_samples.mean(axis=1)
    narrow = zip(means - halves, means + halves, strict=True)
    assert coverage(narrow, [3] * TRIALS) < 0.95 - TOLERANCE


def test_the_mean_s_interval_follows_its_confidence(small_samples):
    found = [estimates.mean(sample, 0.8)[1:3] for sample in small_samples]
    tolerance = 5 * np.sqrt(0.8 * 0.2 / TRIALS)
    assert abs(coverage(found, [3] * TRIALS) - 0.8) < tolerance


def test_the_mean_by_hand():
    found = estimates.mean([1, 2, 3, 6])
    assert (found.value, found.n) == (3, 4)
    assert found.standard_deviation == pytest.approx(np.sqrt(14 / 3))
    half = 3.182446305 * np.sqrt(14 / 3) / 2  # t with 3 degrees of freedom, from a table
    assert (found.low, found.high) == pytest.approx((3 - half, 3 + half), rel=1e-9)


def test_means_of_none_and_one_have_no_interval():
    none, one = estimates.mean([]), estimates.mean([4])
    assert none.n == 0
    assert np.isnan([none.value, none.low, none.high, none.standard_deviation]).all()
    assert (one.value, one.n) == (4, 1)
    assert np.isnan([one.low, one.high, one.standard_deviation]).all()


# --- a share ---


def exact_coverage(interval, n, p):
    """Probability over hits ~ Bin(n, p) that the interval holds p, without simulation."""
    hits = np.arange(n + 1)
    inside = [low <= p <= high for low, high in map(interval, hits)]
    return stats.binom(n, p).pmf(hits) @ inside


SHARES = np.linspace(0.02, 0.98, 25)


@pytest.mark.parametrize("n", [5, 20, 50])
def test_the_share_s_interval_covers_at_every_share(n):
    found = [estimates.proportion(hits, n)[1:3] for hits in range(n + 1)]
    covered = [exact_coverage(found.__getitem__, n, p) for p in SHARES]
    assert min(covered) >= 0.95  # exact: no tolerance

    def wald(hits):  # negative control: the textbook's normal interval
        share = hits / n
        half = 1.96 * np.sqrt(share * (1 - share) / n)
        return share - half, share + half

    assert min(exact_coverage(wald, n, p) for p in SHARES) < 0.95


def test_the_share_s_interval_covers_in_simulation():
    hits = stream("share").binomial(50, 0.4, TRIALS)
    intervals = {h: estimates.proportion(int(h), 50)[1:3] for h in set(hits)}
    covered = coverage([intervals[h] for h in hits], [0.4] * TRIALS)
    assert 0.95 - TOLERANCE < covered < 0.99  # Clopper-Pearson's are wider than they need be


def test_shares_of_none_and_all_have_one_sided_ends():
    none, every = estimates.proportion(0, 20), estimates.proportion(20, 20)
    assert (none.value, none.low, every.value, every.high) == (0, 0, 1, 1)
    assert none.high == pytest.approx(1 - 0.025 ** (1 / 20), rel=1e-6)  # solved to 1e-6 or better
    assert every.low == pytest.approx(0.025 ** (1 / 20), rel=1e-6)


def test_a_share_of_nothing_is_unknown():
    found = estimates.proportion(0, 0)
    assert found.n == 0
    assert np.isnan([found.value, found.low, found.high]).all()


# --- correlation and slope ---


@pytest.fixture(scope="module")
def pairs():
    x = stream("pairs").normal(0, 1, 30)
    return x, 0.7 * x + stream("noise").normal(0, 0.5, 30)


def test_correlation_is_pearson_s_with_fisher_s_interval(pairs):
    r = np.corrcoef(*pairs)[0, 1]
    found = estimates.correlation(*pairs)
    half = stats.norm.ppf(0.975) / np.sqrt(30 - 3)
    assert found.value == pytest.approx(r, rel=1e-12)
    assert found[1:3] == pytest.approx(np.tanh([np.arctanh(r) - half, np.arctanh(r) + half]))
    assert found.n == 30


def test_slope_is_least_squares_with_its_t_interval(pairs):
    x, y = pairs
    centred = x - x.mean()
    value = centred @ y / (centred @ centred)
    residuals = y - y.mean() - value * centred
    error = np.sqrt(residuals @ residuals / 28 / (centred @ centred))
    half = stats.t.ppf(0.975, 28) * error
    found = estimates.slope(x, y)
    assert found[:3] == pytest.approx((value, value - half, value + half), rel=1e-12)
    assert found.n == 30
    assert value == pytest.approx(np.polyfit(x, y, 1)[0], rel=1e-12)


def test_the_slope_s_interval_covers_at_its_confidence():
    x = np.arange(6.0)
    ys = 2 * x + stream("slope").normal(0, 1, (TRIALS, 6))
    found = [estimates.slope(x, y) for y in ys]
    assert abs(coverage([f[1:3] for f in found], [2] * TRIALS) - 0.95) < TOLERANCE
    shrink = 1.96 / stats.t.ppf(0.975, 4)  # negative control: the normal quantile in place of t's
    narrow = [
        (f.value + shrink * (f.low - f.value), f.value + shrink * (f.high - f.value)) for f in found
    ]
    assert coverage(narrow, [2] * TRIALS) < 0.95 - TOLERANCE


@pytest.mark.parametrize("power", [-0.5, 1, 2.5])
def test_an_exact_power_law_has_its_exponent_as_log_log_slope(power):
    x = np.array([7, 8, 9, 10, 12, 14, 15, 16, 17])
    found = estimates.log_log_slope(x, 3.7 * x.astype(float) ** power)
    assert found.value == pytest.approx(power, rel=1e-12)
    assert found.high - found.low < 1e-6  # the residuals are rounding, and enter as a square root
    assert estimates.slope(x, x.astype(float) ** 2.5).value > 50  # negative control: no logarithms


# --- predictions ---


def predictions(interval, n=10, n_new=18):
    """Coverage of the mean of n_new new draws by an interval from n old ones."""
    old = stream("old").normal(1, 2, (TRIALS, n))
    new = stream("new").normal(1, 2, (TRIALS, n_new)).mean(axis=1)
    return coverage([interval(estimates.mean(sample), n_new) for sample in old], new)


def test_a_predicted_mean_falls_into_its_interval():
    def predicted(sample, n_new):
        return estimates.mean_prediction(sample, n_new, 0.95)

    assert abs(predictions(predicted) - 0.95) < TOLERANCE


def test_a_prediction_that_forgets_one_of_the_two_errors_would_be_too_narrow():
    def only_new(sample, n_new):
        half = stats.t.ppf(0.975, sample.n - 1) * sample.standard_deviation / np.sqrt(n_new)
        return sample.value - half, sample.value + half

    def only_ours(sample, n_new):
        return sample.low, sample.high

    assert predictions(only_new) < 0.95 - TOLERANCE
    assert predictions(only_ours) < 0.95 - TOLERANCE


def test_a_stricter_prediction_is_wider_and_has_the_same_centre():
    sample = estimates.mean([1, 2, 3, 6])
    inner = estimates.mean_prediction(sample, 18, 0.95)
    outer = estimates.mean_prediction(sample, 18, 0.999)
    assert outer[0] < inner[0] < 3 < inner[1] < outer[1]
    assert np.mean(inner) == pytest.approx(3)
    assert np.mean(outer) == pytest.approx(3)


def count_coverage(interval, n, n_new, p):
    """Probability that new ~ Bin(n_new, p) falls where hits ~ Bin(n, p) predicts: exact, by p."""
    hits, new = np.arange(n + 1), np.arange(n_new + 1)
    low, high = np.array([interval(h) for h in hits]).T
    inside = (low[:, None] <= new) & (new <= high[:, None])
    weight, new_weight = (stats.binom.pmf(k, m, p[:, None]) for k, m in ((hits, n), (new, n_new)))
    return ((weight @ inside) * new_weight).sum(axis=1)


# Gauss-Chebyshev nodes: equal weights integrate polynomials in p below degree 100 exactly over
# Jeffreys' prior, and a coverage is one of degree n + n_new
JEFFREYS = (1 + np.cos((2 * np.arange(50) + 1) * np.pi / 100)) / 2


@pytest.mark.parametrize("n, n_new", [(20, 20), (50, 20), (30, 60)])
def test_a_predicted_count_falls_into_its_interval(n, n_new):
    def ours(hits):
        return estimates.count_prediction(hits, n, n_new, 0.95)

    def plugged_in(hits):  # negative control: our share taken for the truth
        return stats.binom.ppf([0.025, 0.975], n_new, hits / n)

    # on average over the prior at least 0.95, exactly; more, since counts come in lumps
    assert 0.95 <= count_coverage(ours, n, n_new, JEFFREYS).mean() < 0.99
    assert count_coverage(plugged_in, n, n_new, JEFFREYS).mean() < 0.95


def test_a_predicted_count_covers_the_paper_s_case_in_simulation():
    hits = stream("hits").binomial(150, 0.9, TRIALS)
    new = stream("new hits").binomial(20, 0.9, TRIALS)
    intervals = {h: estimates.count_prediction(int(h), 150, 20, 0.95) for h in set(hits)}
    covered = coverage([intervals[h] for h in hits], new)
    assert covered > 0.95 - TOLERANCE
    narrowed = [(intervals[h][0] + 1, intervals[h][1] - 1) for h in hits]  # negative control
    assert coverage(narrowed, new) < 0.95 - TOLERANCE


def test_a_predicted_count_lies_within_the_new_trials():
    assert estimates.count_prediction(0, 200, 20, 0.95)[0] == 0
    assert estimates.count_prediction(200, 200, 20, 0.95)[1] == 20
    low, high = estimates.count_prediction(100, 200, 20, 0.95)
    assert 0 < low < 10 < high < 20
    assert isinstance(low, int)
    assert isinstance(high, int)


def ranks(n, n_new):
    """Which of n sorted draws predict a median of n_new more, counted from 0: never their values.

    Asked for once, not for each sample: the search for them takes a thousandth of a second.
    """
    found = estimates.median_prediction(np.arange(n), n_new)
    x = stream("ranks").exponential(1, n)
    assert estimates.median_prediction(x, n_new)[1:3] == tuple(np.sort(x)[[*map(int, found[1:3])]])
    return int(found.low), int(found.high)


def median_coverage(low, high, n, n_new):
    """How often the median of n_new new draws of a skewed law falls between two of n old ones."""
    old = np.sort(stream("old medians", n, n_new).exponential(1, (TRIALS, n)), axis=1)
    new = np.median(stream("new medians", n, n_new).exponential(1, (TRIALS, n_new)), axis=1)
    return np.mean((old[:, low] <= new) & (new <= old[:, high]))


@pytest.mark.parametrize("n, n_new", [(60, 50), (60, 49), (60, 51), (40, 1), (200, 7)])
def test_a_predicted_median_falls_into_its_interval(n, n_new):
    # 0.95 is the least it may cover, more where order statistics lie far apart
    assert 0.95 - TOLERANCE < median_coverage(*ranks(n, n_new), n, n_new) < 0.99


@pytest.mark.parametrize("probability", [0.01, 0.5, 0.95])
def test_quantile_intervals_cover(probability):
    stream, law = generator(6, "test", "quantile"), stats.halfnorm
    truth, n = law.ppf(probability), 400
    found = [estimates.quantile(np.abs(stream.standard_normal(500)), probability) for _ in range(n)]
    hits = sum(one.low <= truth <= one.high for one in found)
    # exact: at least 95 %; below 0.95 n - 4 standard errors once in 30000
    assert hits >= 0.95 * n - 4 * np.sqrt(0.0475 * n)
    # negative control: the interval does not cover another quantile as often
    other = law.ppf(probability) * 1.5 + 0.1
    assert sum(one.low <= other <= one.high for one in found) < 0.9 * n
    assert np.isnan(estimates.quantile(np.arange(50), 0.01).low)  # too few for a lower limit


@pytest.mark.parametrize("n_new", [49, 50])
def test_a_median_predicted_by_the_interval_of_our_own_would_be_too_narrow(n_new):
    ours = estimates.quantile(np.arange(60), 0.5)
    assert median_coverage(int(ours.low), int(ours.high), 60, n_new) < 0.95 - TOLERANCE


def test_a_predicted_median_has_little_to_spare():
    low, high = ranks(60, 49)
    assert median_coverage(low + 2, high - 2, 60, 49) < 0.95 - TOLERANCE


def below_order_statistic(n, n_new, k, j):
    """P(k-th of the new draws < j-th of ours), counting the orders of n + n_new equal draws.

    The k-th new one has i < j of ours below it: choose where they stand before and after it.
    """
    ways = [math.comb(i + k - 1, i) * math.comb(n - i + n_new - k, n - i) for i in range(j)]
    return sum(ways) / math.comb(n + n_new, n)


@pytest.mark.parametrize("n, n_new, confidence", [(60, 50, 0.95), (60, 49, 0.95), (25, 8, 0.8)])
def test_the_order_statistics_that_predict_a_median_are_the_innermost_that_may(
    n, n_new, confidence
):
    found = estimates.median_prediction(np.arange(1, n + 1), n_new, confidence)
    low, high, tail = int(found.low), int(found.high), (1 - confidence) / 2
    lower, upper = (n_new + 1) // 2, n_new // 2 + 1
    assert below_order_statistic(n, n_new, lower, low) <= tail
    assert below_order_statistic(n, n_new, lower, low + 1) > tail
    assert 1 - below_order_statistic(n, n_new, upper, high) <= tail
    assert 1 - below_order_statistic(n, n_new, upper, high - 1) > tail
    assert low + high == n + 1
    assert found.value == (n + 1) / 2


def test_one_new_draw_falls_between_our_ends_unless_they_are_too_few():
    # below all of n with probability 1 / (n + 1): 1 / 41 is less than 0.025, 1 / 39 is not
    enough, few = np.arange(40), np.arange(38)
    assert estimates.median_prediction(enough, 1)[1:3] == (0, 39)
    found = estimates.median_prediction(few, 1)
    assert np.isnan([found.low, found.high]).all()
    assert (found.value, found.n) == (18.5, 38)


def test_a_predicted_median_takes_its_sample_in_any_order():
    x = stream("order").normal(0, 1, 60)
    assert estimates.median_prediction(x, 50) == estimates.median_prediction(np.sort(x), 50)


def test_a_stricter_predicted_median_is_wider():
    x = stream("strict").normal(0, 1, 60)
    inner, outer = (estimates.median_prediction(x, 50, level) for level in (0.8, 0.99))
    assert outer.low < inner.low < inner.value < inner.high < outer.high
    assert inner.value == outer.value == np.median(x)


def test_the_median_of_nothing_is_unknown():
    found = estimates.median_prediction([], 50)
    assert found.n == 0
    assert np.isnan([found.value, found.low, found.high]).all()
