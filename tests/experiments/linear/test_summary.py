"""The linear experiment's shared numbers: which runs count, their means, chosen cells."""

import numpy as np
import pandas as pd
import pytest
from linear_results import ALIGNED_RUNS, every_second_valid, network

from fragility.experiments.linear import summary
from fragility.paper.estimates import correlation, mean, slope


@pytest.fixture(scope="module")
def measures():
    return every_second_valid()


def test_valid_and_aligned_networks(measures):
    assert summary.valid(measures)["run"].tolist() == list(range(1, 24, 2))
    assert summary.aligned(measures, 0.9)["run"].tolist() == ALIGNED_RUNS
    assert summary.aligned(measures, 0.99)["run"].tolist() == []  # above, not at
    assert summary.aligned(measures, 0.1)["run"].tolist() == list(range(1, 24, 2))


def test_differences_are_of_absolute_values():
    rows = pd.DataFrame({"cos_theta_1": [-0.5, 0.5, 0.1], "phi": [0.4, 0.4, 0.4]})
    assert summary.differences(rows).tolist() == pytest.approx([0.1, 0.1, 0.3])


def test_the_two_samples_have_names(measures):
    found = summary.samples(measures, 0.9)
    assert {name: rows["run"].tolist() for name, rows in found.items()} == {
        "aligned": ALIGNED_RUNS, "all valid": list(range(1, 24, 2))
    }  # fmt: skip


def test_the_excess_keeps_its_sign():
    rows = pd.DataFrame({"cos_theta_1": [-0.5, 0.5, 0.1], "phi": [0.4, 0.6, 0.4]})
    assert summary.excess(rows).tolist() == pytest.approx([0.1, -0.1, -0.3])


def test_agreement_has_correlation_and_slope_from_four_networks_on(measures):
    rows = summary.valid(measures)
    pair = rows["phi"], rows["cos_theta_1"].abs()
    found = summary.agreement(rows)
    assert found["correlation"] == correlation(*pair)
    assert found["slope"] == slope(*pair)
    assert found["mean_abs_cos_theta_2"].value == pytest.approx((8 * 0.99 + 4 * 0.2) / 12)
    few = summary.agreement(rows.head(3))
    assert np.isnan([few["correlation"].value, few["slope"].value]).all()
    assert few["mean_phi"] == mean(rows["phi"].head(3))


def test_exponents_are_of_valid_networks_in_the_unit_given():
    rows = [
        network(0, d=d, valid=valid, perturbation_mean=size, perturbation_min=size / d)
        for d, size, valid in ((4, 1.0, 1), (16, 2.0, 1), (64, 4.0, 1), (64, 99.0, 0))
    ]
    measures = pd.DataFrame(rows)
    absolute = summary.exponents(measures, 1.0)
    assert absolute["mean over the points"].value == pytest.approx(0.5)
    assert absolute["easiest point"].value == pytest.approx(-0.5)
    relative = summary.exponents(measures, measures["d"])
    assert relative["mean over the points"].value == pytest.approx(-0.5)
    assert {estimate.n for estimate in absolute.values()} == {3}
    alone = summary.exponents(measures.head(1), 1.0)
    assert all(np.isnan(estimate.value) for estimate in alone.values())


def test_matrices_are_found_by_scale_and_none_may_lack_one():
    rows = [(scale, matrix, 10 * scale + matrix) for scale in (5, 1) for matrix in (0, 1)]
    solved = pd.DataFrame(rows, columns=["column_scale", "matrix", "phi"])
    assert summary.solved_at(solved, 1)["phi"].to_dict() == {0: 10, 1: 11}
    with pytest.raises(ValueError, match=r"matrices \[1\] are solved at some column scales"):
        summary.solved_at(solved.head(3), 1)


def test_compression_means_carry_their_intervals(measures):
    rows = summary.aligned(measures, 0.9)
    means = summary.compression_means(rows)
    assert means["mean_abs_cos_theta_1"] == mean([0.30 + run / 100 for run in ALIGNED_RUNS])
    assert means["mean_phi"] == mean([0.28 + run / 100 for run in ALIGNED_RUNS])
    assert means["mean_abs_difference"].value == pytest.approx(0.02)


def test_cells_are_found_in_files_of_one_or_more_cells(measures):
    def cell(batch, rate, valid):
        return measures.assign(batch_size=batch, learning_rate=rate, valid=valid)

    one, two, three = cell(64, 0.001, 1), cell("64", 0.01, 0), cell("full", 0.001, 1)
    wanted = [("full", 0.001), (64, 0.001), (64, 0.01)]
    for frames in ([one, two, three], [pd.concat([one, two]), three]):
        found = summary.by_cell(frames, wanted)
        assert list(found) == wanted
        assert [len(found[cell]) for cell in wanted] == [len(measures)] * 3
        assert [found[cell]["valid"].max() for cell in wanted] == [1, 1, 0]


def grid(*cells):
    return pd.DataFrame(cells, columns=["batch_size", "learning_rate", "valid_fraction"])


@pytest.mark.parametrize(
    "cells, chosen",
    [
        ([("64", 0.001, 0.2), ("256", 0.01, 0.41), ("full", 0.1, 0.9)], ("256", 0.01)),
        ([("64", 0.001, 0.1), ("256", 0.01, 0.45), ("full", 0.1, 0.38)], ("full", 0.1)),
        # 0.35 and 0.45 are equally near, in whatever order, although 0.45 - 0.4 rounds otherwise
        ([("1024", 0.001, 0.35), ("256", 0.01, 0.45)], ("256", 0.01)),
        ([("256", 0.01, 0.35), ("1024", 0.001, 0.45)], ("256", 0.01)),
        ([("full", 0.001, 0.4), ("1024", 0.01, 0.4)], ("1024", 0.01)),  # "full" is the largest
        ([("1024", 0.001, 0.4), ("64", 0.01, 0.4)], ("64", 0.01)),  # as numbers, not as words
        ([("64", 0.01, 0.4), ("64", 0.001, 0.4)], ("64", 0.001)),
        ([("64", 0.01, 0.3), ("64", 0.001, 0.5)], ("64", 0.001)),
    ],
)
def test_the_calibrated_cell_is_nearest_to_the_paper_s_share(cells, chosen):
    assert summary.calibrated_cell(grid(*cells)) == chosen
    assert summary.calibrated_cell(grid(*reversed(cells))) == chosen


def test_the_norm_is_the_radius_up_to_rounding_only():
    rows = pd.DataFrame({"feature_norm": [3.0] * 3, "class_radius": [3, 3 + 1e-14, 3 - 1e-6]})
    assert summary.norm_is_radius(rows).tolist() == [True, True, False]


def test_max_margin_is_theorem_6_where_its_radius_is_phi_times_the_norm():
    radii = [1.5, 1.5 * (1 + 1e-8), 1.5 * (1 + 1e-4)]  # of phi 0.5 and norm 3, to a millionth
    rows = pd.DataFrame({"phi": 0.5, "feature_norm": 3.0, "max_margin_radius": radii})
    assert summary.max_margin_is_theorem_6(rows).tolist() == [True, True, False]
