"""Lemma 3's summary: one row per chain, with p-values adjusted for the number of its tests."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from fragility.statements.lemma_3.summary import mean_p, observed, smallest_p, summary


def chain(name, regime, p, reversed_p=0.5):
    """A chain's two diagonal entries, one above, and three joint statistics, p-values alike."""
    return pd.DataFrame(
        {
            "chain": name, "regime": regime, "draws": 400,
            "statistic": ["R[1,1]", "R[1,2]", "R[2,2]", "ln ‖Rv‖²", "‖R‖²", "ln det R"],
            "kind": ["diagonal", "above", "diagonal", "joint", "joint", "joint"],
            "predicted_mean": [1.0, 5.0, 0.5, 2.0, 9.0, 1.5],
            "observed_mean": [1.0, 9.0, 0.52, 2.0, 99.0, 1.5],
            "standard_error": 0.01, "ks_distance": [0.01, 0.02, 0.03, 0.04, 0.05, 0.06],
            "p_law": p, "p_wrong": [1e-9, 1, 1, 1, 1, 1], "p_reversed": reversed_p,
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def table():
    grows = chain("3-4-6", "grows", [0.1, 0.2, 0.4, 0.2, 0.5, 0.9])
    below = chain("5-2-3", "below n1", 0.3, reversed_p=np.nan)
    return summary(pd.concat([grows, below], ignore_index=True))


def test_a_row_is_a_chain_in_the_order_of_the_settings(table):
    assert table["chain"].tolist() == ["3-4-6", "5-2-3"]
    assert table["regime"].tolist() == ["grows", "below n1"]
    assert table["tests"].tolist() == [6, 6]


def test_the_least_degree_is_that_of_the_narrowest_layer(table):
    # n_{i+1} - n_1 + 1: 4 - 3 + 1, and none left where 2 - 5 + 1 < 1
    assert table["least_degree"].tolist() == [2, -2]


def test_p_values_are_adjusted_for_the_tests_of_their_own_column(table):
    assert table["p_entries"].tolist() == pytest.approx([0.3, 0.9])  # three entries
    assert table["p_joint"].tolist() == pytest.approx([0.6, 0.9])
    assert table["p_wrong"].tolist() == pytest.approx([6e-9, 6e-9])
    assert table["p_reversed"][0] == 1  # 6 times 0.5
    assert np.isnan(table["p_reversed"][1])  # never drawn below n_1
    assert table["ks_distance"].tolist() == [0.06, 0.06]


def test_means_are_compared_for_logarithms_only(table):
    # R[2,2] is two standard errors off; squares, far off, have no normal law. Four logarithms
    assert table["p_means"].tolist() == pytest.approx([4 * 2 * stats.norm.sf(2)] * 2)


def test_the_last_diagonal_entry_is_shown_with_its_interval(table):
    assert table["predicted_last"].tolist() == [0.5, 0.5]
    assert table["observed_last"].tolist() == [0.52, 0.52]
    half = 1.959964 * 0.01
    assert table["observed_last_low"][0] == pytest.approx(0.52 - half)
    assert table["observed_last_high"][0] == pytest.approx(0.52 + half)
    assert table["predicted_square"].tolist() == [2, 2]
    assert table["observed_square_low"][0] < 2 < table["observed_square_high"][0]


@pytest.mark.parametrize(
    ("p", "smallest"),
    [([0.01, 0.5], 0.02), ([0.6, 0.9], 1), ([0.01, np.nan, np.nan], 0.01), ([0.0], 0)],
)
def test_the_smallest_p_counts_the_tests_that_were_made(p, smallest):
    assert smallest_p(pd.Series(p)) == pytest.approx(smallest)


def test_the_smallest_p_of_no_test_is_unknown():
    assert np.isnan(smallest_p(pd.Series([], dtype=float)))
    assert np.isnan(smallest_p(pd.Series([np.nan])))


def test_mean_p_leaves_a_row_for_each_logarithm_that_has_a_closed_form():
    rows = chain("3-4-6", "grows", 0.1)
    assert mean_p(rows).index.tolist() == [0, 2, 3, 5]
    assert mean_p(rows).tolist() == pytest.approx([1, 2 * stats.norm.sf(2), 1, 1])


def test_observed_counts_draws():
    assert observed(chain("3-4-6", "grows", 0.1).iloc[2]).n == 400
