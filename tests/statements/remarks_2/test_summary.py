"""The summary of Remarks 2: medians over trials, mean shares of directions."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from fragility.statements.remarks_2.summary import finite, summary

SIZES = ("network_average", "network_worst", "optimal_average", "optimal_worst")


def rows(d, factor=1.0, **columns):
    """Nine trials with sizes 1, 2, ..., 9 times a factor, and four shares of directions."""
    table = {"d": d} | {f"observed_{name}": np.arange(1, 10) * factor for name in SIZES}
    table |= {f"predicted_{name}": float(k) for k, name in enumerate(SIZES)}
    table |= {"network_above": [0.25, 0.5, 0.75] * 3, "optimal_above": 0.5}
    table |= {"network_never": 0.125, "optimal_never": [0, 0, 0.375] * 3}
    return pd.DataFrame(table | columns)


@pytest.fixture(scope="module")
def table():
    return summary(pd.concat([rows(16, 10), rows(8)], ignore_index=True))


def test_a_row_is_a_dimension_in_ascending_order(table):
    assert table[["d", "trials"]].to_numpy().tolist() == [[8, 9], [16, 9]]


def test_sizes_are_medians_with_an_interval_between_order_statistics(table):
    for name in SIZES:
        assert table[name].tolist() == [5, 50]
        # of 9 observations 1 or fewer lie below the median with probability 10/512 < 0.025
        assert table[f"{name}_low"].tolist() == [2, 20]
        assert table[f"{name}_high"].tolist() == [8, 80]


def test_shares_are_means_over_trials_with_student_s_interval(table):
    assert table["network_above"].tolist() == [0.5, 0.5]
    # three each of -1/4, 0, 1/4 about the mean: variance 6/16/8
    half = stats.t.ppf(0.975, 8) * np.sqrt(6 / 16 / 8) / 3
    assert table["network_above_high"].tolist() == pytest.approx([0.5 + half] * 2)
    assert table["network_above_low"].tolist() == pytest.approx([0.5 - half] * 2)
    assert table["optimal_never"].tolist() == [0.125, 0.125]


def test_predictions_are_the_check_s_own_and_one_in_d(table):
    assert table["never_predicted"].tolist() == [1 / 8, 1 / 16]
    assert table["optimal_worst_predicted"].tolist() == [3, 3]


def test_a_trial_without_a_finite_size_is_left_out_of_medians_but_not_of_shares():
    part = rows(8)
    part.loc[[7, 8], ["observed_network_average", "observed_optimal_average"]] = [
        [np.inf, 1],
        [1, np.inf],
    ]
    assert len(finite(part)) == 7
    table = summary(part)
    assert table["network_worst"].tolist() == [4]
    assert table["trials"].tolist() == [9]
    assert table["network_above"].tolist() == [0.5]


def test_a_dimension_whose_trials_never_flip_keeps_its_row_without_sizes():
    table = summary(pd.concat([rows(2, observed_network_average=np.inf), rows(8)]))
    assert table["d"].tolist() == [2, 8]
    assert table["network_worst"].isna().tolist() == [True, False]
    assert table["optimal_never"].tolist() == [0.125, 0.125]
