"""The sevens' shared numbers: ratios, cosines, and what predicts Q."""

import numpy as np
import pandas as pd
import pytest
from mnist_results import measured

from fragility.experiments.mnist import summary
from fragility.runtime.seeds import generator

NAN = float("nan")


def test_ratios_are_over_half_the_length():
    table = summary.ratios(measured(2, L=[4.0, 8.0]))
    found = table.filter(like="_over_half_L").to_dict("list")
    assert found == {
        "Q_over_half_L": [0.5, 0.5],
        "M_over_half_L": [-1, -1],
        "M_exact_over_half_L": [-0.75, -0.75],
        "Q_sign_over_half_L": [2, 1.25],
        "Q_gradient_over_half_L": [1, 0.75],
        "Q_minimal_over_half_L": [0.5, 0.5],
        "first_order_over_half_L": [0.375, 0.375],
    }


def test_the_average_cosine_is_over_the_path_alone():
    table = measured(2, cos_1=[-0.2, 0.7], cos_theta_t=[5.0, 6.0])
    assert summary.ratios(table)["average_cos"].tolist() == pytest.approx([-0.2, 0.1])


def test_ratios_keep_the_measures_and_their_index():
    measures = measured(3).iloc[[2, 0]]
    table = summary.ratios(measures)
    pd.testing.assert_frame_equal(table[measures.columns], measures)
    assert table["Q_over_half_L"].tolist() == [1.5, 0.5]


def test_a_missing_q_has_no_ratio_and_leaves_the_others():
    table = summary.ratios(measured(2, Q=[NAN, 2.0]))
    assert table["Q_over_half_L"].tolist() == pytest.approx([NAN, 1], nan_ok=True)
    assert table["M_over_half_L"].tolist() == [-1, -2]


def test_cosines_stand_in_the_order_of_alpha_without_the_first_s_other_name():
    assert summary.cosines(measured(1, 12)) == [f"cos_{i}" for i in range(12)]
    # the averages and ratios that others add do not count
    assert summary.cosines(summary.ratios(measured(1, 2))) == ["cos_0", "cos_1"]


def test_pairs_are_of_sizes_and_of_the_sevens_that_have_both():
    table = pd.DataFrame(
        {"p": [-1.0, 2.0, NAN, -4.0], "s": [10.0, NAN, 30.0, 40.0], "seven": [5, 6, 7, 8]}
    )
    pair = summary.pair_of(table, "p", "s")
    assert pair.to_dict("list") == {"x": [1, 4], "y": [10, 40], "seven": [5, 8]}
    assert pair.index.tolist() == [0, 3]


@pytest.mark.parametrize("n, known", [(0, False), (3, False), (4, True)])
def test_a_fit_needs_four_pairs(n, known):
    x = np.array([1.0, 2.0, 3.0, 5.0])[:n]
    found = summary.fit(pd.DataFrame({"x": x, "y": 2 * x + np.array([0.1, -0.1, 0, 0])[:n]}))
    assert list(found) == ["ratio", "slope", "correlation"]
    for estimate in found.values():
        assert np.isfinite(estimate.value) == known
        assert estimate.n == (n if known else 0)
    # four are too few for the limits of a median, not for those of the others
    assert [np.isfinite(estimate.low) for estimate in found.values()] == [False, known, known]


@pytest.mark.filterwarnings("ignore:An input array is constant")
@pytest.mark.parametrize("constant", ["x", "y", "both"])
def test_a_constant_column_has_a_ratio_and_no_correlation(constant):
    x = np.full(5, 2.0) if constant in ("x", "both") else np.arange(5) + 1.0
    y = np.full(5, 4.0) if constant in ("y", "both") else np.arange(5) + 1.0
    found = summary.fit(pd.DataFrame({"x": x, "y": y}))
    assert found["ratio"].value == np.median(x / y)
    assert np.isnan(found["correlation"].value)
    if constant == "y":
        assert found["slope"].value == 0
    else:
        assert np.isnan(found["slope"].value)  # no line goes through one x


# --- over networks ---


def half_of_q(table):
    return table["Q"] / 2


def test_a_number_is_of_the_sevens_that_have_it():
    table = measured(4, Q=[2.0, NAN, 4.0, 12.0])
    for number, value in ((summary.mean_of(half_of_q), 3), (summary.median_of(half_of_q), 2)):
        sevens, _ = number(table)
        assert sevens.tolist() == [17, 37, 47]
        assert summary.of_network(table, number) == value


@pytest.mark.parametrize("what", summary.FITS)
def test_a_fit_over_networks_is_that_of_each(what):
    stream = generator(7, "test", "fit mnist")
    x = stream.uniform(1, 2, 9)
    table = pd.DataFrame({"seven": range(9), "p": -x, "s": x + stream.uniform(0, 1, 9)})
    number = summary.fit_of("p", "s", what)
    alone = summary.fit(summary.pair_of(table, "p", "s"))[what].value
    assert summary.of_network(table, number) == pytest.approx(alone)
    assert np.isnan(summary.of_network(table.head(3), number))


def test_over_networks_both_networks_and_sevens_are_resampled():
    number = summary.mean_of(half_of_q)
    alike = [measured(9), measured(9)]
    found = summary.over_networks(alike, number, 7, "some")
    assert (found.value, found.n) == (2.5, 2)
    assert found.low < 2.5 < found.high  # sevens differ
    flat = [measured(9, Q=2.0), measured(9, Q=6.0)]
    assert summary.over_networks(flat, number, 7, "some")[:3] == (2, 1, 3)  # networks differ
    assert summary.over_networks(alike, number, 7, "some") == found
    assert summary.over_networks(alike, number, 7, "other") != found


def test_tables_are_told_apart_by_their_network_s_number():
    by_network = summary.by_network([measured(2, network=1), measured(3, network=0)])
    assert {number: len(table) for number, table in by_network.items()} == {0: 3, 1: 2}
    assert list(by_network) == [0, 1]
