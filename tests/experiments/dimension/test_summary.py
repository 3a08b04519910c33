"""Slopes, changes and the share on one curve, with known answers."""

import numpy as np
import pandas as pd
import pytest
from dimension_results import EPSILON, ROBUST, TOPOLOGIES, gaps, initial, measures

from fragility.experiments.dimension import summary


def test_slopes_at_initialisation_are_the_exponents_and_the_interval_holds_them():
    found = summary.by_topology(initial({"max-pooling": 0.65}), 1, "l1")
    for name, exponent in {"strided": 0.5, "max-pooling": 0.65}.items():
        assert found[name].low < exponent < found[name].high
        assert found[name].high - found[name].low < 0.05


def test_a_single_size_has_no_slope():
    rows = initial()
    assert np.isnan(summary.by_topology(rows[rows["d"] == 16], 1, "l1")["strided"].value)


def test_a_network_that_is_not_accurate_takes_its_number_out():
    rows = summary.one_row(measures(), EPSILON)
    part = summary.copied(rows, "strided", ("usual", 0.0))
    assert summary.slope_over_networks(part).n == 4
    wrong = part.assign(accurate=part["accurate"] & ~((part["network"] == 2) & (part["d"] == 784)))
    assert summary.slope_over_networks(wrong).n == 3


def test_copied_and_reduced_images_are_told_apart():
    rows = summary.one_row(measures(), EPSILON)
    training = summary.trainings(ROBUST)["PGD training"]
    assert set(summary.copied(rows, TOPOLOGIES[0], training)["d"]) == {784, 3136, 12544}
    assert set(summary.reduced(rows, TOPOLOGIES[0], training)["d"]) == {784, 196, 49}
    assert set(summary.regularised(rows, TOPOLOGIES[0])["d"]) == {784}


def test_the_share_explained_is_one_on_a_curve_and_small_off_it():
    rows = summary.regularised(summary.one_row(measures(), EPSILON), "strided")
    on = summary.on_one_curve(rows, np.random.default_rng(1))
    assert on.value == pytest.approx(1)
    stream = np.random.default_rng(2)
    off = rows.assign(vulnerability=stream.permutation(rows["vulnerability"].to_numpy()))
    assert summary.on_one_curve(off, stream).value < 0.6


def test_slopes_of_the_gap_are_the_power_put_in():
    assert {k: round(v.value, 6) for k, v in summary.gap_slopes(gaps(1.5)).items()} == {
        "l1": 1.5, "l2": 1.5,
    }  # fmt: skip


def test_a_job_without_such_rows_does_not_change_the_slopes(tmp_path):
    """Its CSV has a heading only, from which no types are read."""
    for name, table in {"some": gaps(1.5), "none": gaps(1.5).iloc[:0]}.items():
        table.to_csv(tmp_path / name, index=False)
    read = [pd.read_csv(tmp_path / name) for name in ("none", "some", "none")]
    assert summary.gap_slopes(summary.joined(read)) == summary.gap_slopes(gaps(1.5))
    assert summary.joined([read[0]]).empty
