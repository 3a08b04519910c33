"""Medians, correlations, gaps and slack, on rows for which they are known."""

import numpy as np
import pytest
from accounts_results import measured

from fragility.experiments.accounts import summary

SEED = 7


def test_rows_that_have_a_reason_are_left_out():
    table = measured(margin=1)
    table = table.astype({"reason": object})
    table.loc[0, "reason"] = "g(x) is not positive"
    table.loc[1, "angle"] = np.nan
    assert len(summary.usable(table)) == len(table) - 2


def test_slack_compares_attacks_and_certificates():
    table = measured(curvature=0.1).assign(kappa_certified=0.5)
    table["curvature"] = np.log(0.75)
    table.loc[table.index[:6], "curvature"] = np.nan
    told = summary.slack(table)
    row = told[told["norm"] == "l2"].iloc[0]
    assert row["slack"] == pytest.approx(1.5)
    assert row["agreement"] == pytest.approx(1.25)
    assert row["found"] == pytest.approx(1 - 6 / (len(table) / 2))


def test_gaps_by_number_of_points():
    table = summary.gaps(measured())
    assert dict(zip(table["points"], table["median"], strict=True)) == {3: 1e-2, 5: 1e-6}


def test_correlations_are_of_logs_over_each_network_s_inputs():
    table = measured(angle=1)
    table = table[table["norm"] == "l2"]
    assert summary.correlation_with_delta(table, "angle", SEED, exp=True).value == pytest.approx(1)
    assert summary.correlation_with_delta(
        table, "tilt_cos", SEED, exp=False
    ).value == pytest.approx(1)
    assert np.isnan(summary.correlation_with_delta(table.head(2), "angle", SEED, exp=True).value)
