"""Evidence on each claim of the second paper, from made-up results with known answers."""

import numpy as np
import pytest
from dimension_results import EPSILON, ROBUST, TOPOLOGIES, gaps, initial, measures
from judging import CLAIMS, FOLDER, estimates, verdicts

from fragility.experiments.dimension.evidence import ALTERNATIVES, evidence
from fragility.paper import claims
from fragility.paper.verdicts import NOT_COMPARABLE, NOT_REPRODUCED, REPRODUCED

IDS = [claim.id for claim in claims.read_claims(FOLDER / "claims/dimension.yaml")]


def found(first=None, trained=None, limit=None):
    return evidence(
        initial(**first or {}), [measures(**trained or {})], [gaps(**limit or {})],
        topologies=TOPOLOGIES, robust=ROBUST, epsilon=EPSILON, seed=1, resamples=200,
    )  # fmt: skip


@pytest.fixture(scope="module")
def good():
    return found()


def test_every_claim_has_a_finding_and_holds_where_the_paper_is_right(good):
    assert list(good) == IDS
    assert verdicts(good) == dict.fromkeys(IDS, REPRODUCED)


AVERAGE = {"average pooling": 0.0}
DENSE = dict.fromkeys(("fully connected, 1 hidden", "fully connected, 3 hidden"), 0.56)
ATTENUATED, GROWN = "dimension-attenuated", "dimension-vulnerability"
# what is wrong with the results, and the claims that do not survive it
CASES = {
    "no topology follows the law": (
        {"slopes": {"strided": 0.0, "max-pooling": 0.0} | AVERAGE | dict.fromkeys(DENSE, 0.0)}, {},
        {}, {"dimension-initial-l1", "dimension-initial-dense", "dimension-initial-average"},
    ),
    "a slope of 0.56 fully connected": ({"slopes": DENSE}, {}, {}, {"dimension-initial-dense"}),
    "the l2 norm grows": (
        {"l2": dict.fromkeys((*DENSE, "strided", "max-pooling", *AVERAGE), 0.3)}, {}, {},
        {"dimension-initial-l2"},
    ),
    "a closed form without a factor": ({"closed": 2**-0.5}, {}, {}, {"dimension-closed-form"}),
    "no growth after usual training": ({}, {"usual": 0.02}, {}, {"dimension-usual", ATTENUATED}),
    "no growth after PGD": ({}, {"robust": 0.02}, {}, {"dimension-robust"}),
    "PGD's networks grow as much": ({}, {"size": 1.0}, {}, {ATTENUATED}),
    "no growth on reduced images": ({}, {"reduced": 0.0}, {}, {"dimension-reduced"}),
    "fewer flips in larger images": ({}, {"curve": -1.0}, {}, {GROWN, "dimension-average-pooling"}),
    "average pooling is worse": ({}, {"pooled": 1.5}, {}, {"dimension-average-pooling"}),
    "PGD lies on its own curve": ({}, {"off": -2.0}, {}, {"dimension-one-curve"}),
    "damage is twice the norm": ({}, {"damage": 2.0}, {}, {"dimension-damage"}),
    "losses that differ in first order": ({}, {}, {"power": 1.0}, {"dimension-equal-losses"}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_wrong_results_refuse_the_claims_they_contradict(name):
    first, trained, limit, fallen = CASES[name]
    judged = verdicts(found(first, trained, limit))
    survivors = {claim for claim in IDS if judged[claim] == REPRODUCED}
    assert survivors == set(IDS) - fallen
    assert any(judged[claim] == NOT_REPRODUCED for claim in fallen)


def test_every_claim_falls_in_some_case():
    assert set().union(*(case[3] for case in CASES.values())) == set(IDS)


def test_average_pooling_alone_leaves_the_law_to_the_others():
    """The trial's slopes: the law holds for some topologies, and the average claim falls."""
    judged = verdicts(found({"slopes": AVERAGE}))
    assert judged["dimension-initial-l1"] == "partly"
    assert judged["dimension-initial-average"] == NOT_REPRODUCED


def test_numbers_are_the_exponents_put_in(good):
    ours = estimates(good)
    assert ours["dimension-usual"].value == pytest.approx(0.4, abs=0.02)
    assert ours["dimension-equal-losses"].value == pytest.approx(2)
    assert ours["dimension-closed-form"].value == pytest.approx(1, abs=0.03)
    assert ours["dimension-usual"].n == 4


def test_where_no_network_is_accurate_nothing_is_judged_and_the_note_says_so():
    bad = found(trained={"accuracy": 0.3})
    for name in ("dimension-usual", "dimension-vulnerability", "dimension-one-curve"):
        assert verdicts(bad)[name] == NOT_COMPARABLE
    assert "left out" in bad["dimension-usual"].note


def test_shuffled_gradients_do_not_predict_vulnerability():
    results = {
        "initial": initial(), "measures": [measures()], "gaps": [gaps()], "topologies": TOPOLOGIES,
        "robust": ROBUST, "epsilon": EPSILON, "seed": 1,
    }  # fmt: skip
    changed = ALTERNATIVES["shuffled"](results, np.random.default_rng(2))
    assert verdicts(evidence(**changed))["dimension-one-curve"] != REPRODUCED
    assert "shuffled" in CLAIMS["dimension-one-curve"].alternatives.values()
