"""The MNIST experiment's tables: aggregation with answers known by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from mnist_results import measured

from fragility.experiments.mnist import tables
from fragility.paper import claims
from fragility.paper.estimates import correlation, mean, proportion, quantile, slope
from fragility.report import render

PAPER = Path(claims.__file__).parents[2] / "paper"
PRINTED = {n: claims.read_table(PAPER, n) for n in (5, 6)}
NAN = float("nan")


# --- Table 5 ---


@pytest.fixture(scope="module")
def table_5():
    return tables.table_5(measured(7, cos_theta_t=-np.arange(1, 8) / 10), PRINTED[5])


def part(table, source):
    return table[table["source"] == source].set_index("experiment")


def test_table_5_has_the_printed_five_our_first_five_and_their_means(table_5):
    numbers = [*"12345", "mean"]
    assert table_5["experiment"].tolist() == numbers * 2
    assert table_5["source"].tolist() == ["paper"] * 6 + ["ours"] * 6


def test_the_printed_rows_are_as_printed(table_5):
    names = ["M", "Q", "L", "Q_over_half_L", "M_over_half_L", "cos_theta_t"]
    theirs = part(table_5, "paper")
    printed = PRINTED[5].set_index("experiment")[names].astype(float)
    pd.testing.assert_frame_equal(theirs.loc[printed.index, names], printed)
    assert theirs.loc["mean", names].tolist() == pytest.approx(printed.mean().tolist())
    # by hand, of the six columns of five
    assert theirs.loc["mean", "Q_over_half_L"] == pytest.approx(3.1374 / 5)
    assert theirs[["seven", "attack", "M_exact", "Q_sign"]].isna().all(axis=None)


def test_our_rows_are_the_first_five_and_their_mean_is_of_these_alone(table_5):
    ours = part(table_5, "ours")
    expected = {
        "M": [-2, -4, -6, -8, -10, -6],
        "Q": [1, 2, 3, 4, 5, 3],
        "L": [4] * 6,
        "Q_over_half_L": [0.5, 1, 1.5, 2, 2.5, 1.5],
        "M_over_half_L": [-1, -2, -3, -4, -5, -3],
        "cos_theta_t": [-0.1, -0.2, -0.3, -0.4, -0.5, -0.3],
    }
    for name, values in expected.items():
        assert ours[name].tolist() == pytest.approx(values), name
    assert ours["seven"].tolist() == [17, 27, 37, 47, 57, pd.NA]
    assert ours["seven"].dtype == "Int64"  # 17, not 17.0
    assert ours["attack"].tolist()[:5] == ["ddn"] * 5
    assert ours["M_exact"].tolist()[:5] == [-1.5, -3, -4.5, -6, -7.5]
    assert ours["Q_sign"].tolist()[:5] == [4, 5, 6, 7, 8]
    assert ours["Q_gradient"].tolist()[:5] == [2, 3, 4, 5, 6]
    assert ours["first_order"].tolist()[:5] == [0.75, 1.5, 2.25, 3, 3.75]


def test_matches_are_over_q(table_5):
    ours, theirs = part(table_5, "ours"), part(table_5, "paper")
    assert ours["match"].tolist() == pytest.approx([2] * 6)
    assert ours["cos_match"].tolist() == pytest.approx([0.2] * 6)
    # the printed ones, from the columns of ratios: the reasons of t5-m-match and t5-cos-match
    assert theirs["match"].round(2).tolist()[:5] == [1.11, 0.88, 0.98, 0.43, 0.99]
    assert theirs["cos_match"].round(2).tolist()[:5] == [0.85, 0.46, 0.49, 0.33, 0.41]


@pytest.mark.parametrize("n", [1, 2, 4])
def test_fewer_than_five_sevens_are_a_shorter_table(n):
    ours = part(tables.table_5(measured(n), PRINTED[5]), "ours")
    assert ours.index.tolist() == [*"1234"[:n], "mean"]
    assert ours.loc["mean", "Q"] == (n + 1) / 2


def test_a_seven_without_q_keeps_its_row_and_is_left_out_of_q_s_mean():
    measures = measured(3, Q=[1.0, NAN, 3.0], attack=["ddn", "none", "ddn"])
    table = tables.table_5(measures.assign(Q_sign=NAN), PRINTED[5])
    ours = part(table, "ours")
    assert ours["Q"].tolist() == pytest.approx([1, NAN, 3, 2], nan_ok=True)
    assert ours["Q_over_half_L"].tolist() == pytest.approx([0.5, NAN, 1.5, 1], nan_ok=True)
    assert ours["M"].tolist() == [-2, -4, -6, -4]
    assert ours["match"].isna().tolist() == [False, True, False, False]
    assert ours["cos_match"].isna().tolist() == [False, True, False, False]
    assert ours.loc["2", "attack"] == "none"
    assert ours["Q_sign"].isna().all()
    shown = render.formatted(table, {"Q": "Q", "seven": "seven"})
    assert shown["Q"].tolist()[6:] == ["1", render.DASH, "3", "2"]
    assert shown["seven"].tolist()[6:] == ["17", "27", "37", render.DASH]


def test_sevens_whose_index_does_not_start_at_0_are_numbered_from_1():
    ours = part(tables.table_5(measured(4).iloc[2:], PRINTED[5]), "ours")
    assert ours.index.tolist() == ["1", "2", "mean"]
    assert ours["seven"].tolist() == [37, 47, pd.NA]


# --- Table 6 ---


def table_6_of(*networks):
    return tables.table_6(dict(enumerate(networks)), PRINTED[6], 7).set_index("alpha")


PAPERS = [f"paper_{i}" for i in range(1, 5)]


def test_all_printed_values_stand_in_their_rows_on_the_paper_s_grid():
    table = table_6_of(measured(7, 11))
    assert table.index.tolist() == [
        "0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1", "average",
    ]  # fmt: skip
    printed = PRINTED[6].filter(like="experiment_").astype(float)
    assert table[PAPERS].to_numpy().tolist() == printed.to_numpy().tolist()
    assert table.loc["0.8", "paper_3"] == -0.0123
    assert table.loc["average", "paper_2"] == -0.2831


@pytest.mark.parametrize(
    "alphas, there",
    [
        (2, {"0": "0.0", "1": "1.0"}),
        (5, {"0": "0.0", "0.5": "0.5", "1": "1.0"}),
        (6, {f"{a:g}": f"{a:.1f}" for a in (0, 0.2, 0.4, 0.6, 0.8, 1)}),
        (7, {"0": "0.0", "0.5": "0.5", "1": "1.0"}),  # thirds are none of the printed
    ],
)
def test_an_alpha_that_is_not_printed_has_dashes(alphas, there):
    table = table_6_of(measured(2, alphas))
    assert len(table) == alphas + 1
    printed = PRINTED[6].set_index("alpha")
    shown = render.formatted(table, {name: name for name in PAPERS}).set_index(table.index)
    for alpha in table.index:
        theirs = {**there, "average": "average"}.get(alpha)
        for i, name in enumerate(PAPERS, start=1):
            if theirs is None:
                assert np.isnan(table.loc[alpha, name])
                assert shown.loc[alpha, name] == render.DASH
            else:
                assert table.loc[alpha, name] == float(printed.loc[theirs, f"experiment_{i}"])


@pytest.fixture(scope="module")
def table_6():
    """Seven i has the cosines -0.1, -0.2, -0.3, each less i/10."""
    shift = np.arange(7) / 10
    columns = {f"cos_{i}": -0.1 * (i + 1) - shift for i in range(3)}
    return table_6_of(measured(7, 3, **columns), measured(7, 3))


def test_our_first_five_have_a_column_each_with_the_average_below(table_6):
    assert [name for name in table_6 if name.startswith("ours")] == [
        f"ours_{i}" for i in range(1, 6)
    ]
    for i in range(5):
        expected = np.array([-0.1, -0.2, -0.3, -0.2]) - i / 10
        assert table_6[f"ours_{i + 1}"].tolist() == pytest.approx(expected)
        assert table_6[f"ours_{i + 1}"].dtype == float


def test_the_last_column_is_the_mean_over_networks_and_sevens_with_its_interval(table_6):
    """The second network has the cosines -0.1, -0.2, -0.3; of the first they are 0.3 lower."""
    assert table_6["all"].tolist() == pytest.approx([-0.25, -0.35, -0.45, -0.35])
    # two networks: the interval spans both
    for alpha, second in (("0", -0.1), ("0.5", -0.2), ("average", -0.2)):
        low, high = table_6.loc[alpha, ["all_low", "all_high"]]
        assert low < second - 0.3 and high == pytest.approx(second)


def test_the_average_is_over_alpha_of_each_seven():
    table = table_6_of(measured(2, 4, cos_3=[0.6, 1.0]))
    # (-0.1 - 0.2 - 0.3 + 0.6) / 4 and with 1.0
    assert table.loc["average", "ours_1"] == pytest.approx(0)
    assert table.loc["average", "ours_2"] == pytest.approx(0.1)
    assert table.loc["average", "all"] == pytest.approx(0.05)


def test_fewer_than_five_sevens_have_fewer_columns():
    table = table_6_of(measured(2, 3))
    assert [name for name in table if name.startswith("ours")] == ["ours_1", "ours_2"]
    one = table_6_of(measured(1, 3))
    assert one["all"].tolist() == pytest.approx([-0.1, -0.2, -0.3, -0.2])
    assert one[["all_low", "all_high"]].isna().all(axis=None)


# --- what predicts Q ---

PREDICTORS = [
    "|M|, as printed", "|M|, exact integral", "|cos θt|, at α = 0", "|average of cos θt|",
    "g/‖∇g‖",
]  # fmt: skip
KINDS = ["smallest found", "sign, one step", "gradient, one step"]


def test_relations_have_a_row_a_predictor_and_kind_of_q():
    table = relations_of(linear())
    assert table["predictor"].tolist() == [p for p in PREDICTORS for _ in KINDS]
    assert table["Q"].tolist() == KINDS * len(PREDICTORS)
    assert (table["sevens"] == 9).all()


def relations_of(*networks):
    return tables.relations(dict(enumerate(networks)), 7)


def linear(n=9, **columns):
    """Sevens whose predictors are exact straight lines of Q, of other slopes and offsets."""
    q = np.linspace(0.1, 0.9, n)  # in units of L / 2 = 2
    more = {f"cos_{i}": -q / 4 + shift for i, shift in enumerate((-0.1, 0, 0.1))}
    given = {
        "Q": 2 * q, "Q_sign": 2 * (q + 1), "Q_gradient": 2 * (3 * q), "M": -2 * (2 * q),
        "M_exact": -2 * (4 * q), "first_order": 2 * (q / 2), "cos_theta_t": -q / 8,
    }  # fmt: skip
    return measured(n, 3, **given | more | columns)


@pytest.mark.parametrize(
    "predictor, factor", list(zip(PREDICTORS, [2, 4, 1 / 8, 1 / 4, 1 / 2], strict=True))
)
def test_an_exact_relation_has_its_ratio_and_slope_and_correlation_1(predictor, factor):
    table = relations_of(linear()).set_index(["predictor", "Q"])
    names = ["ratio", "slope", "correlation"]
    found = table.loc[(predictor, "smallest found"), names].astype(float)
    assert found.tolist() == pytest.approx([factor, 1 / factor, 1])
    found = table.loc[(predictor, "gradient, one step"), names].astype(float)
    assert found.tolist() == pytest.approx([factor / 3, 3 / factor, 1])
    # an offset moves the ratio alone: the median seven has q = 0.5
    found = table.loc[(predictor, "sign, one step"), names].astype(float)
    assert found.tolist() == pytest.approx([factor * 0.5 / 1.5, 1 / factor, 1])


def test_relations_are_averaged_over_networks_with_intervals():
    """One network's M is Q with other words for some sevens, the other's an exact line."""
    noisy = linear(M=-2 * np.array([0.3, 0.2, 0.5, 0.4, 0.6, 0.8, 0.6, 0.9, 0.7]))
    row = relations_of(noisy, linear()).iloc[0]
    assert row["sevens"] == 18
    x, y = -noisy["M"] / 2, noisy["Q"] / 2
    for name, first, second in (
        ("ratio", quantile(x / y, 0.5).value, 2),
        ("slope", slope(x, y).value, 0.5),
        ("correlation", correlation(x, y).value, 1),
    ):
        assert row[name] == pytest.approx((first + second) / 2), name
        assert row[f"{name}_low"] <= min(first, second) <= max(first, second) <= row[f"{name}_high"]
    assert slope(y, x).value != pytest.approx(slope(x, y).value, rel=0.01)  # not that of x on y


def test_each_relation_counts_the_sevens_that_have_both():
    q = linear()["Q_sign"].where(np.arange(9) % 2 == 0)  # five of nine
    table = relations_of(linear(Q_sign=q)).set_index(["predictor", "Q"])
    assert table.loc[("g/‖∇g‖", "sign, one step"), "sevens"] == 5
    assert table.loc[("g/‖∇g‖", "smallest found"), "sevens"] == 9
    assert table.loc[("g/‖∇g‖", "sign, one step"), "correlation"] == pytest.approx(1)


def test_with_fewer_than_four_sevens_nothing_is_known():
    few = linear().loc[:, "Q_sign"].where(np.arange(9) < 3)
    table = relations_of(linear(Q_sign=few)).set_index(["predictor", "Q"])
    names = ["ratio", "slope", "correlation", "ratio_low", "slope_high", "correlation_low"]
    for predictor in PREDICTORS:
        row = table.loc[(predictor, "sign, one step")]
        assert row["sevens"] == 3
        assert row[names].isna().all()
        assert table.loc[(predictor, "smallest found"), names[:3]].notna().all()


# --- networks ---


def masks(right, wrong):
    """As scripts/mnist/block.py writes them, as far as the table reads them."""
    return pd.DataFrame({"right": [1] * right + [0] * wrong})


@pytest.fixture(scope="module")
def networks():
    accuracies = pd.DataFrame({"network": [3, 0], "images": 60, "test_accuracy": [0.75, 0.98]})
    q_sign = np.where(np.arange(9) < 6, 2.0, NAN)
    measures = {
        0: linear(Q_sign=q_sign, Q=linear()["Q"].where(np.arange(9) != 4)),
        3: measured(2, cos_theta_t=[-0.3, 0.1]),
    }
    return tables.networks(accuracies, {0: masks(12, 3), 3: masks(8, 0)}, measures, 7)


def test_networks_have_a_row_each_with_their_counts_and_accuracy(networks):
    assert networks["network"].tolist() == ["0", "3", "mean"]
    assert networks["test_accuracy"].tolist()[:2] == [0.98, 0.75]
    assert networks["sevens"].tolist()[:2] == [15, 8]
    assert networks["right"].tolist()[:2] == [12, 8]
    assert networks["ones"].tolist() == [9, 2, pd.NA]


def triple(row, name):
    return row[[name, f"{name}_low", f"{name}_high"]].astype(float).tolist()


def test_the_rule_works_at_a_share_of_the_right_sevens(networks):
    for (_, row), counts in zip(networks.iterrows(), [(9, 12), (2, 8)], strict=False):
        assert triple(row, "rule_works") == pytest.approx(list(proportion(*counts)[:3]))


def test_the_sign_step_succeeds_at_a_share_of_the_ones(networks):
    assert triple(networks.iloc[0], "sign_succeeds") == pytest.approx(list(proportion(6, 9)[:3]))
    assert networks.iloc[1]["sign_succeeds"] == 1


def test_network_means_are_of_its_own_sevens(networks):
    q = np.linspace(0.1, 0.9, 9)
    expected = {
        "mean_cos": q / 8,
        "mean_L": np.full(9, 4.0),
        "mean_Q": np.delete(q, 4),
        "mean_M": -2 * q,
        "average_cos": -q / 4,
    }
    for name, sample in expected.items():
        assert triple(networks.iloc[0], name) == pytest.approx(list(mean(sample)[:3])), name
    second = networks.iloc[1]
    assert second["mean_cos"] == pytest.approx(0.2)  # of absolute values
    assert second["mean_Q"] == pytest.approx(0.75)
    assert second["mean_M"] == pytest.approx(-1.5)
    assert second["average_cos"] == pytest.approx(-0.2)


def test_a_network_s_fits_are_on_m_as_printed_and_on_the_first_cosine(networks):
    first = networks.iloc[0]
    names = ["m_ratio", "m_slope", "m_correlation", "cos_ratio", "cos_slope", "cos_correlation"]
    assert first[names].astype(float).tolist() == pytest.approx([2, 0.5, 1, 1 / 8, 8, 1])
    assert networks.iloc[1][names].isna().all()  # two sevens


def test_the_last_row_is_the_mean_over_networks_that_know_the_number(networks):
    first, second, last = (row for _, row in networks.iterrows())
    for name in ("mean_cos", "mean_L", "mean_Q", "mean_M", "average_cos", "sign_succeeds"):
        assert last[name] == pytest.approx((first[name] + second[name]) / 2), name
        assert last[f"{name}_low"] <= last[name] <= last[f"{name}_high"]
    assert last["m_ratio"] == pytest.approx(first["m_ratio"])  # the other has two sevens
    assert np.isnan(last["m_ratio_low"])


def test_networks_stand_in_the_order_given_each_with_its_own_masks_and_accuracy():
    accuracies = pd.DataFrame({"network": [0, 1], "test_accuracy": [0.9, 0.8]})
    both = {1: measured(2), 0: measured(3)}
    table = tables.networks(accuracies, {0: masks(3, 0), 1: masks(2, 1)}, both, 7).head(2)
    assert table["network"].tolist() == ["1", "0"]
    assert table["test_accuracy"].tolist() == [0.8, 0.9]
    assert table["sevens"].tolist() == [3, 3]
    assert table["rule_works"].tolist() == [1, 1]


def test_a_network_that_takes_no_seven_for_one_keeps_its_row():
    accuracies = pd.DataFrame({"network": [0], "test_accuracy": [0.1]})
    table = tables.networks(accuracies, {0: masks(0, 4)}, {0: measured(4).head(0)}, 7)
    assert table[["sevens", "right", "ones"]].to_numpy().tolist()[0] == [4, 0, 0]
    assert table[["rule_works", "mean_Q", "sign_succeeds"]].isna().all(axis=None)


# --- attacks ---


@pytest.fixture(scope="module")
def attacks():
    first = measured(
        4,
        Q_sign=[4.0, NAN, NAN, NAN],
        Q_gradient=[3.0, 4.0, NAN, NAN],
        Q_ddn=[1.0, 2.5, 3.0, NAN],
        Q_projection=[2.0, 2.0, 6.0, NAN],
        Q=[1.0, 2.0, 3.0, NAN],
        attack=["ddn", "projection", "ddn", "none"],
    )
    second = measured(2, Q_sign=[NAN, 6.0], Q=[1.0, 2.0], Q_ddn=[1.0, 2.0])
    return tables.attacks({0: first, 1: second}, 7).set_index("attack")


def test_attacks_are_those_of_the_columns_without_their_minimum(attacks):
    assert attacks.index.tolist() == ["sign", "gradient", "ddn", "projection"]
    assert (attacks["sevens"] == 6).all()


def test_attacks_are_counted_where_they_make_a_one_and_where_they_are_smallest(attacks):
    assert attacks["succeeds"].tolist() == [2, 4, 5, 5]
    assert attacks["smallest"].tolist() == [0, 0, 4, 1]


def test_attacks_are_compared_with_the_smallest_network_by_network(attacks):
    first = {"sign": [4], "gradient": [3, 2], "ddn": [1, 1.25, 1], "projection": [2, 1, 2]}
    second = {"sign": [3], "gradient": [2, 1.5], "ddn": [1, 1], "projection": [1.5, 1.25]}
    for name in first:
        means = np.mean(first[name]), np.mean(second[name])
        row = attacks.loc[name]
        assert row["over_smallest"] == pytest.approx(np.mean(means)), name
        assert row["over_smallest_low"] <= min(means) <= max(means) <= row["over_smallest_high"]


def test_an_attack_that_never_succeeds_keeps_its_row():
    table = tables.attacks({0: measured(3, Q_sign=NAN)}, 7).set_index("attack")
    assert table.loc["sign", ["sevens", "succeeds", "smallest"]].tolist() == [3, 0, 0]
    assert np.isnan(table.loc["sign", "over_smallest"])
    assert table.loc["ddn", "smallest"] == 3


# --- gradients ---


def test_changes_of_the_gradient_are_medians_averaged_over_networks():
    first = measured(3, gradient_along=[1.0, 1.2, 9.0], gradient_change=[NAN, 0.1, 0.3])
    table = tables.gradients({0: first, 1: measured(3)}, 7)
    assert len(table) == len(set(table["what"])) == 3
    assert table["median"].tolist() == pytest.approx([1.1, 1.5, 0.2])
    assert (table["median_low"] <= table["median"]).all()
