"""Figure 1's summary: means over networks by d and layers, and a row for all."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from fragility.statements.figure_1.summary import by_network, points, summary


def pairs(d, layers, network, observed, **columns):
    """Two pairs of one network."""
    table = {
        "kind": "point", "d": d, "layers": layers, "network": network, "cosine": [0.2, 0.4],
        "crossing": [0.5, 0.4], "observed_ratio": observed, "predicted_ratio": [0.2, 0.32],
    }  # fmt: skip
    return pd.DataFrame(table | columns)


@pytest.fixture(scope="module")
def rows():
    drawn = pd.DataFrame({"kind": ["grid", "mark"], "u": 0.5, "g": [9.0, np.nan]})
    parts = [
        pairs(10, 1, 3, [0.6, 0.8]), pairs(8, 2, 2, [0.1, np.nan]), pairs(8, 1, 1, [0.3, 0.5]),
        pairs(8, 1, 0, [0.1, 0.3], cosine=0.5), drawn,
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def table(rows):
    return summary(rows)


def test_rows_are_dimensions_and_layers_and_last_all_of_them(table):
    assert table[["d", "layers"]][:3].to_numpy().tolist() == [[8, 1], [8, 2], [10, 1]]
    assert table[["d", "layers"]][3:].isna().all(axis=None)
    assert table["pairs"].tolist() == [4, 2, 2, 8]


def test_means_are_over_networks_with_student_s_interval(table):
    # networks of 0.2 and 0.4; 0.1 and twice 0.4 for the miss; 0.6 and 0.8
    assert table["observed_ratio"].tolist() == pytest.approx([0.3, 0.45, 0.7, 0.4375])
    half = stats.t.ppf(0.975, 1) * 0.1
    assert table["observed_ratio_low"][0] == pytest.approx(0.3 - half)
    assert table["observed_ratio_high"][0] == pytest.approx(0.3 + half)
    assert np.isnan(table["observed_ratio_low"][1])  # one network has no interval
    assert table["cosine"].tolist() == pytest.approx([0.4, 0.3, 0.3, 0.35])
    assert table["predicted_ratio"][3] == pytest.approx(0.26)


def test_misses_are_counted_and_pay_the_direct_path(rows, table):
    assert table["missed"].tolist() == [0, 1, 0, 1]
    found = points(rows)
    assert found["observed_ratio"].tolist() == pytest.approx(
        [0.6, 0.8, 0.1, 0.8, 0.3, 0.5, 0.1, 0.3]
    )
    assert found["missed"].tolist() == [False] * 3 + [True] + [False] * 4


def test_the_share_below_a_half_is_of_pairs_with_its_exact_interval(table):
    assert table["below"].tolist() == pytest.approx([3 / 4, 1 / 2, 0, 4 / 8])  # 0.5 is not below
    assert stats.binom.sf(2, 4, table["below_low"][0]) == pytest.approx(0.025, rel=1e-6)
    assert table["below_high"][2] == pytest.approx(1 - 0.025 ** (1 / 2))


def test_a_network_is_one_row_of_means(rows):
    means = by_network(points(pd.concat([rows, rows.iloc[:1]], ignore_index=True)))
    assert means["network"].tolist() == [0, 1, 2, 3]
    assert means["observed_ratio"][3] == pytest.approx(2 / 3)  # of 0.6, 0.8 and 0.6
    assert means["crossing"].tolist()[:3] == pytest.approx([0.45] * 3)
