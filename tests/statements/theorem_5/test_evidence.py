"""Evidence on Theorem 5's claims, from made-up networks with known answers."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from claim_cases import Case, all_hit, assert_case, claims_of, slope_by_hand
from judging import all_but, estimates, verdicts
from scipy import stats

from fragility.paper.verdicts import NOT_COMPARABLE, PARTLY
from fragility.statements.theorem_5.evidence import evidence

TRIALS = 100  # of each kind, d and number of classes
PAIRS = 12  # points and ordered pairs of a network


def rows(
    error=1e-15, outside=1e-15, beyond=1.0, short=0.0, longest=1.0, reached=0.6, growth=0.4,
    three=1.0, opposite=1.0,
):  # fmt: skip
    """check.py's rows by the theorem's own laws.

    Args:
        error: difference of formula and network, over ||x||; ``outside``: part beyond the span.
        beyond, short: shares of networks in which all pairs flip beyond, and one short of, it.
        longest: factor on the formula over the bound.
        reached: share of pairs at which the label just beyond the boundary is j.
        growth: exponent in d of the formula's mean, trained networks.
        three, opposite: as beyond, of networks of three classes, and of those trained on opposite
            centres, in the part of them that ``beyond`` leaves.
    """
    generator = np.random.default_rng(6)
    conditions = pd.MultiIndex.from_product(
        [("random", "trained", "opposite"), (8, 32, 128), (2, 3), range(TRIALS)],
        names=["kind", "d", "classes", "trial"],
    )
    table = conditions.to_frame(index=False)
    n = len(table)
    ratio = np.abs(np.cos(generator.uniform(0, np.pi, (n, PAIRS))))  # of a uniform angle
    several, against = table["classes"] > 2, table["kind"] == "opposite"
    share = np.minimum(np.where(several, three, 1), np.where(against, opposite, 1))
    fails = generator.permutation(n) >= np.minimum(beyond, share) * n
    return table.assign(
        inner=np.where(against, -1.0, 0.0),
        pairs=PAIRS,
        error=error,
        outside=outside,
        beyond=np.where(fails, PAIRS - 1, PAIRS),
        short=np.where(generator.permutation(n) < short * n, 1, 0),
        ratio_one=ratio[:, 0],
        ratio_mean=ratio.mean(axis=1),
        ratio_largest=longest * ratio.max(axis=1),
        predicted_distance=table["d"] ** growth * np.exp(0.1 * generator.standard_normal(n)),
        predicted_bound=2.0,
        correct=10,
        # of two classes the other one is always reached
        reached=np.where(several, generator.binomial(10, reached, n), 10),
        nearest=5,
        nearest_reached=5,
    )


@cache
def found(**changes):
    return evidence(rows(**changes))


# what the laws of linear networks themselves do not give
REFUTED = {
    "theorem-5-first-inequality",  # the formula is the infimum: short of it nothing flips
    "theorem-5-label-class",  # a third class may be ahead of both
}
CASES = {
    "theorem-5-distance": Case({}, {"error": 1e-6}),
    "theorem-5-subspace": Case({}, {"outside": 1e-6}),
    "theorem-5-flip": Case({}, {"beyond": 0.95}, {"theorem-5-label", "theorem-5-inner-products"}),
    "theorem-5-first-inequality": Case({"short": 1.0}, {}),
    "theorem-5-second-inequality": Case({}, {"longest": 1.1}),
    "theorem-5-label": Case({}, {"beyond": 0.9}, {"theorem-5-flip", "theorem-5-inner-products"}),
    "theorem-5-label-class": Case({"reached": 1.0}, {}),
    "theorem-5-inner-products": Case({}, {"opposite": 0.8}, {"theorem-5-flip", "theorem-5-label"}),
    "theorem-5-growth": Case(
        {}, {"growth": 0.8}, by_construction="rule not_comparable: the theorem bounds, no order"
    ),
}


def test_each_claim_of_the_theorem_has_evidence_and_a_case():
    assert set(CASES) == set(found()) == claims_of("theorem_5")


def test_the_theorem_s_laws_reproduce_all_but_what_they_refute():
    assert verdicts(found()) == all_but(CASES, REFUTED) | {"theorem-5-growth": NOT_COMPARABLE}


@pytest.mark.parametrize("name", CASES)
def test_the_verdict_turns_with_what_the_claim_is_about(name):
    assert_case(name, CASES[name], found)


# --- the numbers themselves ---


def plain(**columns):
    """Random networks first, then trained ones: 2 and 4 classes at d = 4, 16 and 64; 2 others."""
    d = [4, 4, 16, 16, 64, 64]
    table = {
        "kind": ["random"] * 6 + ["trained"] * 6, "d": d * 2, "classes": [2, 4] * 6,
        "pairs": [6, 12] * 6, "beyond": [6, 12] * 6, "short": [0, 1, 0, 0, 3, 0] * 2,
        "error": 1e-16, "outside": 2e-16, "ratio_largest": 0.9, "ratio_mean": 0.5,
        "ratio_one": (np.arange(12) + 0.5) / 12,
        "predicted_distance": [float(k) ** 0.25 for k in d] + [float(k) ** 0.75 for k in d],
        "correct": 4, "reached": [4, 1] * 6, "nearest": 2, "nearest_reached": [2, 1] * 6,
    }  # fmt: skip
    others = {"kind": "opposite", "d": 4, "classes": [2, 4], "pairs": 6, "beyond": [6, 5]}
    others |= {"short": [1, 0], "error": 0.0, "outside": 0.0, "ratio_largest": 0.1}
    others |= {"ratio_mean": 0.5, "inner": [-0.5, -1.0]}
    return pd.concat([pd.DataFrame(table | columns), pd.DataFrame(others)], ignore_index=True)


NUMBERS = {
    "theorem-5-distance": 1e-16,
    "theorem-5-subspace": 2e-16,
    "theorem-5-flip": 13 / 14,  # all but one of the opposite ones
    "theorem-5-first-inequality": 5 / 14,  # in which any pair flips
    "theorem-5-second-inequality": 0.9,
    "theorem-5-label": 6 / 7,  # of 4 classes
    "theorem-5-label-class": 1 / 4,  # of trained networks of 4 classes
    "theorem-5-inner-products": 1 / 2,
    "theorem-5-growth": 0.75,  # of trained networks
}


def test_each_estimate_is_the_number_worked_out_by_hand():
    result = evidence(plain())
    found = estimates(result)
    assert {name: each.value for name, each in found.items()} == pytest.approx(NUMBERS)
    assert {name: each.n for name, each in found.items()} == dict.fromkeys(NUMBERS, 14) | {
        "theorem-5-label": 7,
        "theorem-5-label-class": 1,  # at one d
        "theorem-5-inner-products": 2,
        "theorem-5-growth": 6,
    }
    assert result["theorem-5-inner-products"].note == "mean inner product: -0.75 d"


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("theorem-5-distance", "error"),
        ("theorem-5-subspace", "outside"),
        ("theorem-5-second-inequality", "ratio_largest"),
    ],
)
def test_the_largest_of_all_networks_decides(name, column):
    estimate, *_ = evidence(plain(**{column: [0.1] * 7 + [0.3] + [0.2] * 4}))[name]
    assert estimate[:4] == (0.3, 0.3, 0.3, 14)


def test_a_network_flips_only_if_all_its_pairs_do():
    result = evidence(plain(beyond=[5, 12] + [6, 12] * 5))
    estimate, note, *_ = result["theorem-5-flip"]
    assert estimate.value == 12 / 14
    assert note == "118 of 120 points and pairs flip"
    assert result["theorem-5-label"].parts["2 classes"].value == 6 / 7
    full = found()["theorem-5-flip"].estimate
    assert (full.low, full.n) == (pytest.approx(all_hit(18 * TRIALS)), 18 * TRIALS)


def test_one_number_of_classes_that_fails_among_others_that_hold_is_partly():
    assert verdicts(found(three=0.8))["theorem-5-label"] == PARTLY


def test_the_label_s_share_is_a_mean_of_networks_that_classify_any_point():
    # of 4 classes, trained at d = 4: 1 of 1 and none
    counts = {"correct": [4] * 6 + [4, 1, 4, 4, 4, 0], "reached": [4, 4] * 3 + [4, 1, 4, 0, 4, 0]}
    nearest = {"nearest": 4, "nearest_reached": [2, 0] * 3 + [2, 0, 2, 1, 2, 4]}
    _, note, parts, _ = evidence(plain(**counts, **nearest))["theorem-5-label-class"]
    shares = {name: (each.value, each.n) for name, each in parts.items()}
    assert shares.pop("4 classes, d = 64") == (pytest.approx(np.nan, nan_ok=True), 0)
    assert shares == {"4 classes, d = 4": (1, 1), "4 classes, d = 16": (0, 1)}
    assert note == "to the nearest boundary: 0.42"


def test_the_interval_of_the_label_s_share_is_student_s_within_0_and_1():
    table = pd.concat([plain(reached=k) for k in (1, 2, 3)], ignore_index=True)
    (part, *_) = evidence(table)["theorem-5-label-class"].parts.values()
    half = stats.t.ppf(0.975, 2) * 0.25 / np.sqrt(3)  # 1/4, 1/2, 3/4
    assert part.value == pytest.approx(0.5)
    assert part.high == pytest.approx(min(1, 0.5 + half))


def test_growth_is_a_slope_over_trained_networks_and_the_note_s_over_random_ones():
    size = [1.0, 2.0, 3.0, 5.0, 8.0, 9.0]
    estimate, note, *_ = evidence(plain(predicted_distance=[7.0] * 6 + size))["theorem-5-growth"]
    log_d = np.log(np.repeat([4, 16, 64], 2))
    assert estimate.value == pytest.approx(slope_by_hand(log_d, np.log(size)))
    assert note == "random networks: 0.00"


def test_the_note_on_the_bound_holds_random_networks_to_the_arcsine_law():
    result = evidence(plain(ratio_mean=[0.5] * 5 + [1.1] + [0.4] * 6))
    note = result["theorem-5-second-inequality"][1]
    assert "random networks: 0.60 on average; trained networks: 0.40 on average" in note
    alone = ((np.arange(6) + 0.5) / 12) ** 2
    p = stats.kstest(alone, lambda x: 2 / np.pi * np.arcsin(np.sqrt(x))).pvalue
    assert note.endswith(f"p = {p:.2g}")
