"""Theorem 5's summary: one row per kind of network, number of classes and d."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from fragility.statements.theorem_5.summary import mean_share, share, summary


def rows(kind, classes, d, **columns):
    """Four networks of six pairs."""
    table = {
        "kind": kind, "classes": classes, "d": d, "pairs": 6, "beyond": [6, 6, 6, 5],
        "short": [0, 2, 0, 0], "error": [1e-16, 3e-16, 2e-16, 0],
        "predicted_distance": [1.0, 2.0, 3.0, 4.0], "predicted_bound": 5.0,
        "ratio_mean": [0.2, 0.4, 0.4, 0.6], "correct": [4, 4, 2, 0], "reached": [4, 2, 0, 0],
        "nearest": [1, 1, 0, 0], "nearest_reached": [1, 0, 0, 0],
    }  # fmt: skip
    return pd.DataFrame(table | columns)


@pytest.fixture(scope="module")
def table():
    parts = [
        rows("trained", 3, 8),
        rows("random", 10, 8),
        rows("random", 3, 32),
        rows("random", 3, 8),
    ]
    return summary(pd.concat(parts, ignore_index=True))


def test_a_row_is_a_kind_a_number_of_classes_and_a_dimension_in_order(table):
    assert table[["kind", "classes", "d"]].to_numpy().tolist() == [
        ["random", 3, 8], ["random", 3, 32], ["random", 10, 8], ["trained", 3, 8],
    ]  # fmt: skip
    assert table["n"].tolist() == [4] * 4


def test_shares_of_networks_have_exact_intervals(table):
    first = table.iloc[0]
    assert first["beyond"] == 0.75  # all pairs of three networks
    assert first["short"] == 0.25  # any pair of one
    assert 1 - stats.binom.cdf(2, 4, first["beyond_low"]) == pytest.approx(0.025, rel=1e-6)
    assert first["short_low"] < 0.25 < first["short_high"]
    assert first["error"] == 3e-16


def test_means_are_over_networks_with_student_s_interval(table):
    first = table.iloc[0]
    assert (first["distance"], first["bound"], first["ratio"]) == pytest.approx((2.5, 5, 0.4))
    half = stats.t.ppf(0.975, 3) * np.sqrt(5 / 3) / 2  # deviations -1.5, -0.5, 0.5, 1.5
    assert first["distance_low"] == pytest.approx(2.5 - half)
    assert first["distance_high"] == pytest.approx(2.5 + half)
    assert (first["bound_low"], first["bound_high"]) == (5, 5)


def test_labels_are_shares_of_correct_points_averaged_over_networks(table):
    assert table["reached"][0] == pytest.approx(0.5)  # 1, 1/2 and 0; the fourth has none
    assert table["nearest_reached"][0] == pytest.approx(0.5)  # 1 and 0
    assert (table["reached_low"][0], table["reached_high"][0]) == (0, 1)


def test_a_network_without_anything_to_count_among_has_no_share():
    assert share(rows("random", 3, 8), "reached", "correct").tolist() == [1, 0.5, 0]
    estimate = mean_share(rows("random", 3, 8, correct=0), "reached", "correct")
    assert np.isnan(estimate.value)
    assert estimate.n == 0
