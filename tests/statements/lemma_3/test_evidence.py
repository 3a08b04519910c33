"""Evidence on Lemma 3's claims, from made-up tests of known outcome."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from claim_cases import (
    Case,
    all_hit,
    assert_alternatives_refused,
    assert_turns,
    claims_of,
    turning,
)
from judging import all_but, verdicts
from scipy import stats
from scipy.special import digamma

from fragility.paper.verdicts import NOT_COMPARABLE
from fragility.statements.lemma_3 import evidence as module
from fragility.statements.lemma_3.evidence import evidence

CHAINS = {"3-4-6": "grows", "3-6-4": "shrinks", "3-2-5": "below n1"}
DRAWS = 20000
STATISTICS = {  # of a 2 x 2 part of R: the kind of each
    "R[1,1]": "diagonal",
    "R[1,2]": "above",
    "R[2,2]": "diagonal",
    "ln ‖Rv‖²": "joint",
    "‖R‖²": "joint",
    "ln det R": "joint",
    "ln smallest singular value": "joint",
}


def rows(entry=None, joint=None, shrunken=None, degree=0, below_rank=1e-15):
    """check.py's rows for one chain of each kind, p-values uniform as of true laws.

    Args:
        entry, joint: p-value of R[1,2] and of ||R||^2 on the growing chain (None: uniform).
        shrunken: p-value of R[1,2] on the chain that shrinks (None: uniform).
        degree: added to the chi-square degrees of the growing chain's R_jj, 0 by the lemma.
        below_rank: R's largest entry below its rank, of its largest entry, where n_1 is cut.
    """
    generator = np.random.default_rng(4)
    parts = [_chain(chain, regime, generator) for chain, regime in CHAINS.items()]
    table = pd.concat(parts, ignore_index=True).set_index(["regime", "statistic"])
    for place, p in {
        ("grows", "R[1,2]"): entry,
        ("grows", "‖R‖²"): joint,
        ("shrinks", "R[1,2]"): shrunken,
    }.items():
        if p is not None:
            table.loc[place, "p_law"] = p
    for name in ("R[1,1]", "R[2,2]"):
        table.loc[("grows", name), "observed_mean"] += _log_mean("3-4-6", name, degree)
        table.loc[("grows", name), "observed_mean"] -= _log_mean("3-4-6", name)
    table.loc["below n1", "below_rank"] = below_rank
    return table.reset_index()


def _chain(chain, regime, generator):
    n = len(STATISTICS)
    table = {
        "d": 3, "chain": chain, "regime": regime, "rank": min(map(int, chain.split("-"))),
        "below_rank": 0.0, "draws": DRAWS, "statistic": list(STATISTICS),
        "kind": list(STATISTICS.values()),
        "predicted_mean": [_log_mean(chain, name) for name in STATISTICS],
        "standard_error": 0.005, "ks_distance": 0.01, "p_law": generator.uniform(size=n),
        "p_wrong": 1e-30, "p_shuffled": 1e-20, "p_reversed": generator.uniform(size=n),
    }  # fmt: skip
    observed = table["predicted_mean"] + 0.005 * generator.standard_normal(n)
    return pd.DataFrame(table | {"observed_mean": observed})


def _log_mean(chain, name, degree=0):
    """E ln R_jj = sum over layers of (digamma(k/2) + ln 2) / 2, k = n_{i+1} - j + 1."""
    if name not in ("R[1,1]", "R[2,2]"):
        return np.nan if name == "ln smallest singular value" else 1.0  # without a closed form
    j = int(name[2])
    k = [int(width) - j + 1 + degree for width in chain.split("-")[1:]]
    return float(sum((digamma(np.array(k) / 2) + np.log(2)) / 2))


@cache
def found(**changes):
    return evidence(rows(**changes))


CASES = {
    "lemma-3-entries": Case({}, {"entry": 1e-6}),
    "lemma-3-joint": Case({}, {"joint": 1e-6}),
    "lemma-3-log-diagonal": Case({}, {"degree": 1}),
    "lemma-3-excluded": Case({}, {"shrunken": 1e-6}),
    # R has no full rank where a width is below n_1
    "lemma-3-below": Case({"below_rank": 0.1}, {}),
}


def test_each_claim_of_the_lemma_has_evidence_and_a_case():
    assert set(CASES) == set(found()) == claims_of("lemma_3")


def test_true_laws_reproduce_all_but_a_rank_that_r_cannot_have():
    assert verdicts(found()) == all_but(CASES, {"lemma-3-below"})


@pytest.mark.parametrize(("name", "case"), turning(CASES))
def test_the_verdict_turns_with_what_the_claim_is_about(name, case):
    assert_turns(name, case, found)


def test_the_alternatives_that_the_claims_name_are_refused():
    assert_alternatives_refused(module, rows())


def test_one_degree_too_many_is_a_width_more_after_the_first():
    changed = module.ALTERNATIVES["lemma_3 degree"](rows(), None)
    grown = changed[changed["chain"] == "3-4-6"].set_index("statistic")["predicted_mean"]
    assert grown["R[2,2]"] == pytest.approx(_log_mean("3-4-6", "R[2,2]", degree=1))
    cut = (changed["regime"] == "below n1") & (changed["kind"] == "diagonal")
    assert changed["predicted_mean"][cut].equals(rows()["predicted_mean"][cut])


# --- the numbers themselves ---


def test_p_values_are_multiplied_by_the_number_of_their_claim_s_tests():
    for changes, name, n in (
        ({"entry": 1e-6}, "lemma-3-entries", 3),
        ({"joint": 1e-6}, "lemma-3-joint", 4),
        # seven laws, and the means of R[1,1], R[2,2], ln ||Rv||^2 and ln det R
        ({"shrunken": 1e-6}, "lemma-3-excluded", 11),
    ):
        estimate, *_ = found(**changes)[name]
        assert estimate[:4] == pytest.approx((n * 1e-6, n * 1e-6, n * 1e-6, n)), name


def test_the_mean_of_a_logarithm_is_held_to_the_normal_law():
    table = rows()
    diagonal = (table["regime"] == "grows") & (table["kind"] == "diagonal")
    # 1 and 3 standard errors off
    table.loc[diagonal, "observed_mean"] = table.loc[diagonal, "predicted_mean"] + [0.005, -0.015]
    estimate, note, *_ = evidence(table)["lemma-3-log-diagonal"]
    assert estimate.value == pytest.approx(2 * 2 * stats.norm.sf(3))
    assert note == "largest difference of means 0.0150"


def test_means_of_squares_and_of_other_chains_are_not_held_to_it():
    table = rows()
    table.loc[table["kind"] == "above", "observed_mean"] += 1
    table.loc[table["regime"] == "below n1", "observed_mean"] += 1
    assert verdicts(evidence(table)) == all_but(CASES, {"lemma-3-below"})


def test_a_shrinking_chain_s_means_count_besides_its_laws():
    table = rows()
    volume = (table["regime"] == "shrinks") & (table["statistic"] == "ln det R")
    table.loc[volume, "observed_mean"] = table["predicted_mean"] + 5 * 0.005
    estimate, *_ = evidence(table)["lemma-3-excluded"]
    assert estimate.value == pytest.approx(11 * 2 * stats.norm.sf(5))


def test_a_chain_is_of_full_rank_with_all_its_draws_or_with_none():
    other = rows(below_rank=0.1).query("regime == 'below n1'").assign(chain="4-2-8", draws=60000)
    table = pd.concat([rows(), other], ignore_index=True)
    assert evidence(table)["lemma-3-below"][0].value == 60000 / 80000
    full = found(below_rank=0.1)["lemma-3-below"][0]
    assert (full.value, full.low, full.n) == (1, pytest.approx(all_hit(DRAWS)), DRAWS)


@pytest.mark.parametrize(("below_rank", "value"), [(0.9e-9, 0), (1.1e-9, 1)])
def test_a_billionth_of_the_largest_entry_is_rounding(below_rank, value):
    assert found(below_rank=below_rank)["lemma-3-below"][0].value == value


def test_the_note_on_a_cut_rank_tests_the_law_of_trapezoidal_factors():
    table = rows()
    table.loc[(table["regime"] == "below n1") & (table["statistic"] == "R[1,2]"), "p_law"] = 0.02
    note = evidence(table)["lemma-3-below"][1]
    assert note.endswith("the law holds: smallest p 0.22")  # 11 tests


@pytest.mark.parametrize(
    ("regime", "missing"), [("shrinks", "lemma-3-excluded"), ("below n1", "lemma-3-below")]
)
def test_without_chains_of_a_kind_its_claim_is_not_comparable(regime, missing):
    result = evidence(rows(below_rank=0.1).query("regime != @regime"))
    assert verdicts(result) == all_but(CASES, set()) | {missing: NOT_COMPARABLE}
    assert result[missing][0].n == 0
