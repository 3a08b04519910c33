"""The summary of Section 5: means over networks by d and layers, then over all networks by n."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from fragility.statements.section_5.summary import PATHS, by_network, summary


def paths(d, layers, network, **columns):
    """Two points of one network."""
    table = {"kind": "path", "d": d, "layers": layers, "network": network}
    table |= {name: [0.2, 0.4] for name in PATHS} | {"ratio_flip": [0.1, 0.2]}
    return pd.DataFrame(table | columns)


def sums(n, network, error):
    """One network's errors of the sums over n points."""
    return pd.DataFrame(
        {
            "kind": ["sum"], "d": 8, "layers": 1, "network": network, "n": n,
            "error_midpoint": error, "error_trapezoid": 2 * error,
            "observed_sum": 1 + 1 / (n - 1) + error, "predicted_sum": 1 + 1 / (n - 1),
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def table():
    parts = [
        paths(10, 1, 2), paths(8, 2, 3), paths(8, 1, 1, observed_ratio=0.9), paths(8, 1, 0),
        sums(11, 0, 0.02), sums(3, 0, 0.1), sums(11, 1, 0.04), sums(3, 1, 0.3),
    ]  # fmt: skip
    return summary(pd.concat(parts, ignore_index=True))


def test_rows_are_dimensions_and_layers_then_numbers_of_points(table):
    assert table[["d", "layers"]][:3].to_numpy().tolist() == [[8, 1], [8, 2], [10, 1]]
    assert table["n"][3:].tolist() == [3, 11]
    assert table["n"][:3].isna().all()
    assert table[["d", "layers"]][3:].isna().all(axis=None)


def test_means_are_over_networks_with_student_s_interval(table):
    assert table["observed_ratio"].tolist()[:3] == pytest.approx([0.6, 0.3, 0.3])  # 0.9 and 0.3
    half = stats.t.ppf(0.975, 1) * 0.3
    assert table["observed_ratio_low"][0] == pytest.approx(0.6 - half)
    assert table["observed_ratio_high"][0] == pytest.approx(0.6 + half)
    assert np.isnan(table["observed_ratio_low"][1])  # one network has no interval
    assert table["observed_ratio"][3:].isna().all()
    assert table["predicted_ratio"].tolist()[:3] == pytest.approx([0.3] * 3)


def test_a_path_that_gets_nowhere_is_counted_with_the_direct_one():
    gone = paths(8, 1, 1, observed_ratio=np.nan, ratio_flip=np.nan, norm_ratio=[np.nan, np.inf])
    table = summary(with_sums(pd.concat([paths(8, 1, 0), gone], ignore_index=True)))
    assert table["lost"][0] == 2
    assert table["observed_ratio"][0] == pytest.approx((0.3 + 1) / 2)
    assert table["ratio_flip"][0] == pytest.approx((0.3 + 2) / 2)
    assert table["norm_ratio"][0] == pytest.approx((0.3 + 100) / 2)


def test_the_way_to_the_boundary_is_in_units_of_the_optimal_radius(table):
    assert table["ratio_flip"].tolist()[:3] == pytest.approx([0.3] * 3)  # twice 0.15


def test_sums_are_means_over_all_networks_beside_their_prediction(table):
    assert table["error_midpoint"].tolist()[3:] == pytest.approx([0.2, 0.03])
    assert table["error_trapezoid"].tolist()[3:] == pytest.approx([0.4, 0.06])
    assert table["predicted_sum"].tolist()[3:] == pytest.approx([1.5, 1.1])
    assert table["observed_sum"].tolist()[3:] == pytest.approx([1.7, 1.13])
    assert table["error_midpoint_low"][4] < 0.03 < table["error_midpoint_high"][4]


def test_points_of_one_network_are_averaged_first():
    three = paths(8, 1, 0).iloc[[0, 0, 1]].assign(wrong_sign=[0.1, 0.2, 0.6])
    rows = pd.concat([three, paths(8, 1, 1).iloc[:1]], ignore_index=True)
    assert by_network(rows, ["wrong_sign"])["wrong_sign"].tolist() == pytest.approx([0.3, 0.2])
    assert summary(with_sums(rows))["wrong_sign"][0] == pytest.approx(0.25)


def with_sums(rows):
    return pd.concat([rows, sums(11, 0, 0.02)], ignore_index=True)
