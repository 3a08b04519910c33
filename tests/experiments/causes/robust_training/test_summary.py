"""Numbers on robust training, on networks whose angles and perturbations are chosen."""

import numpy as np
import pandas as pd
import pytest
from causes_robust_results import MATRICES, lost, measures

from fragility.experiments.causes.robust_training import summary
from fragility.experiments.causes.robust_training.conditions import (
    ADVERSARIAL,
    ANGLE,
    BOTH,
    CURVATURE,
    FEATURE,
    USUAL,
    all_conditions,
    data_matrix,
)
from fragility.synthetic.data import scale_columns


def test_a_rising_curve_has_rank_correlation_1_and_a_falling_one_minus_1():
    rows = measures()
    rows["least_ratio"] = rows["cos"] ** 3
    assert summary.together(rows, "least_ratio").value == pytest.approx(1)
    rows["least_ratio"] = -rows["cos"]
    assert summary.together(rows, "least_ratio").value == pytest.approx(-1)


def test_differences_between_matrices_make_no_relation():
    rows = measures(slope=0.0)
    estimate = summary.together(rows, "least_ratio")
    assert abs(estimate.value) < 0.5
    assert np.corrcoef(rows["cos"], rows["least_ratio"])[0, 1] > 0.4  # over all rows there is one


def test_a_matrix_with_three_accurate_networks_does_not_count():
    rows = measures()
    keep = {USUAL, ANGLE, BOTH}
    rows.loc[(rows["matrix"] == 0) & ~rows["method"].isin(keep), "accuracy"] = 0.5
    assert summary.together(rows, "least_ratio").n == MATRICES - 1


def test_other_data_is_left_out():
    rows = measures()
    other = rows[rows["method"] == USUAL].assign(method=FEATURE, least_ratio=9.0, cos=0.0)
    both = pd.concat([rows, other], ignore_index=True)
    assert summary.together(both, "least_ratio") == summary.together(rows, "least_ratio")
    assert summary.best(both)["least_ratio"].max() < 9


def test_a_method_off_the_line_is_found_by_its_distance():
    rows = measures(off={CURVATURE: 0.18})
    off = summary.off_curve(rows)
    # the common height takes up a ninth of it, the common slope a little
    assert off[CURVATURE].value == pytest.approx(0.18 * 8 / 9, abs=0.03)
    assert all(abs(e.value) < 0.06 for name, e in off.items() if name != CURVATURE)


def test_effects_are_differences_within_a_matrix():
    rows = measures()
    change = {USUAL: 0.0, ANGLE: 0.1, CURVATURE: 0.01, BOTH: 0.13}
    rows["bend"] = rows["matrix"] + rows["method"].map(change)
    effects = summary.effects(rows, "bend")
    assert effects[ANGLE].value == pytest.approx((0.1 + 0.12) / 2)
    assert effects[CURVATURE].value == pytest.approx((0.01 + 0.03) / 2)
    assert effects[ANGLE].high - effects[ANGLE].low < 1e-9


def test_effects_count_a_matrix_where_both_networks_are_accurate():
    rows = measures()
    rows.loc[(rows["matrix"] < 3) & rows["method"].isin([ANGLE, BOTH]), "accuracy"] = 0.9
    assert summary.effects(rows, "cos")[ANGLE].n == MATRICES - 3
    assert summary.effects(rows, "cos")[CURVATURE].n == MATRICES


def test_the_best_network_of_a_matrix_is_accurate():
    rows = measures()
    assert (summary.best(rows)["method"] == ANGLE).all()
    best = summary.best(lost(rows, ANGLE, 1.0))
    assert set(best["method"]) <= {BOTH, ADVERSARIAL}
    assert len(best) == MATRICES


def test_conditions_differ_in_what_they_name():
    told = all_conditions([0.1, 0.9], [2.0], [0.3], 1.5, 0.5)
    assert len({(each.method, each.strength) for each in told}) == len(told) == 11
    by_name = {each.method: each for each in told}
    assert by_name[BOTH].intervention.angle == by_name[ANGLE].intervention.angle == 1.5
    assert by_name[BOTH].intervention.curvature == by_name[CURVATURE].intervention.curvature == 0.5
    assert by_name[USUAL].intervention == by_name[FEATURE].intervention


def test_the_label_s_column_is_the_last():
    drawn = np.arange(9.0).reshape(3, 3)
    assert (data_matrix(drawn, "factor", 5) == scale_columns(drawn, 5)).all()
    assert (data_matrix(drawn, "no factor", 5) == drawn).all()
    other = data_matrix(drawn, "feature", 5)
    assert (other[:, -1] == 5 * drawn[:, 0]).all()
    assert (other[:, 0] == drawn[:, -1]).all()
