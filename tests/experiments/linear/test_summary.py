"""The linear experiment's shared numbers: which runs count, their means, chosen cells."""

import pandas as pd
import pytest
from linear_results import ALIGNED_RUNS, every_second_valid

from fragility.experiments.linear import summary
from fragility.paper.estimates import mean


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
