"""Tables from made-up results: what was put in comes out, and bad networks are rows that say so."""

import pandas as pd
import pytest
from dimension_results import EPSILON, ROBUST, TOPOLOGIES, gaps, initial, measures

from fragility.experiments.dimension import tables


def test_slopes_have_a_row_per_topology_with_its_exponent():
    table = tables.slopes(initial({"average pooling": 0.05}), 1).set_index("topology")
    assert len(table) == 5
    assert table.loc["average pooling", "l1"] == pytest.approx(0.05, abs=0.01)
    assert table.loc["strided", "l2"] == pytest.approx(0, abs=0.01)
    assert table.loc["strided", ["smallest", "largest", "networks"]].tolist() == [16, 1024, 120]


def test_closed_forms_are_beside_the_means():
    table = tables.closed(initial(closed=0.5, noise=0))
    assert table["l1_ratio"].tolist() == pytest.approx([0.5] * 8)
    assert set(table["topology"].str[:5]) == {"fully"}


def test_growth_is_by_images_topology_and_training():
    table = tables.growth(measures(usual=0.3, robust=0.2, noise=0), TOPOLOGIES, ROBUST, EPSILON)
    found = table.set_index(["images", "topology", "training"])["l1"].to_dict()
    assert found == pytest.approx(
        {
            ("copied", "strided", "usual training"): 0.3,
            ("copied", "average", "usual training"): 0.3,
            ("copied", "strided", "PGD training"): 0.2,
            ("reduced", "strided", "usual training"): 0.4,
            ("reduced", "strided", "PGD training"): 0.4,
        }
    )


def test_each_condition_is_a_row_and_where_none_is_accurate_it_says_so():
    rows = measures()
    rows.loc[rows["side"] == 7, "accuracy"] = 0.5
    table = tables.trained(rows, EPSILON)
    assert len(table) == rows["name"].nunique()
    bad = table[table["side"] == 7]
    assert (bad["reason"] == "no network reaches accuracy 0.8").all()
    assert bad["l1"].isna().all()
    assert (table[table["side"] > 7]["reason"] == "").all()


def test_gaps_are_means_with_the_slope_from_one_strength_to_the_next():
    table = tables.gaps(gaps(2.0))
    assert table["slope"].dropna().tolist() == pytest.approx([2.0] * 4)
    assert pd.isna(table["slope"].iloc[0])
