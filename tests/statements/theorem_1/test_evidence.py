"""Evidence on Theorem 1's claims, from made-up trials with known answers."""

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
    slope_by_hand,
    turning,
)
from judging import all_but, estimates, verdicts
from scipy import stats
from scipy.stats import chi2

from fragility.paper.verdicts import NOT_COMPARABLE
from fragility.statements.theorem_1 import evidence as module
from fragility.statements.theorem_1.evidence import evidence, upper_half

DIMENSIONS = (8, 32, 128, 512)
TRIALS = 200
LENGTHS = stats.rayleigh(scale=np.sqrt(2)).cdf  # of ||e||: sqrt(2) times a chi of 2 degrees


def rows(
    perturbation=0.0,
    smallest=0.0,
    radius=0.0,
    error=1e-12,
    flips=1.0,
    hits=None,
    far=1.0,
    large=1.0,
    other=-0.5,
    length=1.0,
    last=1.0,
):
    """check.py's rows by the laws of the proof: independent normal entries of X.

    Args:
        perturbation, smallest, radius: exponents in d added to those of the laws.
        error: largest error of the outputs at x_d + e.
        flips, hits: shares of trials in which e flips, and hits its target (None: the law's).
        far: factor on the smallest distance of two points.
        large: factor on the network's smallest perturbation.
        other: exponent in d of the ratio of network to optimal, entries that are not normal.
        length: factor on ||e||.
        last: share of trials in which -R_dd Q_:,d alone flips.
    """
    generator = np.random.default_rng(1)
    parts = [_one(d, generator, flips, hits, last) for d in DIMENSIONS]
    table = pd.concat(parts, ignore_index=True)
    growth = table["d"] / DIMENSIONS[-1]  # 1 at the largest d
    table["observed_perturbation"] *= length * growth**perturbation
    table["observed_smallest"] *= large * growth**smallest
    table["observed_radius"] *= growth**radius
    table["observed_distance"] *= far
    table = table.assign(output_error=error, entries="normal")
    others = (_other(law, other) for law in ("student", "uniform"))
    return pd.concat([table, *others], ignore_index=True)


def _other(law, exponent):
    """Three trials at each d of an X whose entries are not normal."""
    d = np.repeat(DIMENSIONS[:3], 3)
    ratio = np.float_power(d, exponent) * np.tile([1.0, 1.01, 0.99], 3)
    return pd.DataFrame({"entries": law, "d": d, "observed_smallest": ratio, "observed_radius": 1})


def _one(d, generator, flips, hits, last):
    normal = generator.standard_normal((TRIALS, d))
    # sqrt(d) times X's least singular value has the tail exp(-t^2/2 - t)
    least = np.sqrt(1 - 2 * np.log(generator.uniform(size=TRIALS))) - 1
    own = generator.chisquare(d, TRIALS)
    others = generator.noncentral_chisquare(d, own[:, None], (TRIALS, d - 1))
    closest = generator.exponential(size=TRIALS) / (d * (d - 1) / 2)  # P(chi-square <= its value)
    # of the d outputs, d - 2 are sqrt(2) times normals over one chi of three degrees
    third = np.sqrt(generator.chisquare(3, TRIALS) / 2)
    by_law = (normal[:, 2:] <= third[:, None]).all(axis=1)
    return pd.DataFrame(
        {
            "d": d,
            "predicted_radius_median": np.median(np.sqrt(others.min(axis=1))) / 2,
            "predicted_smallest_median": d**-0.2,
            "predicted_target": 8 / d,
            "condition_error": 1e-13,
            "observed_perturbation": np.sqrt(2 * generator.chisquare(2, TRIALS)),
            "flips": (np.arange(TRIALS) < flips * TRIALS).astype(int),
            "hits_target": by_law if hits is None else np.arange(TRIALS) < hits * TRIALS,
            "last_direction_flips": np.arange(TRIALS) < last * TRIALS,
            "observed_smallest": least / np.abs(normal - normal[:, :1]).max(axis=1),
            "observed_radius": np.sqrt(others.min(axis=1)) / 2,
            "observed_distance": np.sqrt(2 * chi2.ppf(closest.clip(max=1), d)),
        }
    )


@cache
def found(**changes):
    return evidence(rows(**changes))


# what the laws of the proof themselves do not give
REFUTED = {
    "theorem-1-target-class",  # falls with d
    "theorem-1-proof-probability",  # the same at every d
    "theorem-1-distance-quantifier",
}
CASES = {
    "theorem-1-flip": Case({}, {"flips": 0.98}),
    "theorem-1-direction": Case({}, {"last": 0.9}),
    "theorem-1-outputs": Case({}, {"error": 1e-5}),
    "theorem-1-target": Case({}, {"error": 0.6}, {"theorem-1-outputs"}),
    "theorem-1-target-class": Case({"hits": 1.0}, {}),
    "theorem-1-law": Case({}, {"length": 1.1}),
    "theorem-1-perturbation-slope": Case({}, {"perturbation": 0.25}, {"theorem-1-law"}),
    "theorem-1-proof-probability": Case(
        {"perturbation": -0.25}, {}, {"theorem-1-perturbation-slope", "theorem-1-law"}
    ),
    "theorem-1-smallest-probability": Case({}, {"large": 10.0}),
    "theorem-1-network-slope": Case({}, {"smallest": 0.5}, {"theorem-1-ratio-slope"}),
    "theorem-1-optimal-slope": Case({}, {"radius": -0.2}),
    "theorem-1-ratio-slope": Case({}, {"smallest": 0.5}, {"theorem-1-network-slope"}),
    "theorem-1-not-gaussian": Case({}, {"other": -0.25}),
    "theorem-1-distance": Case({}, {"far": 0.8}),
    "theorem-1-distance-quantifier": Case({"far": 1.5}, {}),
}


def test_each_claim_of_the_theorem_has_evidence_and_a_case():
    assert set(CASES) == set(found()) == claims_of("theorem_1")


def test_the_laws_of_the_proof_reproduce_all_but_what_they_refute():
    assert verdicts(found()) == all_but(CASES, REFUTED)


@pytest.mark.parametrize(("name", "case"), turning(CASES))
def test_the_verdict_turns_with_what_the_claim_is_about(name, case):
    assert_turns(name, case, found)


def test_the_alternatives_that_the_claims_name_are_refused():
    assert_alternatives_refused(module, rows())


# --- the numbers themselves ---


def plain(**columns):
    """Two trials at each dimension, whose sizes are exact powers of d; others of another law."""
    d = np.repeat(np.array(DIMENSIONS, dtype=float), 2)
    table = {
        "entries": "normal",
        "d": d.astype(int),
        "predicted_radius_median": d**0.75,
        "predicted_smallest_median": d**-0.2,
        "predicted_target": 8 / d,
        "condition_error": [1e-15] * 7 + [3e-9],
        "output_error": [1e-14] * 3 + [2e-8] + [1e-14] * 4,
        "flips": [1, 1, 1, 1, 1, 1, 1, 0],
        "hits_target": [1, 0, 0, 0, 0, 1, 0, 0],
        "last_direction_flips": [1, 1, 1, 0, 1, 1, 1, 0],
        "observed_perturbation": 3 * d**0.25,
        "observed_smallest": d**-0.125,
        "observed_radius": 2 * d**0.625,
        "observed_distance": [0.6, 0.6, 0.6, 0.6, 0.71, 1.01, 0.68, 0.9] * np.sqrt(2 * d),
    }
    own = pd.DataFrame(table | columns)
    return pd.concat([own, _other("uniform", -0.375)], ignore_index=True)


NUMBERS = {
    "theorem-1-flip": 7 / 8,
    "theorem-1-direction": 6 / 8,
    "theorem-1-outputs": 2e-8,
    "theorem-1-target": 1.0,
    "theorem-1-target-class": 2 / 8,
    "theorem-1-law": stats.kstest(3 * np.float_power(DIMENSIONS, 0.25).repeat(2), LENGTHS).pvalue,
    "theorem-1-perturbation-slope": 0.25,
    "theorem-1-proof-probability": 0.0,  # 3 d^(1/4) is above 2 at all of these d
    "theorem-1-smallest-probability": 1.0,
    "theorem-1-network-slope": -0.125,
    "theorem-1-optimal-slope": 0.625,
    "theorem-1-ratio-slope": -0.75,
    "theorem-1-not-gaussian": -0.375,
    "theorem-1-distance": 3 / 4,  # of the upper half, d >= sqrt(8 * 512) = 64
    "theorem-1-distance-quantifier": 1 / 4,
}


def test_each_estimate_is_the_number_worked_out_by_hand():
    found = estimates(evidence(plain()))
    assert {name: each.value for name, each in found.items()} == pytest.approx(NUMBERS, abs=1e-12)


def test_estimates_count_all_trials_or_those_of_the_upper_half():
    counts = {"smallest-probability": 4, "distance": 4, "distance-quantifier": 4, "not-gaussian": 9}
    for name, estimate in estimates(evidence(plain())).items():
        assert estimate.n == counts.get(name.removeprefix("theorem-1-"), 8), name


def test_other_entries_are_judged_law_by_law():
    parts = found()["theorem-1-not-gaussian"].parts
    assert {law: each.value for law, each in parts.items()} == pytest.approx(
        {"student": -0.5, "uniform": -0.5}
    )


def test_without_two_dimensions_of_other_entries_there_is_no_verdict():
    table = plain().query("entries == 'normal' or d == 8")
    assert verdicts(evidence(table))["theorem-1-not-gaussian"] == NOT_COMPARABLE


def test_the_upper_half_begins_at_the_geometric_mean_of_the_dimensions():
    table = pd.DataFrame({"d": [8, 15, 16, 17, 32]})  # sqrt(8 * 32) = 16, itself in
    assert upper_half(table)["d"].tolist() == [16, 17, 32]


def test_the_proof_s_probability_is_regressed_on_the_logarithm_of_d():
    size = [1.0, 3.0, 1.0, 3.0, 2.0, 1.0, 1.5, 2.0]  # 2 itself counts
    estimate, *_ = evidence(plain(observed_perturbation=size))["theorem-1-proof-probability"]
    log_d = np.log(np.repeat(DIMENSIONS, 2))
    assert estimate.value == pytest.approx(slope_by_hand(log_d, [1, 0, 1, 0, 1, 1, 1, 1]))


def test_a_size_of_1_itself_counts_as_a_constant_and_small_d_do_not():
    size = [5.0, 5.0, 5.0, 5.0, 1.0, 1.0, 1.01, 0.5]
    estimate, *_ = evidence(plain(observed_smallest=size))["theorem-1-smallest-probability"]
    assert (estimate.value, estimate.n) == (3 / 4, 4)


def test_intervals_are_exact_where_the_answer_is():
    estimate, *_ = found()["theorem-1-flip"]
    assert (estimate.low, estimate.high) == (pytest.approx(all_hit(800)), 1)
    assert evidence(plain())["theorem-1-outputs"][0][:3] == (2e-8, 2e-8, 2e-8)


def test_notes_quote_the_numbers_beside_the_estimate():
    notes = {name: note for name, (_, note, *_) in evidence(plain()).items()}
    assert "holds to 3.0e-09" in notes["theorem-1-outputs"]
    assert "largest of all d outputs in 0.250" in notes["theorem-1-target"]
    # the mean of 1, 1/4, 1/16, 1/64
    assert "same trials: 0.332; " in notes["theorem-1-target-class"]
    assert "from one d to the next goes from -1.00 to -1.00" in notes["theorem-1-target-class"]
    assert "predicted -0.200 over these d" in notes["theorem-1-network-slope"]
    assert "predicted over these d: -0.950," in notes["theorem-1-ratio-slope"]  # -0.2 - 0.75
    assert "exact law over these d: 0.750; for d ≥ 128: 0.625" in notes["theorem-1-optimal-slope"]
    assert "0.60 at d = 8, 0.79 at d = 512" in notes["theorem-1-distance"]  # medians
