"""Resampling what was drawn independently: coverage by simulation, statistics by hand."""

import numpy as np
import pytest
from scipy import stats

from fragility.paper import estimates, resampling
from fragility.runtime.seeds import generator


def stream(*key):
    return generator(8, "test", "statistics", *key)


def coverage(intervals, truth):
    return np.mean([low <= truth <= high for low, high in intervals])


# --- pairs of units ---

UNITS, DYADIC_TRIALS = 20, 600
DYADIC_TOLERANCE = 5 * np.sqrt(0.95 * 0.05 / DYADIC_TRIALS)  # five standard errors: 0.044
ORDERED = np.array([(i, j) for i in range(UNITS) for j in range(UNITS) if i != j])


def dyadic(effects, *key):
    """For each trial a number for every ordered pair: effects of its two units, and noise; mean 3.

    The effects of the first and of the second place have sizes of their own.
    """
    first, second = (
        size * stream("dyadic", place, *key).normal(0, 1, (DYADIC_TRIALS, UNITS))
        for place, size in enumerate(effects)
    )
    noise = stream("dyadic noise", *key).normal(0, 1, (DYADIC_TRIALS, len(ORDERED)))
    return 3 + first[:, ORDERED[:, 0]] + second[:, ORDERED[:, 1]] + noise


def pair_intervals(tables):
    return [
        resampling.of_pairs(
            resampling.weighted_mean(y), ORDERED, stream("draws", k), resamples=300
        )[1:3]
        for k, y in enumerate(tables)
    ]


@pytest.mark.parametrize("effects", [(1, 1), (2, 0)], ids=["both places", "the first alone"])
def test_the_interval_over_pairs_covers_where_units_differ(effects):
    tables = dyadic(effects, *effects)
    covered = coverage(pair_intervals(tables), 3)
    assert abs(covered - 0.95) < DYADIC_TOLERANCE
    # negative control: pairs taken for independent observations
    naive = coverage([estimates.mean(y)[1:3] for y in tables], 3)
    assert naive < 0.5


def test_the_interval_over_pairs_that_share_nothing_is_wider_than_need_be():
    """Resampling units counts a pair's own noise three times."""
    tables = dyadic((0, 0), "none")
    found = pair_intervals(tables)
    assert coverage(found, 3) > 0.95
    widths = [high - low for low, high in found]
    expected = 2 * stats.t.ppf(0.975, UNITS - 1) * np.sqrt(3 / len(ORDERED))
    assert np.mean(widths) == pytest.approx(expected, rel=0.1)


def test_the_interval_over_pairs_is_that_of_every_draw_of_three_units():
    """27 equally likely draws; those of one unit alone have no pair."""
    pairs = np.array([(0, 1), (1, 2), (2, 0), (2, 1)])
    y = np.array([1.0, 10.0, 100.0, 1000.0])
    law = {}
    for draw in np.ndindex(3, 3, 3):
        counts = np.bincount(draw, minlength=3)
        weights = counts[pairs[:, 0]] * counts[pairs[:, 1]]
        if weights.any():
            mean = float(weights @ y / weights.sum())
            law[mean] = law.get(mean, 0) + 1 / 24
    # draws: 0 and 1 alone (6 of 24), 0 and 2 (6), 1 and 2 (6), all three (6)
    assert law == pytest.approx({1.0: 0.25, 100.0: 0.25, 505.0: 0.25, 277.75: 0.25})
    found = resampling.of_pairs(resampling.weighted_mean(y), pairs, stream("three"))
    assert found[:4] == (277.75, 1.0, 505.0, 3)
    # 0.4 with 2 degrees of freedom: 0.617 sqrt(3/2) off, the quantiles 0.225 and 0.775 (without
    # the root 0.27 and 0.73, and 100 to 277.75); at 0.3, 0.30 and 0.70
    for confidence, limits in ((0.4, (1.0, 505.0)), (0.3, (100.0, 277.75))):
        found = resampling.of_pairs(
            resampling.weighted_mean(y), pairs, stream("three"), confidence, 20_000
        )
        assert found[1:3] == limits


def test_a_pair_counts_as_often_as_both_its_units_together():
    """Sums tell: with every draw the rows are d_i d_j of each pair, and d adds up to the units."""
    pairs = np.array([("a", "b"), ("b", "c"), ("c", "a")])
    drawn = []

    def counted(weights):
        drawn.extend(weights)
        return np.zeros(len(weights))

    resampling.of_pairs(counted, pairs, stream("counted"), resamples=400)
    products = {
        (a * b, b * c, c * a)
        for a in range(4) for b in range(4) for c in range(4) if a + b + c == 3
    }  # fmt: skip
    assert {tuple(map(int, counts)) for counts in drawn} == products
    assert drawn[0].tolist() == [1, 1, 1]  # the estimate itself is of every pair once


def test_the_interval_over_pairs_narrows_with_its_confidence_and_repeats_with_its_stream():
    y = dyadic((1, 1), 1, 1)[0]
    wide, again, narrow = (
        resampling.of_pairs(resampling.weighted_mean(y), ORDERED, stream("same"), level)
        for level in (0.95, 0.95, 0.5)
    )
    assert wide == again
    assert wide.low < narrow.low < wide.value < narrow.high < wide.high
    assert wide.value == pytest.approx(y.mean())
    assert wide.n == UNITS
    assert np.isnan(wide.standard_deviation)


def test_over_no_pairs_nothing_is_known():
    found = resampling.of_pairs(lambda weights: weights, np.empty((0, 2)), stream("nothing"))
    assert found.n == 0
    assert np.isnan([found.value, found.low, found.high]).all()


@pytest.mark.filterwarnings("error")
def test_a_statistic_that_is_never_known_over_pairs_has_no_interval():
    never = resampling.weighted_mean(np.array([np.nan, np.nan]))
    found = resampling.of_pairs(never, np.array([(0, 1), (1, 0)]), stream("never"))
    assert np.isnan([found.value, found.low, found.high]).all()
    assert found.n == 2


# --- networks measured at the same images ---

NETWORKS, IMAGES, CROSSED_TRIALS = 8, 40, 500
CROSSED_TOLERANCE = 5 * np.sqrt(0.95 * 0.05 / CROSSED_TRIALS)  # five standard errors: 0.049


def crossed(of_network, of_image, *key):
    """For each trial a number for every network and image: effects of both, and noise; mean 3."""
    networks = of_network * stream("networks", *key).normal(0, 1, (CROSSED_TRIALS, NETWORKS, 1))
    images = of_image * stream("images", *key).normal(0, 1, (CROSSED_TRIALS, 1, IMAGES))
    noise = stream("crossed noise", *key).normal(0, 1, (CROSSED_TRIALS, NETWORKS, IMAGES))
    return 3 + networks + images + noise


def crossed_interval(y, key, statistic=resampling.weighted_mean):
    items = [np.arange(len(values)) for values in y]
    found = resampling.of_crossed(
        [statistic(values) for values in y], items, stream("crossed", key), resamples=300
    )
    return found[1:3]


@pytest.mark.parametrize("effects", [(1, 0), (0, 1), (1, 1)], ids=["networks", "images", "both"])
def test_the_interval_over_networks_covers_where_either_differs(effects):
    tables = crossed(*effects, *effects)
    found = [crossed_interval(y, k) for k, y in enumerate(tables)]
    assert coverage(found, 3) > 0.95 - CROSSED_TOLERANCE
    # negative controls: all values taken for independent; the first network alone
    assert coverage([estimates.mean(y.ravel())[1:3] for y in tables], 3) < 0.85
    if effects[0]:
        assert coverage([estimates.mean(y[0])[1:3] for y in tables], 3) < 0.5
    # and it is no wider than need be: Student's interval from the networks alone
    if not effects[1]:
        exact = [estimates.mean(y.mean(axis=1))[1:3] for y in tables]
        width, wanted = (np.mean([high - low for low, high in each]) for each in (found, exact))
        assert 0.9 < width / wanted < 1.3


def test_the_interval_over_networks_without_any_effects_is_wider_than_need_be():
    found = [crossed_interval(y, k) for k, y in enumerate(crossed(0, 0, "none"))]
    assert coverage(found, 3) > 0.97


def test_a_correlation_within_networks_is_covered_though_networks_differ():
    """Networks differ in level, not in slope: pooled over networks, the correlation is another."""
    shape = (CROSSED_TRIALS, NETWORKS, IMAGES)
    x, noise = (stream(key).normal(0, 1, shape) for key in ("x", "y"))
    level = 2 * stream("levels").normal(0, 1, (CROSSED_TRIALS, NETWORKS, 1))
    y = 0.8 * x + 0.6 * noise
    found, pooled = [], []
    for k in range(CROSSED_TRIALS):
        statistics = [
            resampling.weighted_correlation(*pair)
            for pair in zip(x[k], y[k] + level[k], strict=True)
        ]
        items = [np.arange(IMAGES)] * NETWORKS
        one = resampling.of_crossed(statistics, items, stream("r", k), resamples=300)
        found.append(one[1:3])
        pooled.append(np.corrcoef(x[k].ravel(), (y[k] + level[k]).ravel())[0, 1])
    assert coverage(found, 0.8) > 0.95 - CROSSED_TOLERANCE
    assert np.mean(pooled) < 0.45


def test_the_mean_over_networks_is_of_each_network_s_own_number():
    items = [np.array([7, 3]), np.array([3, 5, 9]), np.array([7])]
    values = [np.array([1.0, 3]), np.array([4.0, 4, 7]), np.array([12.0])]
    found = resampling.of_crossed(
        [resampling.weighted_mean(each) for each in values], items, stream("own")
    )
    assert found.value == pytest.approx((2 + 5 + 12) / 3)  # not the mean of all six
    assert found.n == 3  # networks: fewer than the four images
    assert found.low < found.value < found.high


def test_an_image_counts_alike_in_every_network_of_a_resample():
    """Two networks with the same values: their numbers agree in every resample."""
    seen = {}

    def spying(name):
        def statistic(weights):
            seen[name] = weights
            return np.zeros(len(weights))

        return statistic

    items = [np.array([4, 8, 6]), np.array([8, 4])]
    resampling.of_crossed([spying("a"), spying("b")], items, stream("alike"), resamples=50)
    assert (seen["a"][:, [1, 0]] == seen["b"]).all()
    assert seen["a"][0].tolist() == [1, 1, 1]
    assert (seen["a"].sum(axis=1) == 3).all() and np.ptp(seen["a"][1:], axis=0).min() > 0


def test_a_network_whose_number_is_unknown_is_left_out():
    values = [np.array([1.0, 2]), np.array([np.nan, np.nan]), np.array([5.0, 6])]
    found = resampling.of_crossed(
        [resampling.weighted_mean(each) for each in values], [np.arange(2)] * 3, stream("unknown")
    )
    assert (found.value, found.n) == (3.5, 2)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("n_networks, n_images", [(1, 5), (5, 1), (0, 0), (2, 0)])
def test_one_network_or_one_image_has_no_interval(n_networks, n_images):
    values = np.arange(n_networks * n_images, dtype=float).reshape(n_networks, n_images)
    items = [np.arange(n_images)] * n_networks
    statistics = [resampling.weighted_mean(each) for each in values]
    found = resampling.of_crossed(statistics, items, stream("one"))
    assert np.isnan([found.low, found.high]).all()
    assert np.isnan(found.value) == (n_images == 0)


# --- predictions for a new network ---


def new_means(of_network, n_new, *key):
    """For each trial values of NETWORKS networks, and the mean of n_new images of another one."""
    shape = (CROSSED_TRIALS, NETWORKS + 1, IMAGES)
    effects = of_network * stream("new networks", *key).normal(0, 1, (*shape[:2], 1))
    y = 3 + effects + stream("new noise", *key).exponential(1, shape)  # skewed, as lengths are
    return y[:, :NETWORKS], y[:, -1, :n_new].mean(axis=1)


@pytest.mark.parametrize("of_network", [0, 0.5, 2])
def test_the_mean_of_five_images_of_a_new_network_falls_into_its_prediction(of_network):
    ours, new = new_means(of_network, 5, of_network)
    found = [resampling.predicted_mean(y, 5, stream("predicted", k)) for k, y in enumerate(ours)]
    hits = np.mean([one.low <= mean <= one.high for one, mean in zip(found, new, strict=True)])
    assert abs(hits - 0.95) < CROSSED_TOLERANCE
    assert found[0].value == pytest.approx(ours[0].mean())
    assert found[0].n == NETWORKS
    if of_network == 2:  # negative control: values of all networks taken for independent
        naive = [estimates.mean_prediction(estimates.mean(y.ravel()), 5, 0.95) for y in ours]
        inside = [low <= mean <= high for (low, high), mean in zip(naive, new, strict=True)]
        assert np.mean(inside) < 0.95 - CROSSED_TOLERANCE


def test_a_prediction_narrows_with_the_images_it_is_of_down_to_the_networks():
    ours, _ = new_means(0.25, 5, "narrows")
    widths = [
        np.ptp(resampling.predicted_mean(ours[0], n, stream("widths"))[1:3]) for n in (1, 5, 500)
    ]
    assert widths[0] > 1.3 * widths[1] > 1.3 * widths[2]
    means = ours[0].mean(axis=1)
    exact = 2 * stats.t.ppf(0.975, NETWORKS - 1) * means.std(ddof=1) * np.sqrt(1 + 1 / NETWORKS)
    assert widths[2] == pytest.approx(exact, rel=0.15)


def test_networks_without_values_are_left_out_of_a_prediction_and_one_predicts_nothing():
    samples = [np.array([1.0, 3]), np.array([]), np.array([5.0, 6, 7])]
    found = resampling.predicted_mean(samples, 5, stream("few"))
    assert (found.value, found.n) == (4, 2)
    for few in ([samples[0]], [], [samples[1]]):
        found = resampling.predicted_mean(few, 5, stream("few"))
        assert (
            np.isnan([found.low, found.high]).all() and found.n == len(few[0] if few else []) // 2
        )


# --- statistics of counts ---


def of_repeats(statistic, values, counts):
    """The statistic of values repeated as often as counts say."""
    return statistic(*(np.repeat(each, counts) for each in values))


STATISTICS = {
    "mean": (resampling.weighted_mean, lambda x: x.mean(), 1),
    "median": (resampling.weighted_median, np.median, 1),
    "ratio": (resampling.weighted_ratio, lambda x, y: x.mean() / y.mean(), 2),
    "slope": (resampling.weighted_slope, lambda x, y: np.polyfit(x, y, 1)[0], 2),
    "correlation": (resampling.weighted_correlation, lambda x, y: np.corrcoef(x, y)[0, 1], 2),
}


@pytest.mark.parametrize("name", STATISTICS)
def test_statistics_of_counts_are_those_of_repeated_rows(name):
    weighted, plain, n_values = STATISTICS[name]
    values = stream("values", name).normal(1000, 1, (n_values, 9))
    counts = stream("counts", name).multinomial(9, np.full(9, 1 / 9), 40)
    found = weighted(*values)(counts.astype(float))
    expected = [of_repeats(plain, values, each) for each in counts]
    assert found == pytest.approx(expected, rel=1e-6)
    assert np.isnan(weighted(*values)(np.zeros((1, 9)))).all()


@pytest.mark.filterwarnings("error")
def test_of_what_does_not_vary_there_is_no_slope_and_no_correlation():
    flat, other, weights = np.full(5, 0.1), np.arange(5.0), np.ones((1, 5))
    assert np.isnan(resampling.weighted_slope(flat, other)(weights)).all()
    assert resampling.weighted_slope(other, flat)(weights) == pytest.approx(0)
    for x, y in ((flat, other), (other, flat)):
        assert np.isnan(resampling.weighted_correlation(x, y)(weights)).all()
    for weighted, _, n_values in STATISTICS.values():
        assert np.isnan(weighted(*np.empty((n_values, 0)))(np.ones((2, 0)))).all()
