"""The linear experiment's tables: aggregation with answers known by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from linear_results import ALIGNED_RUNS, every_second_valid, network

from fragility.experiments.linear import tables
from fragility.paper import claims
from fragility.paper.estimates import mean, proportion
from fragility.statements.theorem_6.closed_form import phi_mean

PAPER = Path(claims.__file__).parents[2] / "paper"
PRINTED = {n: claims.read_table(PAPER, n) for n in (1, 2)}


@pytest.fixture(scope="module")
def measures():
    return every_second_valid()


def test_table_1_has_the_first_ten_valid_runs_and_the_printed_ones(measures):
    table = tables.table_1(measures, PRINTED[1], 0.9)
    ours, theirs = table[table["source"] == "ours"], table[table["source"] == "paper"]
    assert ours["experiment"].tolist() == theirs["experiment"].tolist() == list(range(1, 11))
    assert ours["run"].tolist() == list(range(2, 22, 2))  # counted from 1
    assert theirs["run"].isna().all()
    assert ours["cos_theta_1"].tolist() == pytest.approx([0.30 + r / 100 for r in range(1, 20, 2)])
    assert ours["phi"].tolist()[2] == 0.05  # run 5 is valid, if not aligned
    assert ours["aligned"].tolist() == ["no" if r % 6 == 5 else "yes" for r in range(1, 20, 2)]
    printed = PRINTED[1]["cos_theta_2"].astype(float).abs()
    assert theirs["cos_theta_2"].tolist() == printed.tolist()
    assert theirs["aligned"].tolist() == ["no" if n == 7 else "yes" for n in range(1, 11)]


def test_table_1_shows_sizes_whatever_the_signs(measures):
    flipped = measures.assign(cos_theta_1=-measures["cos_theta_1"])
    one, other = (tables.table_1(each, PRINTED[1], 0.9) for each in (measures, flipped))
    assert one.equals(other)
    assert (one[["cos_theta_1", "cos_theta_2"]] > 0).all(axis=None)


def test_table_1_shows_what_there_is_of_fewer_than_ten(measures):
    few = tables.table_1(measures.head(4), PRINTED[1], 0.9)
    assert (few["source"] == "ours").sum() == 2
    none = tables.table_1(measures.head(1), PRINTED[1], 0.9)
    assert (none["source"] == "ours").sum() == 0
    assert len(none) == 10


def test_table_2_has_aligned_and_all_valid_runs_side_by_side(measures):
    rows = tables.table_2(measures, PRINTED, 12, 0.9)
    first, everything = "ours, first 12 runs", "ours, all 24 runs"
    assert list(zip(rows["source"], rows["sample"], rows["networks"], strict=True)) == [
        ("paper", "aligned", 18), ("paper, Table 1", "all valid", 10),
        (first, "aligned", 4), (first, "all valid", 6),
        (everything, "aligned", 8), (everything, "all valid", 12),
    ]  # fmt: skip
    assert rows["runs"].fillna(0).tolist() == [50, 0, 12, 12, 24, 24]


def test_table_2_averages_what_it_says(measures):
    theirs, ten, first, _, chosen, every = tables.table_2(measures, PRINTED, 12, 0.9).to_dict(
        "records"
    )
    assert theirs["mean_phi"] == 0.3280
    assert np.isnan([theirs["mean_phi_low"], theirs["correlation"]]).all()
    # of the ten printed rows, computed by hand
    of_ten = [ten[f"mean_{name}"] for name in ("abs_cos_theta_1", "phi", "abs_difference")]
    assert of_ten == pytest.approx([0.39572, 0.31245, 0.08381])
    assert ten["correlation"] == pytest.approx(0.4511, abs=5e-5)
    assert first["mean_phi"] == pytest.approx(0.28 + np.mean([1, 3, 7, 9]) / 100)
    expected = mean([0.30 + run / 100 for run in ALIGNED_RUNS])
    name = "mean_abs_cos_theta_1"
    assert (chosen[name], chosen[f"{name}_low"], chosen[f"{name}_high"]) == pytest.approx(
        expected[:3]
    )
    assert every[name] == pytest.approx(np.mean([0.30 + run / 100 for run in range(1, 24, 2)]))
    assert chosen["slope"] == pytest.approx(1)  # the aligned ones lie on a line
    assert every["slope"] < 0.5


def test_perturbations_are_in_units_of_the_feature(measures):
    table = tables.perturbations(measures, 0.9)
    assert table.groupby("sample")["networks"].unique().to_dict() == {
        "aligned": [8], "all valid": [12]
    }  # fmt: skip
    for _, part in table.groupby("sample"):
        by_name = part.set_index("quantity")["mean"]
        by_point = by_name[["easiest point", "mean over the points", "hardest point"]]
        assert by_point.tolist() == [0.25, 0.5, 0.75]
    chosen = table["mean"].iloc[1]
    assert chosen == pytest.approx(np.mean([0.28 + r / 100 for r in ALIGNED_RUNS]))


def test_by_dimension_has_a_row_a_dimension(measures):
    other = pd.DataFrame([network(i, valid=int(i < 3), d=7, phi=0.4, cos_1=0.5) for i in range(4)])
    table = tables.by_dimension(pd.concat([measures, other]), 0.9)
    seven, twelve = table.to_dict("records")
    assert (seven["d"], seven["runs"], seven["valid"], seven["aligned"]) == (7, 4, 3, 3)
    assert (twelve["d"], twelve["runs"], twelve["valid"], twelve["aligned"]) == (12, 24, 12, 8)
    assert seven["valid_fraction"] == 0.75
    assert seven["valid_fraction_low"] == proportion(3, 4).low
    assert seven["mean_abs_difference"] == pytest.approx(0.1)
    assert twelve["mean_phi"] == pytest.approx(np.mean([0.28 + r / 100 for r in ALIGNED_RUNS]))
    everything = [0.05 if r % 6 == 5 else 0.28 + r / 100 for r in range(1, 24, 2)]
    assert twelve["all_valid_mean_phi"] == pytest.approx(np.mean(everything))
    assert seven["mean_phi_all_matrices"] == phi_mean(7)
    assert (twelve["perturbation_mean"], twelve["perturbation_min"]) == (0.5, 0.25)


def test_by_dimension_leaves_means_without_networks_empty():
    rows = pd.DataFrame([network(i, valid=0) for i in range(3)])
    (row,) = tables.by_dimension(rows, 0.9).to_dict("records")
    assert (row["valid"], row["valid_fraction"]) == (0, 0)
    assert np.isnan([row["mean_phi"], row["mean_phi_low"], row["all_valid_mean_phi"]]).all()


def test_sensitivity_has_a_row_a_cell_over_its_first_runs(measures):
    cells = {(64, 0.001): measures, ("full", 0.01): measures.assign(valid=0)}
    small, full = tables.sensitivity(cells, 12, 0.9).to_dict("records")
    assert (small["batch_size"], small["learning_rate"]) == ("64", 0.001)
    assert (small["runs"], small["valid"], small["aligned"]) == (12, 6, 4)
    assert small["valid_fraction"] == 0.5
    assert small["mean_accuracy"] == pytest.approx((6 * 1 + 6 * 0.75) / 12)
    assert (full["batch_size"], full["valid"], full["aligned"]) == ("full", 0, 0)
    assert np.isnan(full["mean_phi"])
    assert small["all_valid_mean_phi"] == pytest.approx((0.05 + 4 * 0.28 + 0.2 + 0.05) / 6)


def test_by_batch_has_a_row_a_dimension_and_batch_size(measures):
    parts = [measures.assign(batch_size=64, d=8), measures.assign(batch_size=1024, d=8, valid=0)]
    all_points = measures.assign(batch_size="full", d=9)
    table = tables.by_batch(pd.concat([*parts, all_points]).astype({"batch_size": str}), 20, 0.9)
    by_cell = table.set_index(["d", "batch_size"])
    assert by_cell["steps"].to_dict() == {(8, "64"): 80, (8, "1024"): 20, (9, "full"): 20}
    assert by_cell["runs"].tolist() == [24] * 3
    assert by_cell["valid"].to_dict() == {(8, "64"): 12, (8, "1024"): 0, (9, "full"): 12}
    every = np.mean([0.30 + run / 100 for run in range(1, 24, 2)])  # not the aligned ones only
    assert by_cell.loc[(8, "64"), "all_valid_mean_abs_cos_theta_1"] == pytest.approx(every)


def test_networks_without_the_factor_stand_next_to_those_with_it(measures):
    plain = measures.assign(valid=1, cos_theta_2=0.5)
    table = tables.without_factor({5: measures, 1: plain}, 12, 0.9)
    counts = table[["column_scale", "sample", "runs", "networks"]].to_numpy().tolist()
    assert counts == [
        [5, "aligned", 12, 4], [5, "all valid", 12, 6],
        [1, "aligned", 12, 0], [1, "all valid", 12, 12],
    ]  # fmt: skip
    every = np.mean([0.30 + run / 100 for run in range(12)])
    assert table["mean_abs_cos_theta_1"].iloc[3] == pytest.approx(every)
    assert table["mean_abs_cos_theta_2"].iloc[3] == pytest.approx(0.5)


@pytest.fixture(scope="module")
def solved():
    """Four matrices at two scales: radii in hand-made shares of the norm 2."""
    rows = []
    for scale in (1, 5):
        for matrix in range(4):
            whole = matrix < (3 if scale == 5 else 1)
            rows.append(
                {
                    "d": 12, "matrix": matrix, "column_scale": scale, "phi": 0.25,
                    "feature_norm": 2.0, "class_radius": 2.0 if whole else 1.0,
                    "point_radius_mean": 2.0, "largest_cos_theta_1": 0.5,
                    "max_margin_radius": 0.5 if whole else 0.8,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def test_classifiers_has_a_row_a_scale_and_dimension(solved):
    table = tables.classifiers(pd.concat([solved.assign(d=7), solved]))
    order = [(5, 7), (5, 12), (1, 7), (1, 12)]
    assert list(zip(table["column_scale"], table["d"], strict=True)) == order
    five, one = table.iloc[1], table.iloc[3]
    assert (five["matrices"], five["norm_is_radius"], one["norm_is_radius"]) == (4, 0.75, 0.25)
    assert (five["optimal_radius"], one["optimal_radius"]) == (7 / 8, 5 / 8)
    assert five["optimal_radius_at_a_point"] == 1
    assert (five["max_margin_is_theorem_6"], one["max_margin_is_theorem_6"]) == (0.75, 0.25)
    assert five["norm_is_radius_low"] == proportion(3, 4).low
    assert (five["phi"], five["largest_cos_theta_1"]) == (0.25, 0.5)


def test_trained_networks_stand_beside_the_classifiers_of_their_own_matrices(measures):
    matrices = pd.DataFrame(
        {
            "matrix": range(23, -1, -1), "phi": 0.9, "feature_norm": 9.0,
            "max_margin_radius": 2.0, "class_radius": 3.0,
            "max_margin_cos_theta_1": [-0.5 - m / 100 for m in range(23, -1, -1)],
            "max_margin_cos_theta_2": -0.97,
        }
    )  # fmt: skip
    rows = tables.beside_max_margin(measures, matrices, 0.9).to_dict("records")
    (one, two, easiest), every = rows[:3], rows[3:]
    runs = np.array(ALIGNED_RUNS)
    assert [row["networks"] for row in (one, two, easiest)] == [8, 8, 8]
    assert one["trained"] == pytest.approx(np.mean(0.30 + runs / 100))
    assert one["max_margin"] == pytest.approx(np.mean(0.50 + runs / 100))  # joined by matrix
    assert (two["trained"], two["max_margin"]) == pytest.approx((0.99, 0.97))
    assert np.isnan([one["optimal"], two["optimal"]]).all()
    found = easiest["trained"], easiest["max_margin"], easiest["optimal"]
    assert found == (1 / 4, 2 / 4, 3 / 4)  # in units of the networks' own norm, 4
    assert [row["networks"] for row in every] == [12, 12, 12]
    assert {row["sample"] for row in every} == {"all valid"}
    assert every[0]["trained"] == pytest.approx(np.mean(0.30 + np.arange(1, 24, 2) / 100))
