"""Theorem 1's summary: quantiles, shares and the laws that they are compared with."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from fragility.statements.theorem_1.closed_form import smallest_exceeds
from fragility.statements.theorem_1.summary import distance_share, share, summary

N = 100
ORDER = np.arange(1, N + 1)


def rows(d, scale=1.0, **columns):
    """N trials whose sizes are 0.01, 0.02, ..., 1 times a factor, out of order."""
    size = np.random.default_rng(d).permutation(ORDER) / N * scale
    table = {
        "entries": "normal",
        "d": d,
        "predicted_radius_median": 7.0,
        "predicted_smallest_median": 3.0,
        "predicted_target": 0.25,
        "observed_perturbation": 4 * size,
        "hits_target": np.arange(N) < 30,
        "last_direction_flips": np.arange(N) < 90,
        "observed_smallest": size,
        "observed_smallest_all": size / 2,
        "observed_radius": 2.0,
        "observed_distance": size * np.sqrt(2 * d),
    }
    return pd.DataFrame(table | columns)


@pytest.fixture(scope="module")
def table():
    sixteen = rows(16, observed_radius=ORDER / 10)
    return summary(pd.concat([sixteen, rows(3, scale=2.0)], ignore_index=True))


def test_a_row_is_a_dimension_in_ascending_order(table):
    assert table["d"].tolist() == [3, 16]
    assert table["trials"].tolist() == [N, N]


def test_only_the_theorem_s_own_entries_count(table):
    other = rows(3, entries="uniform", observed_smallest=9.0)
    parts = [rows(3, scale=2.0), rows(16, observed_radius=ORDER / 10), other]
    pd.testing.assert_frame_equal(summary(pd.concat(parts, ignore_index=True)), table)


def test_medians_and_quantiles_are_those_of_a_dimension_s_own_trials(table):
    assert table["smallest_median"].tolist() == pytest.approx([1.01, 0.505])
    assert table["smallest_all_median"].tolist() == pytest.approx([0.505, 0.2525])
    assert table["radius_median"].tolist() == pytest.approx([2, 5.05])
    assert table["ratio_median"][0] == pytest.approx(0.505)
    # 0.95 of the way through 100 values: between the 95th and the 96th, at 95.05
    assert table["perturbation_quantile"].tolist() == pytest.approx([8 * 0.9505, 4 * 0.9505])


def test_the_interval_of_a_median_lies_between_two_order_statistics(table):
    # at most 40 of 100 observations lie below the median with probability 0.028, 39 with 0.018
    assert table["smallest_median_low"][1] == pytest.approx(0.40)
    assert table["smallest_median_high"][1] == pytest.approx(0.61)


def test_shares_are_counts_with_exact_intervals(table):
    assert table["target"].tolist() == [0.3, 0.3]
    assert table["last_direction"].tolist() == [0.9, 0.9]
    # sizes of at most 2 and of at most 1/2 themselves count
    assert table["perturbation_at_most_2"].tolist() == [0.25, 0.5]
    assert table["smallest_at_most_half"].tolist() == [0.25, 0.5]
    low, high = table[["target_low", "target_high"]].loc[1]
    # Clopper-Pearson by its definition: each limit leaves 2.5 % beyond what was seen
    assert stats.binom.sf(29, N, low) == pytest.approx(0.025, rel=1e-6)
    assert stats.binom.cdf(30, N, high) == pytest.approx(0.025, rel=1e-6)


def test_distances_are_shares_of_the_claimed_length_for_each_epsilon(table):
    assert table["distance_median"].tolist() == pytest.approx([1.01, 0.505])
    # d = 16: sizes 0.01 ... 1.00; at least 1, 0.9, 0.8, 0.7
    assert table.loc[1, [f"distance_{k}" for k in range(4)]].tolist() == pytest.approx(
        [0.01, 0.11, 0.21, 0.31]
    )


def test_predictions_are_the_laws(table):
    # ||e||^2 / 2 is chi-square with two degrees, P(||e|| <= C) = 1 - exp(-C^2 / 4)
    assert table["perturbation_at_most_2_predicted"].tolist() == pytest.approx([1 - np.exp(-1)] * 2)
    assert table["perturbation_quantile_predicted"].tolist() == pytest.approx(
        [2 * np.sqrt(np.log(20))] * 2
    )
    assert table["radius_median_predicted"].tolist() == [7, 7]
    assert table["smallest_median_predicted"].tolist() == [3, 3]
    assert table["target_predicted"].tolist() == [0.25, 0.25]
    for row in table.itertuples():
        assert row.smallest_at_most_half_predicted == pytest.approx(
            1 - smallest_exceeds(0.5, row.d)
        )
    expected = 16 * 15 / 2 * stats.chi2.cdf(16 * 0.49, 16)  # pairs closer than 0.7 sqrt(2d)
    assert table["distance_3_predicted"][1] == pytest.approx(np.exp(-expected))
    assert table["distance_3_guaranteed"][1] == pytest.approx(1 - min(expected, 1))


def test_a_distance_of_the_claimed_length_itself_counts():
    part = pd.DataFrame({"d": [8, 8, 8, 8], "observed_distance": [2.0, 4.0, 3.99, 8.0]})
    assert distance_share(part, 0).value == 0.5
    assert distance_share(part, 0.5).value == 1
    assert share(part["observed_distance"] > 5).value == 0.25
