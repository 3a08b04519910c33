"""Evidence on Theorem 5's claims, from made-up networks with known answers."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from claim_cases import (
    Case,
    all_hit,
    assert_only_shown,
    assert_turns,
    claims_of,
    shown,
    slope_by_hand,
    turning,
)
from judging import all_but, verdicts
from scipy import stats

from fragility.paper.claims import NOT_COMPARABLE
from fragility.statements.theorem_5.evidence import evidence

TRIALS = 40  # of each kind, d and number of classes
PAIRS = 12  # points and ordered pairs of a network


def rows(error=1e-15, outside=1e-15, beyond=1.0, short=0.0, longest=1.0, reached=0.6, growth=0.4):
    """check.py's rows by the theorem's own laws.

    Args:
        error: difference of formula and network, over ||x||; ``outside``: part beyond the span.
        beyond, short: shares of networks in which all pairs flip beyond, and one short of, it.
        longest: factor on the formula over the bound.
        reached: share of pairs at which the label just beyond the boundary is j.
        growth: exponent in d of the formula's mean, trained networks.
    """
    generator = np.random.default_rng(6)
    conditions = pd.MultiIndex.from_product(
        [("random", "trained"), (8, 32, 128), (2, 3), range(TRIALS)],
        names=["kind", "d", "classes", "trial"],
    )
    table = conditions.to_frame(index=False)
    n = len(table)
    ratio = np.abs(np.cos(generator.uniform(0, np.pi, (n, PAIRS))))  # of a uniform angle
    several = table["classes"] > 2
    return table.assign(
        pairs=PAIRS,
        error=error,
        outside=outside,
        beyond=np.where(generator.permutation(n) < beyond * n, PAIRS, PAIRS - 1),
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
    "theorem-5-label",  # a third class may be ahead of both
}
CASES = {
    "theorem-5-distance": Case({}, {"error": 1e-6}),
    "theorem-5-subspace": Case({}, {"outside": 1e-6}),
    "theorem-5-flip": Case({}, {"beyond": 0.95}),
    "theorem-5-first-inequality": Case({"short": 1.0}, {}),
    "theorem-5-second-inequality": Case({}, {"longest": 1.1}),
    "theorem-5-label": Case({"reached": 1.0}, {}),
    "theorem-5-growth": Case(
        {}, {"growth": 0.8}, by_construction="rule not_comparable: the theorem bounds, no order"
    ),
}


def test_each_claim_of_the_theorem_has_evidence_and_a_case():
    assert set(CASES) == set(found()) == claims_of("theorem_5")


def test_the_theorem_s_laws_reproduce_all_but_what_they_refute():
    assert verdicts(found()) == all_but(CASES, REFUTED) | {"theorem-5-growth": NOT_COMPARABLE}


@pytest.mark.parametrize(("name", "case"), turning(CASES))
def test_the_verdict_turns_with_what_the_claim_is_about(name, case):
    assert_turns(name, case, found)


@pytest.mark.parametrize(("name", "case"), shown(CASES))
def test_the_verdict_cannot_turn_but_the_number_follows_the_rows(name, case):
    assert_only_shown(name, case, found)


# --- the numbers themselves ---


def plain(**columns):
    """Random networks first, then trained ones: 2 and 4 classes at d = 4, 16 and 64."""
    d = [4, 4, 16, 16, 64, 64]
    table = {
        "kind": ["random"] * 6 + ["trained"] * 6, "d": d * 2, "classes": [2, 4] * 6,
        "pairs": [6, 12] * 6, "beyond": [6, 12] * 6, "short": [0, 1, 0, 0, 3, 0] * 2,
        "error": 1e-16, "outside": 2e-16, "ratio_largest": 0.9, "ratio_mean": 0.5,
        "ratio_one": (np.arange(12) + 0.5) / 12,
        "predicted_distance": [float(k) ** 0.25 for k in d] + [float(k) ** 0.75 for k in d],
        "correct": 4, "reached": [4, 1] * 6, "nearest": 2, "nearest_reached": [2, 1] * 6,
    }  # fmt: skip
    return pd.DataFrame(table | columns)


NUMBERS = {
    "theorem-5-distance": 1e-16,
    "theorem-5-subspace": 2e-16,
    "theorem-5-flip": 1.0,
    "theorem-5-first-inequality": 4 / 12,  # in which any pair flips
    "theorem-5-second-inequality": 0.9,
    "theorem-5-label": 1 / 4,  # of trained networks of 4 classes
    "theorem-5-growth": 0.75,  # of trained networks
}


def test_each_estimate_is_the_number_worked_out_by_hand():
    result = evidence(plain())
    assert {name: estimate.value for name, (estimate, _) in result.items()} == (
        pytest.approx(NUMBERS)
    )
    counts = {name: estimate.n for name, (estimate, _) in result.items()}
    assert counts == dict.fromkeys(NUMBERS, 12) | {"theorem-5-label": 3, "theorem-5-growth": 6}


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("theorem-5-distance", "error"),
        ("theorem-5-subspace", "outside"),
        ("theorem-5-second-inequality", "ratio_largest"),
    ],
)
def test_the_largest_of_all_networks_decides(name, column):
    estimate, _ = evidence(plain(**{column: [0.1] * 7 + [0.3] + [0.2] * 4}))[name]
    assert estimate[:4] == (0.3, 0.3, 0.3, 12)


def test_a_network_flips_only_if_all_its_pairs_do():
    estimate, note = evidence(plain(beyond=[5, 12] + [6, 12] * 5))["theorem-5-flip"]
    assert estimate.value == 11 / 12
    assert note == "107 of 108 points and pairs flip"
    full = found()["theorem-5-flip"][0]
    assert (full.low, full.n) == (pytest.approx(all_hit(12 * TRIALS)), 12 * TRIALS)


def test_the_label_s_share_is_a_mean_of_networks_that_classify_any_point():
    # of 4 classes, trained: 1 of 1, 0 of 4 and none: the mean of 1 and 0, not 1 of 5
    counts = {"correct": [4] * 6 + [4, 1, 4, 4, 4, 0], "reached": [4, 4] * 3 + [4, 1, 4, 0, 4, 0]}
    nearest = {"nearest": 4, "nearest_reached": [2, 0] * 3 + [2, 0, 2, 1, 2, 4]}
    estimate, note = evidence(plain(**counts, **nearest))["theorem-5-label"]
    assert (estimate.value, estimate.n) == (0.5, 2)
    assert (estimate.low, estimate.high) == (0, 1)  # a share has no limits beyond these
    assert note == "4 classes: 0.50; to the nearest boundary: 0.42"


def test_the_interval_of_the_label_s_share_is_student_s():
    estimate, _ = evidence(plain(reached=[4, 1] * 3 + [4, 1, 4, 2, 4, 3]))["theorem-5-label"]
    half = stats.t.ppf(0.975, 2) * 0.25 / np.sqrt(3)  # 1/4, 1/2, 3/4
    assert estimate.value == pytest.approx(0.5)
    assert estimate.high == pytest.approx(min(1, 0.5 + half))


def test_growth_is_a_slope_over_trained_networks_and_the_note_s_over_random_ones():
    size = [1.0, 2.0, 3.0, 5.0, 8.0, 9.0]
    estimate, note = evidence(plain(predicted_distance=[7.0] * 6 + size))["theorem-5-growth"]
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
