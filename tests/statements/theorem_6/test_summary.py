"""Theorem 6's summary: one row per column scale and d."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from fragility.statements.theorem_6.summary import is_flipped, needed, summary

N = 99


def rows(d, scale, **columns):
    """Matrices with 2 |R_dd| = 0.1, 0.2, ..., 9.9 and distances 0.02, ..., 1.98 times sqrt(d)."""
    size = np.arange(1, N + 1) / 10
    table = {
        "d": d, "scale": scale, "predicted_perturbation": size, "observed_smallest": size / 2,
        "observed_largest": size / 2, "flipped": 1.0, "output_error": 1e-14,
        "observed_distance": size / 5 * np.sqrt(d), "column_alone": np.arange(N) < 33,
        "predicted_alpha_pairs": 0.1, "predicted_alpha_differences": 0.2,
        "predicted_alpha_weights": 0.3,
    }  # fmt: skip
    return pd.DataFrame(table | columns)


@pytest.fixture(scope="module")
def table():
    parts = [rows(4, 5), rows(16, 1), rows(4, 1, flipped=[0.5] + [1.0] * (N - 1))]
    return summary(pd.concat(parts, ignore_index=True))


def test_a_row_is_a_scale_and_a_dimension_in_order(table):
    assert table[["scale", "d", "n"]].to_numpy().tolist() == [[1, 4, N], [1, 16, N], [5, 4, N]]


def test_quantiles_are_those_of_the_perturbation_and_of_the_distance(table):
    # 0.95 of the way through 99 values: 94.1 of them
    assert table["quantile"].tolist() == pytest.approx([9.41] * 3)
    assert table["distance"].tolist() == pytest.approx([1.0] * 3)  # the median alpha
    assert table["alpha"].tolist() == pytest.approx([0.02 * 1.98] * 3)
    assert (table["quantile_low"] < 9.41).all()
    assert table["alpha_low"].isna().all()  # a hundredth of 99 has no lower limit


def test_shares_are_counts_with_exact_intervals(table):
    assert table["flipped"].tolist() == pytest.approx([98 / 99, 1, 1])
    assert table["flipped_low"][1] == pytest.approx(0.025 ** (1 / 99))
    # sizes of 2, 4 and 6 themselves count
    assert table.loc[0, ["within_2", "within_4", "within_6"]].tolist() == pytest.approx(
        [20 / 99, 40 / 99, 60 / 99]
    )
    assert stats.binom.sf(19, N, table["within_2_low"][0]) == pytest.approx(0.025, rel=1e-6)
    assert table["column_alone"].tolist() == pytest.approx([1 / 3] * 3)


def test_proved_alphas_are_the_check_s_own(table):
    names = [f"predicted_alpha_{name}" for name in ("pairs", "differences", "weights")]
    assert table.loc[0, names].tolist() == [0.1, 0.2, 0.3]


def test_a_matrix_is_flipped_at_every_point_and_to_the_outputs_of_the_proof():
    part = pd.DataFrame({"flipped": [1, 1, 0.99, 1], "output_error": [1e-6, 1.1e-6, 1e-14, 1e-14]})
    assert is_flipped(part).tolist() == [True, False, False, True]


def test_what_is_needed_is_a_median_between_the_extremes_of_all_points():
    part = pd.DataFrame(
        {
            "predicted_perturbation": [2.0, 4.0, 8.0],
            "observed_smallest": [0.9, 2.2, 4.0],
            "observed_largest": [1.0, 2.4, 8.0],
        }
    )
    assert needed(part)[:4] == pytest.approx((1.0, 0.9, 2.0, 3))
