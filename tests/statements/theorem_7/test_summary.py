"""Theorem 7's summary: ratios by d, for Gaussian gradients and networks, then errors by eps."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from fragility.statements.theorem_7.summary import COLUMNS, smallest_p, summary


def gaussian(d):
    """Four trials: d times the ratio onto two gradients is 1, 2, 2, 3."""
    return pd.DataFrame(
        {
            "kind": "gaussian", "d": d, "observed_two": np.array([1, 2, 2, 3]) / d,
            "observed_one": 1 / d, "predicted_cdf_two": [0.2, 0.4, 0.6, 0.8],
            "predicted_cdf_one": [0.9, 0.95, 0.97, 0.99], "predicted_harder": 0.98,
            "observed_harder": [True, True, True, False],
        }
    )  # fmt: skip


def network(index, d, **columns):
    """One network at eps = 0.1 and 0.01; the ratios are the same at every eps."""
    table = {
        "kind": "network", "d": d, "network": index, "eps": [0.1, 0.01], "points": 10,
        "observed_two": (2 + index) / d, "observed_one": 1 / d, "crossed": [5, 1],
        "crossed_one": [4, 1], "log_error_one": [np.log(0.02), np.log(0.002)],
        "error": [0.01, 0.001], "softplus_error": [1e-4, 1e-6], "kinks_1": [0.75, 0.125],
    }  # fmt: skip
    return pd.DataFrame(table | columns)


@pytest.fixture(scope="module")
def table():
    deep = network(2, 8, kinks_2=[0.5, 0.25], error=[0.04, 0.003], crossed=[10, 0],
                   crossed_one=[1, 0], log_error_one=[np.log(0.64), np.nan])  # fmt: skip
    parts = [gaussian(64), gaussian(16), network(0, 16), network(1, 8), deep]
    return summary(pd.concat(parts, ignore_index=True))


def test_rows_are_gaussian_by_d_then_networks_by_d_then_networks_by_eps(table):
    assert table["model"].tolist() == ["Gaussian gradients"] * 2 + ["trained networks"] * 4
    assert table["d"].tolist()[:4] == [16, 64, 8, 16]
    assert table["eps"].tolist()[4:] == [0.01, 0.1]
    assert table["d"][4:].isna().all()
    assert table["eps"][:4].isna().all()


def test_ratios_are_means_of_d_times_the_share_with_student_s_interval(table):
    assert table["two"].tolist()[:2] == pytest.approx([2, 2])
    half = stats.t.ppf(0.975, 3) * np.sqrt(2 / 3) / 2  # deviations -1, 0, 0, 1
    assert table["two_low"][0] == pytest.approx(2 - half)
    assert table["two_high"][1] == pytest.approx(2 + half)
    assert table["one"].tolist()[:4] == pytest.approx([1] * 4)


def test_a_network_counts_once_whatever_the_number_of_eps(table):
    assert table["two"].tolist()[2:4] == pytest.approx([3.5, 2])  # of 3 and 4 at d = 8
    half = stats.t.ppf(0.975, 1) * 0.5
    assert table["two_low"][2] == pytest.approx(3.5 - half)
    assert np.isnan(table["two_low"][3])  # one network has no interval


def test_the_share_that_is_harder_stands_beside_its_law(table):
    assert table["harder"].tolist()[:2] == [0.75, 0.75]
    assert table["predicted_harder"].tolist()[:2] == [0.98, 0.98]
    assert stats.binom.sf(2, 4, table["harder_low"][0]) == pytest.approx(0.025, rel=1e-6)
    assert table["harder"][2:].isna().all()


def test_errors_and_kinks_are_means_over_networks_at_one_eps(table):
    small, large = table.iloc[4], table.iloc[5]
    assert large["crossed"] == pytest.approx((0.5 + 0.5 + 1) / 3)
    assert small["crossed"] == pytest.approx((0.1 + 0.1 + 0) / 3)
    assert large["error"] == pytest.approx((0.01 + 0.01 + 0.04) / 3)
    assert large["softplus_error"] == pytest.approx(1e-4)
    assert large["kinks_1"] == pytest.approx(0.75)
    assert large["kinks_2"] == pytest.approx(0.5)  # of the one network with a second layer
    assert large["crossed_low"] < large["crossed"] < large["crossed_high"]


def test_the_error_past_one_kink_is_a_geometric_mean_over_points(table):
    # 4, 4 and 1 points of 0.02, 0.02 and 0.64: 32^(1/9) times 0.02
    assert table["error_one"][5] == pytest.approx(0.02 * 32 ** (1 / 9))
    assert table["error_one"][4] == pytest.approx(0.002)  # two networks; the third has none


def test_columns_are_there_even_where_nothing_fills_them():
    flat = network(0, 8, crossed=0, crossed_one=0, log_error_one=np.nan)
    table = summary(pd.concat([gaussian(16), flat], ignore_index=True))
    assert list(table)[: len(COLUMNS)] == list(COLUMNS)
    assert table[["error_one", "kinks_2"]].isna().all(axis=None)


def test_the_smallest_p_is_bonferroni_s_over_the_dimensions_and_all_of_them_together():
    rows = pd.concat([gaussian(16), gaussian(64), network(0, 8)], ignore_index=True)
    assert smallest_p(rows, "two")[:4] == (1, 1, 1, 8)
    # eight values of at least 0.9, four at each of two d: P(D >= 0.9) = 2 (1 - 0.9)^n
    assert smallest_p(rows, "one").value == pytest.approx(3 * 2 * 0.1**8)
