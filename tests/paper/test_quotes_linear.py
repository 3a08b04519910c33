"""What the claims about linear networks quote follows from the paper's printed tables."""

import numpy as np
import pytest
from judging import CLAIMS, FOLDER

from fragility.paper.claims import read_table


@pytest.fixture(scope="module")
def aligned():
    """The nine rows of Table 1 with |cos theta_2| > 0.9, absolute values."""
    table = read_table(FOLDER, 1).drop(columns="experiment").astype(float).abs()
    rows = table[table["cos_theta_2"] > 0.9]
    assert len(rows) == 9
    return rows


def test_the_printed_mean_of_cos_theta_2_is_table_1_s(aligned):
    assert f"{aligned['cos_theta_2'].mean():.4f}" == CLAIMS["t1-cos-theta-2"].paper == "0.9979"


def test_the_printed_correlation_is_table_1_s(aligned):
    r = np.corrcoef(aligned["phi"], aligned["cos_theta_1"])[0, 1]
    assert f"{r:.4f}" == CLAIMS["t1-correlation"].paper == "0.9978"


def test_the_printed_slope_is_table_1_s(aligned):
    slope, _ = np.polyfit(aligned["phi"], aligned["cos_theta_1"], 1)
    assert f"{slope:.4f}" == "0.9764"
    assert "0.9764" in CLAIMS["t1-slope"].statement


def test_claims_about_run_7_quote_its_row():
    run = read_table(FOLDER, 1).set_index("experiment").loc["7"].str.lstrip("-")
    feasible, trained = CLAIMS["t1-run-7"], CLAIMS["t1-run-7-trained"]
    assert feasible.paper == run["cos_theta_1"]
    assert all(value in feasible.statement for value in run)
    assert f"φ = {run['phi']}" in feasible.quantity
    assert f"{float(run['cos_theta_1']) - float(run['phi']):.4f}" in trained.quantity


@pytest.mark.parametrize(
    "name, column",
    [
        ("t2-cos-theta-1", "mean_abs_cos_theta_1"),
        ("t2-phi", "mean_phi"),
        ("t2-difference", "mean_abs_difference"),
    ],
)
def test_claims_about_table_2_quote_it(name, column):
    assert CLAIMS[name].paper == read_table(FOLDER, 2)[column].item()
