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
    table = tables.table_1(measures, PRINTED[1])
    ours, theirs = table[table["source"] == "ours"], table[table["source"] == "paper"]
    assert ours["experiment"].tolist() == theirs["experiment"].tolist() == list(range(1, 11))
    assert ours["run"].tolist() == list(range(2, 22, 2))  # counted from 1
    assert theirs["run"].isna().all()
    assert ours["cos_theta_1"].tolist() == pytest.approx([-0.30 - r / 100 for r in range(1, 20, 2)])
    assert ours["phi"].tolist()[2] == 0.05  # run 5 is valid, if not aligned
    assert theirs["cos_theta_2"].tolist() == PRINTED[1]["cos_theta_2"].astype(float).tolist()


def test_table_1_shows_what_there_is_of_fewer_than_ten(measures):
    few = tables.table_1(measures.head(4), PRINTED[1])
    assert (few["source"] == "ours").sum() == 2
    none = tables.table_1(measures.head(1), PRINTED[1])
    assert (none["source"] == "ours").sum() == 0
    assert len(none) == 10


def test_table_2_counts_and_averages(measures):
    theirs, first, everything = tables.table_2(measures, PRINTED[2], 12, 0.9).to_dict("records")
    counts = ("runs", "valid", "aligned")
    assert [theirs[k] for k in counts] == [50, 20, 18]
    assert [first[k] for k in counts] == [12, 6, 4]
    assert [everything[k] for k in counts] == [24, 12, 8]
    assert theirs["mean_phi"] == 0.3280
    assert np.isnan(theirs["mean_phi_low"])
    assert first["mean_phi"] == pytest.approx(0.28 + np.mean([1, 3, 7, 9]) / 100)
    expected = mean([0.30 + run / 100 for run in ALIGNED_RUNS])
    name = "mean_abs_cos_theta_1"
    found = everything[name], everything[f"{name}_low"], everything[f"{name}_high"]
    assert found == pytest.approx(expected[:3])
    assert (first["source"], everything["source"]) == ("ours, first 12 runs", "ours, all 24 runs")


def test_perturbations_are_in_units_of_the_feature(measures):
    table = tables.perturbations(measures, 0.9).set_index("quantity")
    assert (table["networks"] == 8).all()
    by_point = table.loc[["easiest point", "mean over the points", "hardest point"], "mean"]
    assert by_point.tolist() == [0.25, 0.5, 0.75]
    assert table["mean"].iloc[1] == pytest.approx(np.mean([0.28 + r / 100 for r in ALIGNED_RUNS]))


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
    one, two, easiest = tables.beside_max_margin(measures, matrices, 0.9).to_dict("records")
    runs = np.array(ALIGNED_RUNS)
    assert [row["networks"] for row in (one, two, easiest)] == [8, 8, 8]
    assert one["trained"] == pytest.approx(np.mean(0.30 + runs / 100))
    assert one["max_margin"] == pytest.approx(np.mean(0.50 + runs / 100))  # joined by matrix
    assert (two["trained"], two["max_margin"]) == pytest.approx((0.99, 0.97))
    assert np.isnan([one["optimal"], two["optimal"]]).all()
    found = easiest["trained"], easiest["max_margin"], easiest["optimal"]
    assert found == (1 / 4, 2 / 4, 3 / 4)  # in units of the networks' own norm, 4
