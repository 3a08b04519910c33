"""Verdicts on each claim about ReLU networks, on made-up results like the paper's and unlike."""

import numpy as np
import pytest
from claim_cases import Case, turning
from judging import CLAIMS, all_but, verdicts
from relu_results import attacks, attacks_on, measures, results, solved

from fragility.experiments.relu.evidence import evidence
from fragility.paper.verdicts import INCONCLUSIVE, NOT_COMPARABLE, PARTLY, REPRODUCED

OURS = [name for name in CLAIMS if name.split("-")[0] in ("t3", "t4")]
NAN = float("nan")


def found(**changes):
    """Evidence from results that reproduce every claim, but for those given."""
    return evidence(**results(**changes))


@pytest.fixture(scope="module")
def good():
    return found()


def depths(two=0.326, five=0.31, **more):
    """Networks of one, two and five layers with these mean rho."""
    return [measures(), measures(two, layers=2, **more), measures(five, layers=5, **more)]


RISING = np.linspace(0.1, 0.7, 60)  # the easiest point is easier, the larger rho
FALLING = {
    "attacks": attacks_on(measures(), uneven=RISING),
    "depth_attacks": [attacks_on(part, uneven=RISING) for part in depths()],
}
EASIER = np.linspace(0.1, 0.7, 10)[np.roll(np.arange(10), 3)]  # with cos, as attacks rolls it

# for each claim: results on which it is reproduced, and results changed in what it is about
LARGER = {"t3-robustness", "t3-robustness-every-point"}  # where rho is larger and delta is not
CASES = {
    "t3-mean": Case({}, {"table_3": measures(0.65)}, {"t3-median", *LARGER}),
    "t3-median": Case({}, {"table_3": measures(0.65)}, {"t3-mean", *LARGER}),
    "t3-flat": Case({}, {"table_3": measures(trend=0.2)}, {"t3-robustness-every-point"}),
    "t3-robustness": Case(
        {}, {"attacks": attacks_on(measures(), 0.5)}, {"t3-robustness-every-point"}
    ),
    "t3-robustness-every-point": Case({}, {"attacks": attacks_on(measures(), uneven=0.4)}),
    "t3-robustness-layers": Case(
        {}, {"depth_attacks": [attacks_on(part, 0.5) for part in depths()]}
    ),
    "t3-smaller": Case({}, FALLING, {"t3-robustness-every-point"}),
    "t3-layers": Case({}, {"depth": depths(0.6, 0.65)}, {"t3-deeper"}),
    "t3-phi": Case({}, {"depth": [part.assign(phi=part["phi"] / 3) for part in depths()]}),
    "t3-deeper": Case({}, {"depth": depths(0.35, 0.36)}),
    "t3-wider": Case({}, {"wide": measures(0.30)}),
    "t4-cos-b1": Case({}, {"table_4": attacks(b1=0.5)}, {"t4-delta-b1", "t4-ratio-b1"}),
    "t4-cos-b2": Case({}, {"table_4": attacks(b2=0.5)}, {"t4-delta-b2", "t4-ratio-b2"}),
    "t4-delta-b1": Case({}, {"table_4": attacks(m=15.0)}, {"t4-m", "t4-delta-b2"}),
    "t4-delta-b2": Case({}, {"table_4": attacks(m=15.0)}, {"t4-m", "t4-delta-b1"}),
    "t4-m": Case({}, {"table_4": attacks(m=15.0)}, {"t4-delta-b1", "t4-delta-b2"}),
    "t4-ratio-b1": Case({}, {"table_4": attacks(b1=0.5)}, {"t4-cos-b1", "t4-delta-b1"}),
    "t4-ratio-b2": Case({}, {"table_4": attacks(b2=0.5)}, {"t4-cos-b2", "t4-delta-b2"}),
    "t4-match": Case(
        {},
        {"table_4": attacks(relative=1 / 4, b1=0.6, b2=0.6)},  # delta/m is not the cosine
        {"t4-cos-b1", "t4-cos-b2", "t4-match-every-point"},
    ),
    "t4-match-every-point": Case({}, {"table_4": attacks(uneven=0.4)}),
    "t4-minimum": Case({}, {"table_4": attacks(certified=0.5)}),
    "t4-fragility": Case({}, {"table_4": attacks(uneven=EASIER)}, {"t4-match-every-point"}),
    "t4-optimal": Case({}, {"classifiers": solved(0.5)}),
}
# further results that are not like the paper's, and exactly the claims that fall with them
OTHERWISE = {
    "twice the robustness": ({"attacks": attacks_on(measures(), 2)}, {"t3-robustness"}),
    "five layers keep nothing": ({"depth": depths(0.1, 0.1)}, {"t3-layers"}),
    "columns as drawn": ({"column_scale": 1}, {"t4-optimal"}),
}


def test_each_claim_of_the_experiment_has_evidence_and_a_case(good):
    assert set(CASES) == set(good) == set(OURS)
    assert len(OURS) == 23


def test_results_like_the_paper_s_reproduce_every_claim(good):
    assert verdicts(good) == dict.fromkeys(OURS, REPRODUCED)


@pytest.mark.parametrize(("name", "case"), turning(CASES))
def test_the_verdict_turns_with_what_the_claim_is_about(name, case, good):
    assert not case.right and verdicts(good)[name] == REPRODUCED
    assert verdicts(found(**case.wrong)) == all_but(OURS, {name, *case.also})


@pytest.mark.parametrize("name", OTHERWISE)
def test_other_results_do_not_reproduce_their_claims(name):
    changes, fallen = OTHERWISE[name]
    assert verdicts(found(**changes)) == all_but(OURS, fallen)


# one depth that differs, which of the claims about every depth sees it, and the worst part
ONE_DEPTH = [
    ({"depth": depths(five=0.1)}, "t3-layers", PARTLY),
    ({"depth": depths(five=0.36)}, "t3-deeper", PARTLY),
    ({"depth": [*depths()[:2], measures(0.31, layers=5, phi=0.3)]}, "t3-phi", PARTLY),
    (
        {"depth_attacks": [*FALLING["depth_attacks"][:2], attacks_on(depths()[2])]},
        "t3-smaller",
        PARTLY,
    ),
    (
        {
            "depth_attacks": [
                attacks_on(part, ratio) for part, ratio in zip(depths(), (1, 1, 2), strict=True)
            ]
        },
        "t3-robustness-layers",
        PARTLY,
    ),
]


@pytest.mark.parametrize(
    ("changes", "name", "verdict"), ONE_DEPTH, ids=[n for _, n, _ in ONE_DEPTH]
)
def test_one_depth_that_differs_is_not_pooled_with_the_others(changes, name, verdict):
    assert verdicts(found(**changes))[name] == verdict


@pytest.mark.parametrize("name", [n for n in OURS if CLAIMS[n].paper_n == "1"])
def test_networks_that_differ_by_factors_decide_nothing_of_one_printed_network(name):
    """Their spread allows for half and twice the printed number as well."""
    wild = attacks(b1=0.153, b2=0.149)
    factor = np.exp(1.5 * (wild["run"] % 5 - 2))
    changes = {"cos_theta_t": wild["cos_theta_t"] * factor / 20, "m": wild["m"] * factor}
    results_4 = wild.assign(**changes, delta=wild["delta"] * factor**2)
    assert verdicts(found(table_4=results_4))[name] == INCONCLUSIVE


@pytest.mark.parametrize("order", [(1, 2, 5), (1, 5, 2)])
@pytest.mark.parametrize("other", ["one network", "no compression"])
def test_a_depth_without_an_interval_does_not_hide_behind_the_others(order, other):
    five = measures(0.6, 1, layers=5)
    five = five.assign(rho=NAN) if other == "no compression" else five
    by_layers = {1: measures(), 2: measures(layers=2), 5: five}
    judged = verdicts(found(depth=[by_layers[layers] for layers in order]))
    for name in ("t3-layers", "t3-deeper", "t3-phi", "t3-smaller", "t3-robustness-layers"):
        assert judged[name] != REPRODUCED, name


def test_one_layer_alone_says_nothing_about_more():
    judged = verdicts(found(depth=[measures()]))
    about_more = {"t3-layers", "t3-deeper", "t3-robustness-layers"}
    assert {name for name in OURS if judged[name] != REPRODUCED} == about_more
    assert {judged[name] for name in about_more} == {NOT_COMPARABLE}


def test_without_any_perturbation_nothing_about_them_is_reproduced():
    none = {"delta": NAN, "cos_theta_t": NAN}
    rows = {"attacks": attacks_on(measures()).assign(**none), "table_4": attacks(**none)}
    deep = [attacks_on(part).assign(**none) for part in depths()]
    judged = verdicts(found(depth=depths(), depth_attacks=deep, **rows))
    about = {"t3-robustness", "t3-robustness-every-point", "t3-robustness-layers", "t3-smaller"}
    about |= {"t4-match", "t4-match-every-point", "t4-minimum", "t4-fragility"}
    about |= {f"t4-{name}-{b}" for name in ("cos", "delta", "ratio") for b in ("b1", "b2")}
    assert {name for name in OURS if judged[name] != REPRODUCED} == about


def test_without_any_compression_nothing_about_it_is_reproduced():
    table = measures().assign(rho=NAN)
    deep = [table, table.assign(layers=2)]
    judged = verdicts(found(table_3=table, depth=deep, narrow=table, wide=table))
    assert {name for name in OURS if judged[name] != REPRODUCED} == {
        name for name in OURS if name.startswith("t3-")
    }


def test_one_network_reproduces_nothing_that_needs_a_spread():
    one = measures(networks=1)
    changes = {"table_3": one, "narrow": one, "wide": one, "attacks": attacks_on(one)}
    deep = [one, one.assign(layers=2)]
    judged = verdicts(found(depth=deep, table_4=attacks(networks=1), **changes))
    assert REPRODUCED not in {judged[name] for name in OURS if name != "t4-optimal"}
