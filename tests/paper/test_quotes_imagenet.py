"""What the claims about ImageNet quote follows from the printed tables; they say whose network."""

import numpy as np
import pytest
from judging import CLAIMS, FOLDER

from fragility.experiments.imagenet.summary import random_mean_cos
from fragility.paper.claims import read_table

PRINTED = {n: read_table(FOLDER, n) for n in (7, 8)}
ENTRIES = 299 * 299 * 3
NUMBERS = ("t7-mean", "t8-mean-l", "t8-mean-q", "t8-mean-m")
PATTERNS = [name for name in CLAIMS if name[:3] in ("t7-", "t8-") and name not in NUMBERS]
EIGHT = PRINTED[8].drop(columns="experiment").astype(float)
COSINES = PRINTED[7].set_index("alpha").astype(float)
LAST = COSINES.loc["1.0"].abs().mean()
M, Q = EIGHT["M_over_half_L"].abs(), EIGHT["Q_over_half_L"]


@pytest.mark.parametrize(
    "name, value, digits",
    [
        ("t7-small", COSINES.drop("average").abs().to_numpy().mean(), 4),
        ("t7-chance", LAST / random_mean_cos(ENTRIES), 2),
        ("t8-m-correlation", np.corrcoef(M, Q)[0, 1], 4),
        ("t8-q-small", Q.mean(), 4),
        ("t8-mean-l", EIGHT["L"].mean(), 4),
        ("t8-mean-q", EIGHT["Q"].mean(), 4),
        ("t8-mean-m", EIGHT["M_over_half_L"].mean(), 4),
    ],
)
def test_the_claims_numbers_follow_from_their_tables(name, value, digits):
    assert float(CLAIMS[name].paper) == pytest.approx(value, abs=0.5000001 * 10**-digits)


def test_the_mean_cosine_follows_from_the_rows_not_the_printed_averages():
    rows = COSINES.drop("average").mean()
    assert float(CLAIMS["t7-mean"].paper) == pytest.approx(rows.mean(), abs=0.5e-4)
    assert (rows < 0).all()  # t7-negative: all four
    assert abs(COSINES.loc["average"].mean() - rows.mean()) > 0.005  # the twin


def test_reasons_quote_the_printed_ratios():
    match = (M / Q).round(2).tolist()
    assert f"the printed four give {match[0]}, {match[1]}, {match[2]} and {match[3]}" in (
        CLAIMS["t8-m-match"].reason
    )
    assert f"median {(M / Q).median():.2f}" in CLAIMS["t8-m-match"].reason
    slope = np.polyfit(M, Q, 1)[0]
    assert f"the four printed columns give −{abs(slope):.2f}" in CLAIMS["t8-m-slope"].reason
    assert slope < 0
    assert (
        f"the largest of the 44 printed cosines is {COSINES.drop('average').abs().max().max()}"
        in (CLAIMS["t7-small"].reason)
    )
    overall = COSINES.drop("average").abs().to_numpy().mean() / random_mean_cos(ENTRIES)
    assert f"over all 44: {overall:.2f}" in CLAIMS["t7-chance"].reason


# --- whose network ---


@pytest.mark.parametrize("name", PATTERNS)
def test_every_pattern_s_reason_says_whose_network_it_is_by_default(name):
    assert CLAIMS[name].reason.startswith(
        "not the paper's network and images by default: only whether the pattern holds is judged"
    )


@pytest.mark.parametrize("name", NUMBERS)
def test_every_printed_mean_s_reason_says_when_it_is_comparable(name):
    assert "only with the paper's network and classes, not comparable otherwise" in (
        CLAIMS[name].reason
    )
