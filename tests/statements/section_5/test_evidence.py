"""Evidence on the claims of Section 5, from made-up paths with known answers."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from claim_cases import Case, assert_turns, claims_of, slope_by_hand, turning
from judging import all_but, estimates, verdicts
from scipy import stats

from fragility.paper.verdicts import NOT_REPRODUCED, PARTLY, REPRODUCED
from fragility.statements.section_5.evidence import evidence

NETWORKS = 10  # of each d and number of hidden layers
POINTS = 8
N = (3, 11, 101)


def rows(cosine=0.3, slower=1.0, norms=1.3, split=1e-12, weight=1.0, radius=0.5, lost=0.0):
    """check.py's rows by equations (8) and (9) with gradients of nearly one norm.

    Args:
        cosine: mean cos theta on the direct path, and so z / ||x1 - x2||.
        slower: factor on the attacker's path, by which it is not the cosine.
        norms: largest over smallest gradient norm on the two paths of a pair.
        split: relative error of (8), summed exactly.
        weight: the sum's weights add up to L times 1 + weight / (n - 1); 1 by section 6.
        radius: the optimal radius over ||x1 - x2||; half of it, by geometry.
        lost: share of paths that never change g by D.
    """
    generator = np.random.default_rng(10)
    networks = [(d, layers) for d in (8, 10) for layers in (1, 2) for _ in range(NETWORKS)]
    shared = pd.DataFrame(networks, columns=["d", "layers"]).rename_axis("network").reset_index()
    paths = shared.loc[shared.index.repeat(POINTS)].assign(kind="path", optimal_radius=radius)
    paths["predicted_ratio"] = cosine * (1 + 0.1 * generator.standard_normal(len(paths)))
    paths["observed_ratio"] = slower * paths["predicted_ratio"]
    paths.loc[generator.permutation(len(paths)) < lost * len(paths), "observed_ratio"] = np.nan
    paths["ratio_flip"] = paths["observed_ratio"] / 2
    paths["norm_ratio"] = norms * (1 + 0.05 * generator.standard_normal(len(paths)))
    paths["split_error"] = np.where(paths["layers"] == 1, split, np.nan)
    sums = pd.concat(
        shared.assign(kind="sum", n=n, error_midpoint=n**-2.0, observed_sum=1 + weight / (n - 1))
        for n in N
    )
    sums["observed_sum"] += 1e-3 * generator.standard_normal(len(sums))
    cv = {"norm_cv_direct": 0.05, "norm_cv_attack": 0.04}
    return pd.concat([paths.assign(**cv), sums], ignore_index=True)


@cache
def found(**changes):
    return evidence(rows(**changes))


# what constant gradients themselves do not give
REFUTED = {"section-5-optimal"}  # the boundary lies halfway to x1
CASES = {
    "section-5-integral": Case({}, {"split": 1e-3}),
    "section-5-sum": Case({"weight": 0.0}, {"weight": 20.0}),
    "section-5-length": Case({}, {"cosine": 0.8}),
    "section-5-gradient": Case({}, {"norms": 3.0}),
    "section-5-compression": Case({}, {"slower": 1.5}),
    "section-5-optimal": Case({"radius": 1.0}, {}),
}


def test_each_claim_of_the_section_has_evidence_and_a_case():
    assert set(CASES) == set(found()) == claims_of("section_5")


def test_constant_gradients_reproduce_all_but_what_they_refute():
    # 11 weights of L / 10 add up to 1.1 L, 101 of L / 100 to 1.01 L
    assert verdicts(found()) == all_but(CASES, REFUTED) | {"section-5-sum": PARTLY}


@pytest.mark.parametrize(("name", "case"), turning(CASES))
def test_the_verdict_turns_with_what_the_claim_is_about(name, case):
    assert_turns(name, case, found)


# --- the numbers themselves ---


def path(**columns):
    """Three networks: two points of the first, one each of the others."""
    table = {
        "kind": "path", "d": [8, 8, 8, 10], "layers": [1, 1, 2, 1], "network": [0, 0, 1, 2],
        "observed_ratio": [0.2, 0.4, 0.5, 0.4], "predicted_ratio": [0.4, 0.4, 0.5, 0.2],
        "ratio_flip": [0.1, 0.2, 0.3, 0.15], "norm_ratio": [1.0, 2.0, 1.2, 1.5],
        "norm_cv_direct": 0.05, "norm_cv_attack": 0.04,
        "split_error": [1e-12, 3e-12, np.nan, 2e-12], "optimal_radius": [0.5, 0.4, 0.5, 0.7],
    }  # fmt: skip
    return pd.DataFrame(table | columns)


def sums(**columns):
    """Three networks at n = 3, 10 and 90: (8) with errors 1 / n^2."""
    n = np.repeat([3, 10, 90], 3)
    table = {
        "kind": "sum", "d": 8, "layers": 1, "network": [0, 1, 2] * 3, "n": n,
        "error_midpoint": 1 / n**2, "observed_sum": [2.0] * 3 + [1.0, 1.1, 1.2] + [5.0] * 3,
    }  # fmt: skip
    return pd.DataFrame(table | columns)


NUMBERS = {
    "section-5-integral": 3e-12,  # the largest
    "section-5-sum": 5.0,  # at n = 90, the nearest to 101; 1.1 at 10, the nearest to 11
    "section-5-length": 0.5,  # of networks of 0.3, 0.5 and 0.4, each of another kind
    "section-5-gradient": 1.5,  # of 1.5, 1.2 and 1.5
    "section-5-compression": 2.0,  # of (1/2 + 1) / 2, 1 and 2
    "section-5-optimal": 0.525,  # over pairs
}


def result(paths=None, summed=None):
    paths, summed = path() if paths is None else paths, sums() if summed is None else summed
    return evidence(pd.concat([paths, summed], ignore_index=True))


def test_each_estimate_is_the_number_worked_out_by_hand():
    plain = estimates(result())
    assert {name: each.value for name, each in plain.items()} == pytest.approx(NUMBERS)
    assert {name: each.n for name, each in plain.items()} == {
        "section-5-integral": 3,  # networks of two hidden layers have none
        "section-5-sum": 3,
        "section-5-length": 1,  # networks of one kind
        "section-5-gradient": 1,
        "section-5-compression": 1,
        "section-5-optimal": 4,  # pairs
    }


def test_parts_are_dimensions_and_numbers_of_layers():
    parts = result()["section-5-compression"].parts
    assert {kind: each.value for kind, each in parts.items()} == pytest.approx(
        {"d = 8, 1 hidden": 0.75, "d = 8, 2 hidden": 1.0, "d = 10, 1 hidden": 2.0}
    )


def test_means_over_networks_have_student_s_interval():
    t = stats.t.ppf(0.975, 2) / np.sqrt(3)
    alike = result(path(d=8, layers=1))["section-5-length"].parts["d = 8, 1 hidden"]
    assert (alike.low, alike.high) == pytest.approx((0.4 - t * 0.1, 0.4 + t * 0.1))
    plain = result()
    total = plain["section-5-sum"].parts["10 points"]
    assert (total.low, total.high) == pytest.approx((1.1 - t * 0.1, 1.1 + t * 0.1))
    extremes = plain["section-5-optimal"].estimate
    assert extremes[:3] == pytest.approx((0.525, 0.4, 0.7))
    assert plain["section-5-integral"].estimate[:3] == (3e-12, 3e-12, 3e-12)


def test_compression_is_a_mean_of_ratios_not_a_ratio_of_means():
    plain = path(observed_ratio=0.4, predicted_ratio=[0.2, 0.8, 0.4, 0.4])
    _, note, parts, _ = result(plain)["section-5-compression"]
    assert parts["d = 8, 1 hidden"].value == pytest.approx((2 + 0.5) / 2)
    assert note.startswith("over all pairs from 0.50 to 2.00; 0 of 4 paths")


def test_a_path_that_never_reaches_the_change_counts_as_the_direct_one():
    lost = result(path(observed_ratio=[0.2, np.nan, 0.5, np.nan]))
    _, note, parts, _ = lost["section-5-length"]
    assert {kind: each.value for kind, each in parts.items()} == pytest.approx(
        {"d = 8, 1 hidden": 0.6, "d = 8, 2 hidden": 0.5, "d = 10, 1 hidden": 1.0}
    )
    assert note.startswith("2 of 4 paths never change g by D, counted")
    # its gradients are those on the way that it went
    assert lost["section-5-gradient"].parts["d = 10, 1 hidden"].value == 1.5
    assert lost["section-5-compression"].parts["d = 10, 1 hidden"].value == pytest.approx(5)


def test_claims_on_paths_are_refused_where_most_paths_are_lost():
    judged = verdicts(found(lost=0.9))
    assert judged["section-5-length"] == judged["section-5-compression"] == NOT_REPRODUCED
    assert verdicts(found(lost=0.02))["section-5-length"] == REPRODUCED


def test_a_gradient_that_vanishes_counts_as_the_largest_ratio():
    parts = result(path(norm_ratio=[1.0, np.inf, 1.2, np.nan]))["section-5-gradient"].parts
    assert {kind: each.value for kind, each in parts.items()} == pytest.approx(
        {"d = 8, 1 hidden": (1 + 100) / 2, "d = 8, 2 hidden": 1.2, "d = 10, 1 hidden": 100}
    )


def test_one_kind_of_network_that_fails_is_partly():
    table = rows()
    table.loc[(table["d"] == 8) & (table["layers"] == 2), "observed_ratio"] = 0.8
    judged = verdicts(evidence(table))
    assert judged["section-5-length"] == judged["section-5-compression"] == PARTLY


def test_the_way_to_the_boundary_is_over_the_optimal_radius():
    # twice the mean over networks of 0.15, 0.3 and 0.15: the radius is half of ||x1 - x2||
    assert result()["section-5-length"][1].endswith("to g = 0 it is 0.40 of the optimal radius")


def test_the_integral_s_note_shows_how_errors_of_the_midpoint_rule_fall():
    errors = [0.4, 0.1, 0.1, 0.02, 0.04, 0.03, 0.001, 0.003, 0.002]
    note = result(summed=sums(error_midpoint=errors))["section-5-integral"][1]
    by_hand = slope_by_hand(np.log([3, 10, 90]), np.log([0.2, 0.03, 0.002]))
    assert note.endswith(f"2.0e-03 with 90 points, falling with slope {by_hand:.2f}")


def test_notes_on_the_sum_and_the_norms():
    notes = {name: note for name, (_, note, *_) in result().items()}
    assert notes["section-5-sum"] == "n / (n − 1): 1.111 for 10 points; 1.011 for 90 points"
    assert notes["section-5-gradient"] == (
        "largest over all pairs 2.0; coefficient of variation 0.050 on the direct path and 0.040 "
        "on the attacker's"
    )
