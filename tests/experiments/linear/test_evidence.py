"""Evidence on each linear claim, from made-up results with known answers."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fragility.experiments.linear import evidence as module
from fragility.experiments.linear.evidence import evidence
from fragility.paper import claims
from fragility.paper.estimates import correlation, mean, proportion, slope

FOLDER = Path(claims.__file__).parents[2] / "paper"
PRINTED = claims.read_table(FOLDER, 1)
PHI = np.array([0.1, 0.2, 0.3, 0.4, 0.5])
ACTUAL = PHI + np.array([0.02, 0.04, 0.02, 0.04, 0.03])  # |cos theta_1|


def networks(d, phi, cos_1, valid=1, cos_2=0.99):
    """Networks of feature norm 4 whose mean perturbation is |cos theta_1| times that."""
    cos_1 = np.asarray(cos_1, dtype=float)
    return pd.DataFrame(
        {
            "d": d, "run": range(len(cos_1)), "valid": valid, "cos_theta_1": cos_1,
            "cos_theta_2": cos_2, "phi": phi, "feature_norm": 4.0,
            "perturbation_min": 3 * np.abs(cos_1), "perturbation_mean": 4 * np.abs(cos_1),
            "perturbation_max": 5 * np.abs(cos_1),
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def measures():
    """d = 12: 2 invalid, 5 aligned, 1 valid like Table 1's run 7; d = 7: differences of 0.1."""
    twelve = [
        networks(12, [0.9, 0.9], [0.1, 0.1], valid=0),
        networks(12, PHI, -ACTUAL, cos_2=-0.98),
        networks(12, [0.05], [0.80], cos_2=0.1),
    ]
    seven = networks(7, [0.4, 0.5, 0.6], [0.5, 0.6, 0.7])
    return pd.concat([seven, *twelve], ignore_index=True)


@pytest.fixture(scope="module")
def solved():
    """Ten matrices at two scales: the norm is the radius for 9 and for 2; phi moves by 1e-9."""
    frames = [
        pd.DataFrame(
            {
                "column_scale": scale, "matrix": range(10), "feature_norm": 2.0,
                "class_radius": [2.0] * whole + [1.0] * (10 - whole),
                "phi": np.linspace(0.1, 0.9, 10) * (1 + shift),
            }
        )
        for scale, whole, shift in ((5, 9, np.linspace(0, 1e-9, 10)), (1, 2, 0))
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)


@pytest.fixture(scope="module")
def feasibility():
    """Largest cosines where phi is fixed: 3 of 8 reach run 7's 0.7794; where free: all do."""
    fixed = pd.DataFrame({"phi_fixed": 1, "largest_cos_theta_1": [0.1] * 5 + [0.7794, 0.8, 0.9]})
    free = pd.DataFrame({"phi_fixed": 0, "largest_cos_theta_1": [0.99] * 8})
    return pd.concat([free, fixed], ignore_index=True)


SETTINGS = {"table_dimension": 12, "column_scale": 5, "aligned_above": 0.9, "n_runs": 4}


def by_dimension(measures):
    """As the jobs leave them: a table for each dimension."""
    return [part for _, part in measures.groupby("d")]


@pytest.fixture(scope="module")
def found(measures, solved, feasibility):
    return evidence(by_dimension(measures), solved, feasibility, PRINTED, **SETTINGS)


PREFIXES = ("t1", "t2", "f2", "s6")  # tables, figure and section of the linear experiment


def test_evidence_is_on_exactly_the_linear_claims(found):
    linear = [c.id for c in claims.read_claims(FOLDER) if c.id.split("-")[0] in PREFIXES]
    assert sorted(found) == sorted(linear)


def test_every_claim_can_be_judged_on_it(found):
    for claim in claims.read_claims(FOLDER):
        if claim.id in found:
            assert claims.judge(claim, found[claim.id][0]) in claims.VERDICTS


def test_table_1_s_claims_are_about_aligned_networks_at_the_table_s_dimension(found):
    assert found["t1-cos-theta-2"][0] == mean([0.98] * 5)
    assert found["t1-correlation"][0] == correlation(PHI, ACTUAL)
    assert found["t1-slope"][0] == slope(PHI, ACTUAL)  # of |cos theta_1| on phi
    assert found["t1-slope"][0].value != pytest.approx(slope(ACTUAL, PHI).value, abs=1e-3)


def test_table_2_s_claims(found):
    assert found["t2-valid"] == (proportion(6, 8), "2 of the first 4")
    assert found["t2-aligned"] == (proportion(5, 6), "5 of 6")
    assert found["t2-cos-theta-1"][0] == mean(ACTUAL)
    assert found["t2-phi"][0] == mean(PHI)
    assert found["t2-difference"][0].value == pytest.approx(0.03)


def test_run_7_s_share_counts_matrices_with_its_phi_only(found):
    share, note = found["t1-run-7"]
    assert share == proportion(3, 8)  # at 0.7794 itself counts
    assert "median 0.1000" in note
    assert "maximum 0.9000" in note


def test_run_7_trained_counts_valid_networks_far_above_phi(found):
    assert found["t1-run-7-trained"][0] == proportion(1, 6)  # 0.80 - 0.05 >= 0.7056


def test_figure_2_is_judged_at_its_worst_dimension(found, measures):
    estimate, note = found["f2-match"]
    assert estimate.value == pytest.approx(0.1)  # d = 7; 0.03 at d = 12
    seven = measures[measures["d"] == 7]
    assert estimate.high == pytest.approx(mean(seven["cos_theta_1"] - seven["phi"]).high)
    assert estimate.n == 8
    assert "0.100 at 7, 0.030 at 12" in note


def test_perturbation_claims_are_ratios_over_valid_networks(found):
    over_paper_s = found["s6-perturbation-mean"][0]
    assert (over_paper_s.value, over_paper_s.n) == (pytest.approx(1), 6)
    worst, note = found["s6-perturbation-every-point"]
    assert (worst.value, worst.n) == (pytest.approx(3 / 4), 6)
    assert "1.25 times the mean" in note


def test_optimal_claims_are_shares_of_matrices_by_scale(found):
    assert found["s6-optimal-radius"][0] == proportion(9, 10)
    plain, note = found["s6-optimal-radius-unscaled"]
    assert plain == proportion(2, 10)
    assert "0.60" in note  # (2 * 1 + 8 * 0.5) / 10


def test_the_change_of_phi_is_the_largest_relative_one(found):
    estimate, _ = found["s6-scaling-phi"]
    # phi is known to 2e-16 of itself, the change of 1e-9 to 1e-6 of that
    assert estimate.value == pytest.approx(1e-9, rel=1e-6)
    assert estimate.low == estimate.value == estimate.high
    assert estimate.n == 10


def test_too_few_aligned_networks_leave_correlation_and_slope_unknown(
    measures, solved, feasibility
):
    few = measures.drop(index=[5, 6, 7])  # d = 12 keeps two aligned networks
    found = evidence(by_dimension(few), solved, feasibility, PRINTED, **SETTINGS)
    listed = {claim.id: claim for claim in claims.read_claims(FOLDER)}
    for name in ("t1-correlation", "t1-slope"):
        assert np.isnan(found[name][0].value)
        assert found[name][0].n == 2
        assert claims.judge(listed[name], found[name][0]) != claims.REPRODUCED


def rows(d, aligned):
    cos_2 = 0.99 if aligned else 0.1
    angles = {"cos_theta_1": 0.5, "cos_theta_2": cos_2, "phi": [0.49, 0.5, 0.51]}
    return pd.DataFrame({"d": [d] * 3, "valid": 1} | angles)


@pytest.mark.parametrize("unknown", [7, 8])
def test_figure_2_with_a_dimension_without_evidence_is_not_reproduced(unknown):
    m = pd.concat([rows(7, unknown != 7), rows(8, unknown != 8)])
    estimate, _ = module._all_dimensions(m, 0.9)["f2-match"]
    listed = claims.read_claims(FOLDER)
    claim = next(c for c in listed if c.id == "f2-match")
    assert claims.judge(claim, estimate) != claims.REPRODUCED
