"""Lemma 2's summary: shares, and logarithms per dimension."""

import numpy as np
import pandas as pd
import pytest

from fragility.statements.lemma_2.summary import summary


@pytest.fixture
def table():
    rows = pd.DataFrame(
        {
            "d": [2, 8], "alpha": [0.5, 0.1], "log_bound": [-0.2, -5.6],
            "log_probability": [np.log(0.25), -8.0], "hits": [30, 0], "draws": [100, 200],
        }
    )  # fmt: skip
    return summary(rows)


def test_a_row_is_a_dimension_and_an_alpha_in_the_order_of_check(table):
    assert table[["d", "alpha"]].to_numpy().tolist() == [[2, 0.5], [8, 0.1]]


def test_logarithms_are_per_dimension_and_the_probability_is_not(table):
    assert table["log_bound_per_d"].tolist() == pytest.approx([-0.1, -0.7])
    assert table["log_probability_per_d"].tolist() == pytest.approx([np.log(0.25) / 2, -1])
    assert table["probability"].tolist() == pytest.approx([0.25, np.exp(-8)])


def test_shares_have_exact_intervals(table):
    assert table["share"].tolist() == [0.3, 0]
    assert table["share_low"][0] < 0.3 < table["share_high"][0]
    assert table["share_low"][0] < table["probability"][0] < table["share_high"][0]
    # no hit among n: (1 - p)^n = 0.025 at the upper limit
    assert table["share_low"][1] == 0
    assert table["share_high"][1] == pytest.approx(1 - 0.025 ** (1 / 200))
