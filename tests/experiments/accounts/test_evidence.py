"""Evidence on each claim about the accounts, from made-up measures with known answers."""

from functools import cache

import numpy as np
import pytest
from accounts_results import linear, measured, smooth
from claim_cases import Case, turning
from judging import CLAIMS, FOLDER, estimates, verdicts

from fragility.experiments.accounts.evidence import evidence
from fragility.paper import claims
from fragility.paper.verdicts import NOT_COMPARABLE, REPRODUCED, WITHOUT_EVIDENCE

OURS = [
    claim.id
    for claim in claims.read_claims(FOLDER / "claims/accounts.yaml")
    if claim.rule not in WITHOUT_EVIDENCE
]
# a world in which the size of gradients, and in it the angle, has most of the variance
SPREAD = {
    "angle": 1.0, "change": 0.2, "margin": 0.3, "curvature": 0.01,
    "angle_networks": 1.0, "change_networks": 0.1, "margin_networks": 0.1,
    "angle_groups": 1.0, "change_groups": 0.1,
}  # fmt: skip


def found(spread=(), lines=None, gap=1e-6, kappa=None):
    table = measured(networks=5, groups=(0, 1, 2), **SPREAD | dict(spread))
    if kappa is not None:
        table["curvature"] = np.log(kappa)
    parts = [linear(**lines or {}), table, smooth(gap)]
    return evidence(parts, points=5, seed=7, resamples=60)


@cache
def right():
    """Evidence on which the angle has most of the variance."""
    return found()


CHANGES = {"change_networks": 1.0, "change_groups": 1.0}
CASES = {
    "accounts-angle-inputs": Case({}, {"spread": {"angle": 0.1, "change": 1.0}}),
    "accounts-angle-networks": Case(
        {}, {"spread": {"angle_networks": 0.1, "angle_groups": 0.05} | CHANGES}
    ),
    "accounts-size-inputs": Case({}, {"spread": {"margin": 3.0}}, also={"accounts-size-linf"}),
    "accounts-size-networks": Case(
        {}, {"spread": {"margin_networks": 4.0, "margin_groups": 4.0}}
    ),
    "accounts-quasi-linear": Case({}, {"kappa": 0.5}),
    "accounts-quadrature": Case({}, {"gap": 1e-3}),
}  # fmt: skip


def test_there_is_evidence_on_every_claim():
    assert set(right()) == set(OURS)


@pytest.mark.parametrize(("name", "case"), turning(CASES))
def test_each_verdict_turns_with_what_the_claim_is_about(name, case):
    assert verdicts(right())[name] == REPRODUCED
    wrong = found(**case.wrong)
    assert verdicts(wrong)[name] != REPRODUCED
    assert estimates(wrong)[name].value != estimates(right())[name].value


def test_curvature_carries_most_only_where_it_varies_most():
    assert verdicts(right())["accounts-curvature"] != REPRODUCED
    curved = {"curvature": 4.0}
    assert verdicts(found(curved))["accounts-curvature"] == REPRODUCED


def test_a_tilt_that_does_not_follow_the_distance_is_refused():
    assert verdicts(right())["accounts-tilt-digits"] == REPRODUCED
    table = measured(networks=5, groups=(0, 1, 2), **SPREAD)
    noise = measured(networks=5, groups=(0, 1, 2), key="noise", angle=1)["tilt_cos"]
    parts = [linear(), table.assign(tilt_cos=noise), smooth()]
    other = evidence(parts, points=5, seed=7, resamples=60)
    assert verdicts(other)["accounts-tilt-digits"] not in (REPRODUCED, NOT_COMPARABLE)


def test_a_wrong_direction_is_refused_on_theorem_6_s_data():
    assert verdicts(right())["accounts-tilt-theorem-6"] == REPRODUCED
    assert verdicts(found(lines={"tilt_cos": 0.3}))["accounts-tilt-theorem-6"] != REPRODUCED
    assert verdicts(found(lines={"mean_gap": 0.1}))["accounts-tilt-theorem-6"] != REPRODUCED


@pytest.mark.parametrize("column", ["curvature", "angle"])
def test_a_linear_network_with_another_kappa_or_angle_is_refused(column):
    assert verdicts(right())["accounts-known"] == REPRODUCED
    assert verdicts(found(lines={column: -0.3}))["accounts-known"] != REPRODUCED


def test_without_linear_networks_there_is_an_error():
    with pytest.raises(ValueError, match="no linear network"):
        evidence([measured(margin=1)], points=5, seed=7)


def test_linear_networks_are_no_part_of_claims_over_inputs():
    assert all("linear" not in part for part in right()["accounts-angle-inputs"].parts)
    assert CLAIMS["accounts-angle-inputs"].rule == "at_least"
