"""The ReLU experiment's shared numbers by network, with answers known by hand."""

import numpy as np
import pandas as pd
import pytest
from relu_results import attacked, measured
from scipy import stats

from fragility.experiments.relu import summary
from fragility.paper.estimates import mean
from fragility.runtime.seeds import generator

NAN = float("nan")


def stream(*key):
    return generator(5, "test", "tables relu", *key)


def test_the_first_pair_is_that_of_each_network():
    first = summary.first_pair(measured([[[0.1], [0.2]], [[0.3], [0.4]]], [0]))
    assert first[["run", "pair", "rho"]].to_numpy().tolist() == [[0, 0, 0.1], [1, 0, 0.3]]


def test_by_network_averages_all_pairs_and_alphas():
    rho = [[[0.1, 0.2], [0.3, 0.4]], [[0.5, NAN], [0.6, 0.7]]]
    networks = summary.by_network(measured(rho, [0, 1], phi=[0.2, 0.8]))
    assert networks["run"].tolist() == [0, 1]
    assert networks["phi"].tolist() == [0.2, 0.8]
    assert networks["rho"].tolist() == pytest.approx([0.25, 0.6])


def test_networks_are_compared_on_the_matrices_that_both_have():
    one = measured([[[0.1, 0.3]], [[0.5, 0.5]], [[0.6, 0.6]]], [0, 1])
    other = measured([[[0.7, 0.7]], [[0.9, NAN]], [[NAN, NAN]]], [0, 1]).replace({"run": {0: 9}})
    gaps = summary.same_matrices(one, other)  # run 0 only in one, 9 only in other, 2 without rho
    assert gaps.to_dict() == {1: pytest.approx(0.4)}


@pytest.mark.parametrize("d, expected", [(1, 1), (2, 2 / np.pi), (3, 1 / 2), (4, 4 / (3 * np.pi))])
def test_the_mean_cosine_of_a_random_direction(d, expected):
    assert summary.random_mean_cos(d) == pytest.approx(expected)


def test_deviations_are_from_the_network_s_own_mean():
    rho = [[[0.1, 0.2], [0.1, 0.4]], [[0.6, 0.6], [0.8, 0.8]]]
    table = summary.deviations(measured(rho, [0, 1]))
    assert table.to_numpy() == pytest.approx(np.array([[-0.1, 0.1], [0, 0]]))
    assert (table.index.tolist(), table.columns.tolist()) == ([0, 1], [0, 1])


def test_a_pair_without_rho_leaves_its_network_the_others():
    table = summary.deviations(measured([[[0.1, NAN], [0.3, 0.4]]], [0, 1]))
    assert table.to_numpy() == pytest.approx(np.array([[-0.1, 0.1]]))


def test_flatness_by_hand():
    # deviations -0.1, 0.1 and -0.2, 0.2: means -0.15, 0.15, spread 0.1 / sqrt(2)
    flat, p = summary.flatness(measured([[[0.1, 0.3]], [[0.2, 0.6]]], [0, 1]))
    half = np.tan(np.pi * (0.9875 - 0.5)) * 0.1 / np.sqrt(2) / np.sqrt(2)  # t of 1: Cauchy
    assert flat[:4] == pytest.approx((0.15, 0, 0.15 + half, 2))
    assert np.isnan(p)  # Friedman's test needs three


def test_friedman_s_p_value_by_hand():
    # ten networks of one order over three alphas: chi-square 10 * 2 with 2 degrees, p = e^-10
    rho = 0.3 + 0.1 * stream("order").random((10, 1, 1)) + np.array([[[0.0, 0.02, 0.05]]])
    flat, p = summary.flatness(measured(rho, [0, 0.5, 1]))
    assert p == pytest.approx(np.exp(-10))
    assert flat[:3] == pytest.approx((0.05 - 0.07 / 3,) * 3)  # all deviate alike


ALPHAS = np.linspace(0, 1, 5)


def noisy(key, trend=0.0, networks=30):
    """Networks of their own means, two pairs of noise 0.02 each, and a trend over alpha."""
    draws = stream("noisy", key)
    own = draws.normal(0.3, 0.1, (networks, 1, 1))
    noise = draws.normal(0, 0.02, (networks, 2, len(ALPHAS)))
    return measured(own + noise + trend * (ALPHAS - 0.5), ALPHAS)


def test_a_planted_trend_is_found():
    flat, p = summary.flatness(noisy("planted", trend=0.1))
    assert p < 1e-6
    assert flat.low < 0.05 < flat.high  # half the trend, at either end
    assert flat.low > 0.03
    assert flat.n == 30


def test_without_a_trend_none_is_found():
    flat, p = summary.flatness(noisy("flat"))
    assert p > 0.01
    assert flat.low == 0 < flat.value < flat.high < 0.02


def test_the_limits_of_the_deviation_hold_for_all_alphas_together():
    trials = 150
    found = [noisy(i) for i in range(trials)]
    ours = sum(summary.flatness(measures)[0].low > 0 for measures in found)
    assert stats.binomtest(ours, trials, 0.05, alternative="greater").pvalue > 1e-3

    def one_by_one(measures):  # twin: five intervals, each at 95 %
        table = summary.deviations(measures)
        each = [mean(table[alpha]) for alpha in table]
        return any(e.low > 0 or e.high < 0 for e in each)

    wrong = sum(map(one_by_one, found))
    assert stats.binomtest(wrong, trials, 0.05, alternative="greater").pvalue < 1e-3


def test_one_network_has_no_deviation_to_speak_of():
    flat, p = summary.flatness(measured([[[0.1, 0.2, 0.3]]], [0, 0.5, 1]))
    assert np.isnan([flat.value, flat.low, flat.high, p]).all()
    assert flat.n == 1


def test_it_does_not_matter_at_which_alpha_a_value_is_missing():
    there = noisy("missing", trend=0.1)
    there.loc[(there["run"] == 3) & (there["alpha"] == 1), "rho"] = NAN
    back = there.assign(alpha=1 - there["alpha"])  # the same numbers from the other end
    (one, p_one), (two, p_two) = summary.flatness(there), summary.flatness(back)
    assert one[:3] == pytest.approx(two[:3])
    assert p_one == pytest.approx(p_two)
    assert one.n == two.n == there["run"].nunique() - 1  # the network is left out, and not counted


# --- attacks ---


@pytest.fixture(scope="module")
def attacks():
    return attacked()


def test_attacked_networks_average_their_points_by_input_and_together(attacks):
    table = summary.attacked_networks(attacks).set_index(["input", "run"])
    assert sorted(table.index) == [(i, run) for i in ("b1", "b2", "both") for run in (2, 7)]
    assert table.loc[("b1", 2), ["points", "found"]].tolist() == [2, 2]
    row = table.loc[("b1", 2)]
    assert row[["m", "phi", "class_radius", "point_radius"]].tolist() == [5, 0.2, 5, 5.5]
    assert row[["cos", "delta", "ratio"]].tolist() == pytest.approx([0.375, 1.5, 0.3])
    # relative: 0.2 / 0.25 and 0.4 / 0.5; bracket: 0.5 and 0.9; random: 3 and 4
    assert row[["least_relative", "largest_relative"]].tolist() == pytest.approx([0.8, 0.8])
    assert row[["bracket", "least_bracket", "random"]].tolist() == pytest.approx([0.7, 0.5, 3.5])
    assert table.loc[("b2", 2), "cos"] == pytest.approx(0.15)  # of absolute values
    both = table.loc[("both", 2)]
    assert both[["points", "found"]].tolist() == [4, 4]
    assert both[["cos", "delta", "ratio"]].tolist() == pytest.approx([0.2625, 1.25, 0.25])
    # 0.8, 0.8, 0.1 / 0.1, 0.3 / 0.2
    assert both[["least_relative", "largest_relative"]].tolist() == pytest.approx([0.8, 1.5])


def test_a_perturbation_that_is_not_found_counts_as_a_point_only(attacks):
    table = summary.attacked_networks(attacks).set_index(["input", "run"])
    assert table.loc[("b1", 7), ["points", "found"]].tolist() == [2, 1]
    assert table.loc[("both", 7), ["points", "found"]].tolist() == [4, 3]
    assert table.loc[("b1", 7), "delta"] == 2.0
    assert table.loc[("both", 7), "ratio"] == pytest.approx(0.5)
    assert table.loc[("b1", 7), "cos"] == 0.4


def test_a_network_without_any_perturbation_keeps_its_row(attacks):
    none = attacks.assign(delta=NAN, cos_theta_t=NAN)
    table = summary.attacked_networks(none)
    assert len(table) == 6
    assert (table["found"] == 0).all()
    assert table[["delta", "ratio", "least_relative"]].isna().all(axis=None)
    assert table["m"].notna().all()


def test_random_directions_that_flip_beyond_the_reach_are_not_taken_for_the_others(attacks):
    """Three of four medians lie beyond the reach of 10 m: so does the median of the four."""
    far = attacks[attacks["run"] == 2].assign(random_median=[2.0, NAN, NAN, NAN])
    both = summary.attacked_networks(far).set_index("input").loc["both"]
    assert not both["random"] < 5


def test_a_perturbation_not_found_is_bounded_by_the_other_point_of_its_pair(attacks):
    rows = summary.bounded(attacks)
    assert rows["delta"].tolist() == [1.0, 2.0, 0.5, 1.5, 2.0, 8.0, 1.0, 3.0]
    assert rows.drop(columns="delta").equals(attacks.drop(columns="delta"))


def test_points_have_rho_of_their_own_end_of_the_segment(attacks):
    rho = [[[0.1, 9, 0.2], [0.3, 9, 0.4]], [[0.5, 9, 0.6], [0.7, 9, NAN]]]  # b_2 to b_1
    table = measured(rho, [0, 0.5, 1]).replace({"run": {0: 2, 1: 7}})
    rows = summary.at_points(table, attacks.assign(pair=[0, 1] * 4))
    assert rows["rho"].tolist() == pytest.approx(
        [0.2, 0.4, 0.1, 0.3, 0.6, NAN, 0.5, 0.7], nan_ok=True
    )
    assert rows["robustness"].tolist()[:4] == pytest.approx([1 / 5, 2 / 6, 0.5 / 5, 1.5 / 6])


def test_a_log_prediction_by_hand():
    # logarithms 0 and 2: mean 1, deviation sqrt 2; t of 1 degree at 0.975 is 12.706
    sample = pd.Series([1.0, NAN, np.exp(2)])
    half = 12.7062047 * np.sqrt(2) * np.sqrt(1 + 1 / 2)
    expected = [np.e, np.exp(1 - half), np.exp(1 + half)]
    assert summary.log_prediction(sample)[:3] == pytest.approx(tuple(expected), rel=1e-6)
    assert summary.log_prediction(sample).n == 2


@pytest.mark.parametrize(("sample", "value", "n"), [([], NAN, 0), ([NAN, 3.0], 3.0, 1)])
def test_fewer_than_two_values_predict_nothing(sample, value, n):
    estimate = summary.log_prediction(pd.Series(sample, dtype=float))
    assert (estimate.value, estimate.n) == (pytest.approx(value, nan_ok=True), n)
    assert np.isnan([estimate.low, estimate.high]).all()


def test_a_log_prediction_holds_one_further_value_of_twenty_in_nineteen():
    draws = np.exp(stream("log prediction").normal(-1, 0.7, (1000, 11)))
    inside, plain = 0, 0
    for *ours, new in draws:
        estimate = summary.log_prediction(pd.Series(ours))
        inside += estimate.low <= new <= estimate.high
        own = mean(ours)  # negative control: the interval of the mean
        plain += own.low <= new <= own.high
    assert stats.binomtest(inside, 1000, 0.95).pvalue > 1e-3
    assert stats.binomtest(plain, 1000, 0.95).pvalue < 1e-3
