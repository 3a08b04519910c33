"""What the claims about MNIST quote follows from the paper's printed tables."""

import numpy as np
import pytest
from judging import CLAIMS, FOLDER

from fragility.paper.claims import read_table

PRINTED = {n: read_table(FOLDER, n) for n in (5, 6)}
FIVE = PRINTED[5].drop(columns="experiment").astype(float)
AVERAGES = PRINTED[6].set_index("alpha").loc["average"]
SIZE = {name: FIVE[name].abs() for name in FIVE}
CORRELATIONS = ("t5-cos-correlation", "t5-m-correlation")


def printed(values):
    """As the paper prints them, a true minus before the negative ones: 'a, b, c, d and e'."""
    words = [value.replace("-", "−") for value in values]
    return f"{', '.join(words[:-1])} and {words[-1]}"


@pytest.mark.parametrize(
    "name, value",
    [
        ("t5-mean-cos", SIZE["cos_theta_t"].mean()),
        ("t5-mean-l", FIVE["L"].mean()),
        ("t5-mean-q", FIVE["Q_over_half_L"].mean()),
        ("t5-mean-q-sign", FIVE["Q_over_half_L"].mean()),
        ("t5-mean-m", FIVE["M_over_half_L"].mean()),
        ("t6-average", AVERAGES.astype(float).mean()),
        ("t5-cos-correlation", np.corrcoef(SIZE["cos_theta_t"], SIZE["Q_over_half_L"])[0, 1]),
        ("t5-m-correlation", np.corrcoef(SIZE["M_over_half_L"], SIZE["Q_over_half_L"])[0, 1]),
    ],
)
def test_the_claims_numbers_follow_from_their_tables(name, value):
    assert CLAIMS[name].paper == f"{value:.4f}"
    assert CLAIMS[name].paper_n == ("4" if name.startswith("t6") else "5")


@pytest.mark.parametrize(
    "name, values",
    [
        ("t5-mean-cos", PRINTED[5]["cos_theta_t"].str.lstrip("-")),
        ("t5-mean-l", PRINTED[5]["L"]),
        ("t5-mean-q", PRINTED[5]["Q_over_half_L"]),
        ("t5-mean-m", PRINTED[5]["M_over_half_L"]),
        ("t6-average", AVERAGES),
    ],
)
def test_the_statements_quote_their_columns(name, values):
    assert printed(list(values)) in CLAIMS[name].statement


@pytest.mark.parametrize(
    "name, predictor", [("t5-cos-match", "cos_theta_t"), ("t5-m-match", "M_over_half_L")]
)
def test_the_reasons_quote_the_matches_of_the_printed_five(name, predictor):
    ratios = SIZE[predictor] / SIZE["Q_over_half_L"]
    reason = CLAIMS[name].reason
    assert f"the printed five give {printed([f'{ratio:.2f}' for ratio in ratios])}" in reason
    if name == "t5-cos-match":
        assert f"the paper's own median, {ratios.median():.2f}, would fail it" in reason
        assert abs(ratios.median() - 1) > float(CLAIMS[name].tolerance)


def test_the_reason_of_the_slope_quotes_the_printed_five_s():
    slope = np.polyfit(SIZE["M_over_half_L"], SIZE["Q_over_half_L"], 1)[0]
    assert f"the five printed columns give {slope:.2f}" in CLAIMS["t5-m-slope"].reason


def test_of_the_printed_correlations_one_would_fail_as_its_reason_says():
    tolerance, found_r = (
        {name: float(getattr(CLAIMS[name], field)) for name in CORRELATIONS}
        for field in ("tolerance", "paper")
    )
    assert found_r["t5-cos-correlation"] >= tolerance["t5-cos-correlation"] == 0.8
    assert found_r["t5-m-correlation"] < tolerance["t5-m-correlation"] == 0.8
    assert "which would fail it themselves" in CLAIMS["t5-m-correlation"].reason
    assert "which would fail" not in CLAIMS["t5-cos-correlation"].reason
    assert 1 - 0.8**2 > 1 / 3  # "more than a third of the variance is left"


def test_the_counts_are_of_the_printed_entries():
    assert CLAIMS["t5-sign-succeeds"].paper == f"{len(FIVE)}/{len(FIVE)}"
    cosines = PRINTED[6].set_index("alpha").drop("average").astype(float).to_numpy().ravel()
    assert (cosines < 0).all()
    claim = CLAIMS["t6-negative"]
    assert f"all {len(cosines)} printed cosines are negative" in claim.statement
    low = 0.025 ** (1 / len(cosines))  # Clopper and Pearson's, without a miss
    assert f"exact 95 % lower limit {low:.2f}" in claim.reason
    assert low > float(claim.tolerance)
