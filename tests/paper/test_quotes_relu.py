"""What the claims about ReLU networks quote follows from the paper's printed tables."""

import pytest
from judging import CLAIMS, FOLDER

from fragility.paper.claims import read_table

PRINTED = {n: read_table(FOLDER, n) for n in (3, 4)}


def printed(number, row, column):
    table = PRINTED[number].set_index(PRINTED[number].columns[0])
    return table.loc[row, column].lstrip("-")


@pytest.mark.parametrize(
    "name, number, row, column",
    [
        ("t3-mean", 3, "0.444", "mean_rho"),
        ("t3-median", 3, "0.444", "median_rho"),
        ("t4-m", 4, "b1", "m"),
        ("t4-m", 4, "b2", "m"),
        *(
            (f"t4-{name}-{b}", 4, b, column)
            for name, column in (
                ("cos", "cos_theta_t"), ("delta", "delta"), ("ratio", "delta_over_m")
            )
            for b in ("b1", "b2")
        ),
    ],
)  # fmt: skip
def test_the_claims_quote_their_tables(name, number, row, column):
    assert CLAIMS[name].paper == printed(number, row, column)
    assert f"{float(CLAIMS[name].paper):.4f}" in CLAIMS[name].statement


def test_the_flat_claim_quotes_the_ends_of_the_printed_means():
    means = PRINTED[3]["mean_rho"]
    assert f"between {min(means)} and {max(means)}" in CLAIMS["t3-flat"].statement
    spread = max(means.astype(float)) - min(means.astype(float))
    assert float(CLAIMS["t3-flat"].tolerance) == pytest.approx(10 * spread, rel=0.1)


def test_the_match_claim_quotes_the_ratios_of_the_printed_pairs():
    table = PRINTED[4].set_index("input").astype(float).abs()
    ratios = table["delta_over_m"] / table["cos_theta_t"]
    assert f"{ratios['b1']:.4f} and {ratios['b2']:.4f}" in CLAIMS["t4-match"].reason
    assert (ratios - 1).abs().max() < float(CLAIMS["t4-match"].tolerance)
    # and delta/m is delta over m, to the digits of single precision
    assert (table["delta"] / table["m"] / table["delta_over_m"]).tolist() == pytest.approx(
        [1, 1], rel=1e-6
    )
