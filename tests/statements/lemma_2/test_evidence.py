"""Evidence on Lemma 2's claims, from made-up tails with known answers."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from claim_cases import (
    Case,
    assert_alternatives_refused,
    assert_turns,
    claims_of,
    slope_by_hand,
    turning,
)
from judging import all_but, verdicts
from scipy.stats import chi2

from fragility.statements.lemma_2 import evidence as module
from fragility.statements.lemma_2.closed_form import log_probability
from fragility.statements.lemma_2.evidence import evidence

ALPHAS = (1e-4, 1e-3, 1e-2, 0.02, 0.5, 0.97)


def rows(bound=0.5, degrees=1):
    """check.py's rows at d = 2 and 64.

    Args:
        bound: the power of alpha e^(1 - alpha), a dimension; the lemma's is 1/2.
        degrees: those of the chi-square law, a dimension; the lemma's is 1.
    """
    table = pd.DataFrame([(d, alpha) for d in (2, 64) for alpha in ALPHAS], columns=["d", "alpha"])
    d, alpha = table["d"], table["alpha"]
    return table.assign(
        log_bound=bound * d * (np.log(alpha) + 1 - alpha),
        log_probability=chi2.logcdf(d * alpha, degrees * d),
        hits=0,
        draws=1000,
    )


@cache
def found(**changes):
    return evidence(rows(**changes))


CASES = {
    "lemma-2-bound": Case({}, {"bound": 1.0}),  # without the root: too small a bound
    "lemma-2-limit": Case({}, {"degrees": 2}),  # twice the degrees: rarer still, so no breach
}


def test_each_claim_of_the_lemma_has_evidence_and_a_case():
    assert set(CASES) == set(found()) == claims_of("lemma_2")


def test_chi_square_tails_reproduce_both():
    assert verdicts(found()) == all_but(CASES, set())


@pytest.mark.parametrize(("name", "case"), turning(CASES))
def test_the_verdict_turns_with_what_the_claim_is_about(name, case):
    assert_turns(name, case, found)


def test_the_alternatives_that_the_claims_name_are_refused():
    table = rows().query("d == 64").assign(d=1024)  # where the bound is tight
    table["log_probability"] = log_probability(table["alpha"], table["d"])
    table["log_bound"] *= 1024 / 64
    assert_alternatives_refused(module, table)


# --- the numbers themselves ---


def test_the_bound_s_claim_is_about_the_least_slack_of_all_rows():
    table = pd.DataFrame(
        {
            "d": [1, 1, 4],
            "alpha": [0.001, 0.01, 0.5],
            "log_probability": [-3.0, -2.0, -1.5],
            "log_bound": [-2.5, -1.25, -1.1],  # 0.5, 0.75 and 0.4 above
        }
    )
    # the fit of the limit needs three points at the largest d
    more = pd.DataFrame({"d": 4, "alpha": [1e-4, 1e-3, 1e-2], "log_probability": -9.0})
    result = evidence(pd.concat([table, more.assign(log_bound=-1.0)], ignore_index=True))
    estimate, note, *_ = result["lemma-2-bound"]
    assert estimate[:4] == pytest.approx((-0.4, -0.4, -0.4, 6))
    assert note == "per dimension, at most 2.0000 above ln P at d = 4"  # (9 - 1) / 4


def test_the_limit_is_the_slope_of_the_small_alphas_at_the_largest_dimension():
    halves = np.log(ALPHAS[:3]) / 2
    per_d = np.log(-np.expm1(-np.array(ALPHAS[:3]))) / 2  # P(chi-square <= 2 alpha) = 1 - e^-alpha
    two = rows().query("d == 2")
    other = two.assign(d=1, log_probability=-5.0)  # does not count, nor does alpha above 0.01
    estimate, note, *_ = evidence(pd.concat([other, two], ignore_index=True))["lemma-2-limit"]
    assert estimate.value == pytest.approx(slope_by_hand(halves, per_d))
    assert estimate.n == 3
    assert note == "at d = 2, α from 0.0001 to 0.01"


def test_one_row_above_its_bound_is_enough_to_refuse_it():
    table = rows()
    table.loc[4, "log_bound"] = table.loc[4, "log_probability"] - 1e-12
    assert verdicts(evidence(table)) == all_but(CASES, {"lemma-2-bound"})
