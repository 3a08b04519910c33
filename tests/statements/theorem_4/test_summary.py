"""Theorem 4's summary: sizes by t and d, and their exponents in d."""

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, special, stats

from fragility.statements.theorem_4.summary import geometric, is_far, ratio, slopes, summary

NETWORK = ("condition_error", "observed_perturbation", "observed_smallest", "predicted_product")


def rows(dimensions=(32, 64, 128, 256), depths=(1,), trials=3):
    """Trials with ||e|| = d^-1/2 times 1/16, 1 and 16, and exact powers besides."""
    factor = np.array([1 / 16, 1.0, 16.0])[:trials]
    return pd.concat(
        pd.DataFrame(
            {
                "d": d, "t": t, "network": 1, "condition_error": [1e-15, 2e-6, 1e-7][:trials],
                "observed_perturbation": d**-0.5 * factor, "predicted_product": 4.0,
                "observed_smallest": d**-1.0, "observed_radius": d**0.5,
                "observed_distance": [d**0.5, (2 * d) ** 0.5, (2 * d) ** 0.5][:trials],
            }
        )
        for t in depths
        for d in dimensions
    ).reset_index(drop=True)  # fmt: skip


def without_networks(table):
    """The same trials without a network: only distances are known."""
    return table.assign(network=0, **dict.fromkeys(NETWORK, np.nan))


@pytest.fixture(scope="module")
def table():
    return summary(pd.concat([without_networks(rows(depths=(8,))), rows(depths=(2, 1))]))


def test_rows_are_every_other_d_up_to_the_largest_and_then_the_exponents_by_t(table):
    assert table[["t", "d"]].to_numpy().tolist() == [
        [1, 64], [1, 256], [1, "exponent"], [2, 64], [2, 256], [2, "exponent"],
        [8, 256], [8, "exponent"],  # without networks: the largest d alone
    ]  # fmt: skip


def test_sizes_are_geometric_means_with_student_s_interval_on_logarithms(table):
    first = table.iloc[0]
    assert first["perturbation"] == pytest.approx(1 / 8)
    factor = np.exp(stats.t.ppf(0.975, 2) * np.log(16) / np.sqrt(3))  # deviation ln 16, n = 3
    assert first["perturbation_low"] == pytest.approx(1 / 8 / factor)
    assert first["perturbation_high"] == pytest.approx(1 / 8 * factor)
    assert (first["product"], first["smallest"], first["radius"]) == pytest.approx((4, 1 / 64, 8))
    assert first["ratio"] == pytest.approx(1 / 512)


def test_networks_and_their_failures_are_counted(table):
    assert table["trials"].dropna().tolist() == [3, 3, 3, 3, 3]
    assert table["networks"].dropna().tolist() == [3, 3, 3, 3, 0]
    assert table["failed"].dropna().tolist() == [1, 1, 1, 1, 0]  # off by more than a millionth


def test_shares_are_of_networks_within_1_and_of_far_trials(table):
    first = table.iloc[0]
    assert first["within"] == pytest.approx(2 / 3)  # of 1/128, 1/8 and 2
    assert table["within"][1] == 1  # of 1/256, 1/16 and 1 itself
    assert table["within_low"][1] == pytest.approx(0.025 ** (1 / 3))
    assert first["far"] == 1  # a smallest distance of 0.707 sqrt(2d) is still far
    assert first["relative"] == pytest.approx((np.sqrt(0.5) + 2) / 3)


def test_exponents_are_those_of_all_d(table):
    exponents = table[table["d"] == "exponent"].set_index("t")
    assert exponents.loc[1, "perturbation"] == pytest.approx(-0.5)
    assert exponents.loc[1, "smallest"] == pytest.approx(-1)
    assert exponents.loc[1, "ratio"] == pytest.approx(-1.5)
    assert exponents.loc[8, "distance"] == pytest.approx(0.5)
    assert exponents.loc[1, "perturbation_low"] < -0.5 < exponents.loc[1, "perturbation_high"]
    assert np.isnan(exponents.loc[8, "perturbation"])


def test_without_networks_only_distances_are_known(table):
    last = table[(table["t"] == 8) & (table["d"] == 256)].iloc[0]
    assert last[["perturbation", "within", "ratio"]].isna().all()
    assert last["radius"] == pytest.approx(16)


def test_predictions_follow_the_law(table):
    # ln ||e|| = (ln 2 - t ln d + (t + 1) E ln chi-square_2) / 2; the last E is ln 2 - gamma
    mean = (np.log(2) - np.log(64) + 2 * (np.log(2) - np.euler_gamma)) / 2
    assert table["perturbation_predicted"][0] == pytest.approx(np.exp(mean))
    # ||e||^2 is 8/d times a product of two exponential variables, which is at most x with
    # probability 1 - 2 sqrt(x) K_1(2 sqrt(x))
    root = np.sqrt(64 / 8)
    assert table["within_predicted"][0] == pytest.approx(1 - 2 * root * special.k1(2 * root))
    # the product of two chi-squares of d degrees is at most 0.49 d^2, for any of the pairs
    one, _ = integrate.quad(
        lambda x: stats.chi2.pdf(x, 256) * stats.chi2.cdf(0.49 * 256**2 / x, 256), 100, 450
    )
    assert table["far_bound"][1] == pytest.approx(1 - 256 * 255 / 2 * one, abs=1e-6)
    assert table["needed"][0] < table["needed"][3] < table["needed"][6]  # more for larger t


def test_geometric_means_leave_out_what_is_missing():
    assert geometric(pd.Series([2.0, 8.0, np.nan])).value == pytest.approx(4)
    assert geometric(pd.Series([2.0, 8.0, np.nan])).n == 2
    assert np.isnan(geometric(pd.Series([np.nan])).value)


def test_one_dimension_has_no_exponents():
    assert slopes(rows(dimensions=(4,))) == {}
    assert set(slopes(without_networks(rows()))) == {"radius", "distance"}


def test_a_distance_is_far_from_seven_tenths_of_sqrt_2d():
    part = pd.DataFrame({"d": [50, 50], "observed_distance": [7.0001, 6.9999]})
    assert is_far(part).tolist() == [True, False]
    part = pd.DataFrame({"observed_smallest": [1.0], "observed_radius": [4.0]})
    assert ratio(part).tolist() == [0.25]
