"""Verdicts on robust training: results on which each claim holds, and a change that turns it."""

import numpy as np
import pandas as pd
import pytest
from causes_robust_results import classifiers, linear, lost, measures
from claim_cases import Case, assert_case
from judging import CLAIMS, verdicts

from fragility.experiments.causes.robust_training import alternatives
from fragility.experiments.causes.robust_training.conditions import (
    ADVERSARIAL,
    ANGLE,
    BOTH,
    CURVATURE,
    GRADIENT,
)
from fragility.experiments.causes.robust_training.evidence import evidence
from fragility.paper.verdicts import NOT_REPRODUCED, PARTLY, REPRODUCED, judge

BENT = {ANGLE: -0.3, BOTH: -0.3}
CASES = {
    "causes-robust-together": Case(
        {}, {"slope": -1.0}, {"causes-robust-angle"}
    ),
    "causes-robust-points": Case({}, {"points": 0.1}),
    "causes-robust-mean": Case({}, {"match": 1.5}),
    "causes-robust-angle": Case(
        {}, {"off": BENT}, {"causes-robust-together", "causes-robust-one-curve"}
    ),
    "causes-robust-curvature": Case(
        {}, {"off": {CURVATURE: 0.3, BOTH: 0.3}},
        {"causes-robust-one-curve", "causes-robust-necessary-fragility"},
    ),
    "causes-robust-linear": Case({}, {"aligned": 0.5}),
    "causes-robust-necessary-compression": Case(
        {}, {"best_cos": 0.8, "height": 0.6}, {"causes-robust-necessary-fragility"}
    ),
    "causes-robust-necessary-fragility": Case(
        {}, {"best_radius": 0.8, "height": 0.6}, {"causes-robust-necessary-compression"}
    ),
}  # fmt: skip


def found(aligned=0.99, best_cos=0.3, best_radius=0.3, change=None, **settings):
    rows = measures(**settings)
    return evidence(
        change(rows) if change else rows, linear(aligned), classifiers(best_cos, best_radius), 5.0
    )


def test_every_claim_has_a_case():
    told = {name for name in CLAIMS if name.startswith("causes-robust-")}
    assert set(CASES) == told - {"causes-robust-one-curve"}  # its case follows


@pytest.mark.parametrize("name", CASES)
def test_a_claim_turns_with_what_it_is_about(name):
    assert_case(name, CASES[name], found)


@pytest.mark.parametrize("off", [0.3, -0.3])
def test_a_method_off_the_curve_is_a_part_that_refuses_it(off):
    judged = judge(
        CLAIMS["causes-robust-one-curve"], found(off={ADVERSARIAL: off})["causes-robust-one-curve"]
    )
    assert judged.judgement.verdict == PARTLY
    # the common slope moves a little, so that a neighbour may come off, too; none is as far
    own = f"d = 5, 1 hidden layer of 16, {ADVERSARIAL}"
    assert judged.parts[own].verdict == NOT_REPRODUCED
    assert judged.judgement.low == judged.parts[own].low


def test_relu_networks_count_among_the_most_robust():
    judged = verdicts(found(height=0.6))
    for what in ("compression", "fragility"):
        assert judged[f"causes-robust-necessary-{what}"] != REPRODUCED


def test_exchanged_cosines_refuse_the_claims_that_name_them():
    results = {"robust": [measures()]}
    for name, change in alternatives.ALTERNATIVES.items():
        (changed,) = change(results, np.random.default_rng(0))["robust"]
        assert sorted(changed["cos"]) == sorted(results["robust"][0]["cos"])
        judged = verdicts(evidence(changed, linear(), classifiers(), 5.0))
        named = [claim.id for claim in CLAIMS.values() if name in claim.alternatives.values()]
        assert named
        assert {judged[claim] for claim in named} == {NOT_REPRODUCED}


def test_a_condition_without_accurate_networks_leaves_the_others_judged():
    whole = found(change=lambda rows: lost(rows, ADVERSARIAL, 0.5))
    assert set(verdicts(whole).values()) == {REPRODUCED}
    note = whole["causes-robust-together"].note
    assert f"{8 * 8} of {9 * 8} networks are accurate" in note


def test_without_any_pair_of_accurate_networks_there_is_no_estimate():
    def change(rows):
        return lost(lost(rows, ANGLE, 1.0), BOTH, 1.0)

    finding = found(change=change)["causes-robust-angle"]
    assert np.isnan(finding.estimate.value)
    assert "too few accurate networks" in finding.note


def test_each_kind_of_network_is_a_part():
    rows = pd.concat([measures(), measures(layers=3, slope=-1.0)])
    parts = evidence(rows, linear(), classifiers(), 5.0)["causes-robust-together"].parts
    one, three = (
        [estimate.value for name, estimate in parts.items() if words in name]
        for words in ("1 hidden layer of", "3 hidden layers of")
    )
    assert len(one) == len(three) == 2
    assert min(one) > 0.9
    assert max(three) < 0
    assert GRADIENT not in str(parts)
