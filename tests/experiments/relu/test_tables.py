"""The ReLU experiment's tables: aggregation with answers known by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from relu_results import attacked, measured

from fragility.experiments.relu import tables
from fragility.experiments.relu.summary import log_prediction
from fragility.paper import claims
from fragility.paper.estimates import mean, proportion

PAPER = Path(claims.__file__).parents[2] / "paper"
PRINTED = {n: claims.read_table(PAPER, n) for n in (3, 4)}
NAN = float("nan")


# --- Table 3 ---


@pytest.fixture(scope="module")
def four():
    """Four networks of two pairs; the second pair, all 0.9, is not Table 3's."""
    alphas = [0.0, 0.444444, 0.5, 1.0]
    first = [[0.3, 0.2, 0.2, 0.60], [0.4, 0.3, 0.3, 0.61],
             [0.5, 0.4, 0.4, 0.62], [NAN, 0.5, 0.5, 0.63]]  # fmt: skip
    rho = np.stack([first, np.full((4, 4), 0.9)], axis=1)
    return tables.table_3(measured(rho, alphas), PRINTED[3]).set_index("alpha")


def test_table_3_averages_the_first_pairs(four):
    assert four["mean_rho"].tolist() == pytest.approx([0.4, 0.35, 0.35, 0.615])
    assert four["median_rho"].tolist() == pytest.approx([0.4, 0.35, 0.35, 0.615])
    row = four.loc[0.444444]
    assert (row["mean_rho_low"], row["mean_rho_high"]) == mean([0.2, 0.3, 0.4, 0.5])[1:3]


def test_missing_values_are_counted_and_left_out_of_the_means_only(four):
    assert four["networks"].tolist() == [4, 4, 4, 4]
    assert four["missing"].tolist() == [1, 0, 0, 0]


def test_an_alpha_without_any_value_keeps_its_row():
    rho = [[[0.2, NAN]], [[0.3, NAN]], [[0.4, NAN]]]
    table = tables.table_3(measured(rho, [0.0, 1.0]), PRINTED[3])
    assert table["networks"].tolist() == [3, 3]
    assert table["missing"].tolist() == [0, 3]
    assert np.isnan(table[["mean_rho", "median_rho", "mean_expected"]].iloc[1]).all()
    assert table["mean_inside"].iloc[1] == ""


def test_the_printed_row_is_that_of_the_same_three_decimals(four):
    assert four["paper_mean_rho"].tolist()[:2] == [0.3278, 0.3272]
    assert four["paper_median_rho"].tolist()[:2] == [0.3270, 0.3303]
    assert np.isnan(four.loc[0.5, ["paper_mean_rho", "paper_median_rho"]].astype(float)).all()
    assert four.loc[1.0, "paper_mean_rho"] == 0.3276


def test_all_ten_printed_rows_are_found_on_the_paper_s_grid():
    alphas = np.linspace(0, 1, 10).round(6)
    table = tables.table_3(measured(np.full((2, 1, 10), 0.3), alphas), PRINTED[3])
    for name in ("mean_rho", "median_rho"):
        assert table[f"paper_{name}"].tolist() == PRINTED[3][name].astype(float).tolist()


def test_the_mean_is_expected_where_t_s_law_puts_fifty_more(four):
    row = four.loc[0.444444]
    # t with 3 degrees of freedom from a table; the variance is 0.05 / 3
    half = 3.182446305 * np.sqrt(0.05 / 3) * np.sqrt(1 / 4 + 1 / 50)
    found = [row[f"mean_expected{end}"] for end in ("", "_low", "_high")]
    assert found == pytest.approx([0.35, 0.35 - half, 0.35 + half])
    # 0.3278 in 0.4 +- 0.26, 0.3272 in 0.35 +- 0.21; none printed at 0.5; 0.3276 far from 0.615
    assert four["mean_inside"].tolist() == ["yes", "yes", "", "no"]


def test_four_networks_say_nothing_of_a_median_of_fifty(four):
    assert four["median_expected"].tolist() == four["median_rho"].tolist()
    assert four[["median_expected_low", "median_expected_high"]].isna().all(axis=None)
    assert four["median_inside"].tolist() == ["", "", "", ""]


@pytest.mark.parametrize("centre, inside", [(0.33, "yes"), (0.40, "no"), (0.26, "no")])
def test_the_printed_median_is_judged_by_two_of_our_order_statistics(centre, inside):
    values = np.linspace(centre - 0.05, centre + 0.05, 61)
    (row,) = tables.table_3(measured(values[:, None, None], [0.444444]), PRINTED[3]).to_dict(
        "records"
    )
    assert row["median_inside"] == inside
    assert row["median_expected_low"] in values
    assert row["median_expected_high"] in values
    assert row["median_expected_low"] < row["median_rho_low"]  # wider than for the median itself
    assert row["median_rho_high"] < row["median_expected_high"]


def test_a_single_network_expects_nothing():
    (row,) = tables.table_3(measured([[[0.3]]], [0.0]), PRINTED[3]).to_dict("records")
    assert (row["mean_rho"], row["mean_inside"], row["median_inside"]) == (0.3, "", "")
    assert np.isnan([row["mean_expected_low"], row["median_expected_high"]]).all()


# --- conditions ---


def attempts(accuracies, wanted):
    return pd.DataFrame({"run": range(len(accuracies)), "accuracy": accuracies, "wanted": wanted})


@pytest.fixture(scope="module")
def conditions():
    steep = [[[0.2, 0.3, 0.4]], [[0.4, 0.5, 0.6]], [[0.6, 0.7, 0.8]]]
    cells = {
        (1, 3000, 1024, 0.01): (
            attempts([1.0, 0.75, 1.0, 1.0, 0.5], 3),
            measured(steep, [0, 0.5, 1], phi=[0.35, 0.45, 0.7]),
        ),
        (5, 256, "full", 0.001): (attempts([0.5, 1.0], 3), measured([[[0.4, 0.6]]], [0, 1])),
    }
    return tables.conditions(cells)


def test_conditions_has_a_row_a_condition(conditions):
    names = ["layers", "width", "batch_size", "learning_rate"]
    assert conditions[names].to_numpy().tolist() == [
        [1, 3000, "1024", 0.01],
        [5, 256, "full", 0.001],
    ]
    assert conditions["trained"].tolist() == [5, 2]
    assert conditions["accurate"].tolist() == [3, 1]
    assert conditions["wanted"].tolist() == [3, 3]


def test_conditions_average_networks_not_points(conditions):
    row = conditions.iloc[0]
    share = proportion(3, 5)
    assert (row["accurate_fraction"], row["accurate_fraction_low"]) == (share.value, share.low)
    assert row["mean_rho"] == pytest.approx(0.5)
    assert row["mean_rho_low"] == pytest.approx(mean([0.3, 0.5, 0.7]).low)
    assert row["median_rho"] == pytest.approx(0.5)
    assert row["mean_phi"] == pytest.approx(0.5)
    assert row["mean_difference"] == pytest.approx(0.1 / 3)  # |0.3-0.35|, |0.5-0.45|, 0
    assert row["largest_deviation"] == pytest.approx(0.1)
    assert row["friedman_p"] == pytest.approx(np.exp(-3))  # three networks of one order


def test_a_condition_of_one_network_has_no_intervals(conditions):
    row = conditions.iloc[1]
    assert row["mean_rho"] == pytest.approx(0.5)
    unknown = ["mean_rho_low", "median_rho_high", "largest_deviation", "friedman_p"]
    assert np.isnan(row[unknown].astype(float)).all()


def test_depths_are_compared_with_one_layer_on_the_same_matrices():
    one = measured([[[0.2, 0.2]], [[0.4, 0.4]], [[0.5, 0.7]]], [0, 1])
    two = measured([[[0.9, 0.9]], [[0.5, 0.5]], [[0.9, 0.9]]], [0, 1], layers=2)
    two = two.replace({"run": {0: 8}})  # another matrix
    cells = {
        (2, 256, 64, 0.01): (attempts([1.0] * 3, 3), two),
        (1, 256, 64, 0.01): (attempts([1.0] * 3, 3), one),
    }
    table = tables.by_depth(cells)
    assert table["layers"].tolist() == [2, 1]
    assert table["matrices"].tolist() == [2, 0]
    assert table["gap"].tolist() == pytest.approx([(0.1 + 0.3) / 2, NAN], nan_ok=True)
    assert table["gap_high"].iloc[0] == pytest.approx(mean([0.1, 0.3]).high)
    assert table.drop(columns=["gap", "gap_low", "gap_high", "matrices"]).equals(
        tables.conditions(cells)
    )


# --- attacks ---


@pytest.fixture(scope="module")
def attacks():
    return attacked()


def test_table_4_has_the_printed_network_our_first_and_all(attacks):
    table = tables.table_4(attacks, PRINTED[4])
    ours = [
        f"ours, {name}" for name in ("the first network", "all networks", "one further network")
    ]
    assert table["source"].tolist() == np.repeat(["paper", *ours], 2).tolist()
    assert table["input"].tolist() == ["b1", "b2"] * 4
    assert table["networks"].tolist() == [1, 1, 1, 1, 2, 2, 2, 2]
    assert table["points"].tolist() == [10, 10, 2, 2, 4, 4, 4, 4]
    assert table["found"].tolist()[2:] == [2, 2, 3, 4, 3, 4]
    assert table["found"].isna().tolist()[:2] == [True, True]
    assert table["cos_theta_t"].tolist()[:6] == pytest.approx(
        [0.15324514, 0.14983976, 0.375, 0.15, 0.3875, 0.325]
    )
    assert table["delta"].tolist()[2:6] == pytest.approx([1.5, 1.0, 1.75, 1.5])
    assert table["m"].tolist()[2:6] == pytest.approx([5, 5, 4.5, 4.5])
    assert table["delta_over_m"].tolist()[2:6] == pytest.approx([0.3, 0.2, 0.4, 0.35])
    assert table["m"].iloc[0] == 5.1928935050964355


def test_table_4_s_intervals_are_over_networks(attacks):
    table = tables.table_4(attacks, PRINTED[4])
    assert table["delta_low"].isna().tolist() == [True] * 4 + [False] * 4
    assert table["delta_high"].iloc[4] == pytest.approx(mean([1.5, 2.0]).high)


def test_table_4_predicts_one_further_network_on_the_log_scale(attacks):
    row = tables.table_4(attacks, PRINTED[4]).iloc[6]
    expected = log_prediction(pd.Series([1.5, 2.0]))  # b1 of the two networks
    assert [row[f"delta{end}"] for end in ("", "_low", "_high")] == pytest.approx(expected[:3])
    assert row["delta"] == pytest.approx(np.sqrt(3))
    assert row["m"] == pytest.approx(np.sqrt(20))


def test_robustness_has_a_row_a_condition_in_units_of_m(attacks):
    one = attacks[attacks["run"] == 2]
    table = tables.robustness({(12, 1, 3000): attacks, (3, 5, 256): one})
    names = ["d", "layers", "width", "networks", "points", "found"]
    assert table[names].to_numpy().tolist() == [[12, 1, 3000, 2, 8, 7], [3, 5, 256, 1, 4, 4]]
    row = table.iloc[0]
    assert row["delta_over_m"] == pytest.approx((0.25 + 0.5) / 2)
    assert row["abs_cos"] == pytest.approx((0.2625 + 1.4 / 3) / 2)
    assert row["match"] == pytest.approx((0.25 / 0.2625 + 0.5 / (1.4 / 3)) / 2)
    # run 7: 0.5 / 0.4, 0.25 / 0.5, 0.75 / 0.5
    assert row["least_relative"] == pytest.approx((0.8 + 0.5) / 2)
    assert row["largest_relative"] == pytest.approx((1.5 + 1.5) / 2)
    # 0.5, 0.9, 0.8, 0.5 and 0.5, 0.5, 0.9
    assert row["bracket"] == pytest.approx((2.7 / 4 + 1.9 / 3) / 2)
    assert row["least_bracket"] == 0.5
    assert row["class_radius"] == pytest.approx((1 + 0.75) / 2)
    assert row["point_radius"] == pytest.approx((5.5 / 5 + 3.5 / 4) / 2)
    # 3, 4, 2, 4 and 3, 2.5, 2
    assert row["random"] == pytest.approx((3.5 + 2.5) / 2)
    assert row["delta_over_m_low"] == pytest.approx(mean([0.25, 0.5]).low)
    assert np.isnan(table["delta_over_m_low"].iloc[1])


def test_robustness_names_the_median_of_random_directions_at_its_dimension(attacks):
    table = tables.robustness({(3, 1, 10): attacks, (12, 1, 10): attacks})
    # on the sphere in three dimensions the cosine is uniform: median 1/2
    assert table["random_law"].iloc[0] == pytest.approx(2)
    assert table["random_law"].iloc[1] > 4


def test_attack_counts_name_every_attack_and_how_near_it_comes(attacks):
    ddn, projection = tables.attack_counts(attacks).to_dict("records")
    assert (ddn["attack"], projection["attack"]) == ("ddn", "projection")
    assert (ddn["points"], ddn["flips"], ddn["smallest"]) == (8, 7, 5)
    assert (projection["points"], projection["flips"], projection["smallest"]) == (8, 6, 2)
    assert ddn["over_smallest"] == pytest.approx((5 + 1.1 + 1.1) / 7)
    expected = mean([1.5, 1.0, 1.2, 1.5, 2.0, 1.0])
    found = [projection[f"over_smallest{end}"] for end in ("", "_low", "_high")]
    assert found == pytest.approx(expected[:3])


def test_an_attack_that_never_flips_is_counted_so(attacks):
    never = tables.attack_counts(attacks.assign(delta_projection=NAN)).iloc[1]
    assert (never["points"], never["flips"]) == (8, 0)
    assert np.isnan(never["over_smallest"])
