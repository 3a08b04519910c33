"""What the networks would be if the claims were false."""

import numpy as np
import pandas as pd
import pytest
from judging import CLAIMS, verdicts
from linear_results import results, trained
from scipy import stats

from fragility.experiments.linear import alternatives
from fragility.experiments.linear.alternatives import ALTERNATIVES
from fragility.experiments.linear.evidence import evidence
from fragility.paper.verdicts import REPRODUCED


@pytest.fixture
def stream():
    return np.random.default_rng(1)


def rows(d, n, phi=0.3, cos_2=0.95, valid=1):
    return pd.DataFrame(
        {"d": d, "valid": valid, "phi": phi, "cos_theta_1": 0.31, "cos_theta_2": cos_2}, range(n)
    )


def test_phi_is_shuffled_over_the_valid_networks_of_a_dimension(stream):
    parts = [rows(d, 50, phi=d + np.linspace(0, 0.5, 50), valid=np.arange(50) % 2) for d in (7, 12)]
    table = pd.concat(parts, ignore_index=True)
    changed = alternatives.shuffled(table, stream)
    others = [name for name in table if name != "phi"]
    assert changed[others].equals(table[others])
    for _, part in changed.groupby(["d", "valid"]):
        before = table.loc[part.index, "phi"]
        assert sorted(part["phi"]) == sorted(before)  # its own dimension's, and none is lost
        assert part["phi"].equals(before) == (part["valid"].iloc[0] == 0)


@pytest.mark.parametrize("d", [2, 3, 12])
def test_a_random_direction_has_the_cosines_of_one(d, stream):
    """Cos^2 of a uniform direction with a fixed one is Beta(1/2, (d - 1)/2)."""
    squares = alternatives.random_directions(rows(d, 20_000), stream)["cos_theta_1"] ** 2
    assert stats.kstest(squares, stats.beta(0.5, (d - 1) / 2).cdf).pvalue > 1e-3
    other = stats.beta(0.5, d / 2)  # of the next dimension: must be told apart
    assert stats.kstest(squares, other.cdf).pvalue < 1e-3


def test_another_direction_at_the_same_angle_is_what_vectors_in_space_give(stream):
    """Simulated: an axis, a feature at the angle of phi, directions at theta_2 from the axis."""
    d, phi, cos_2, n = 5, 0.3, 0.95, 4000
    feature = np.eye(d)[0] * phi + np.eye(d)[1] * np.sqrt(1 - phi**2)
    around = stream.standard_normal((n, d))
    around[:, 0] = 0
    around /= np.linalg.norm(around, axis=1, keepdims=True)
    directions = np.eye(d)[0] * cos_2 + around * np.sqrt(1 - cos_2**2)
    changed = alternatives.same_angle(rows(d, n, phi=phi, cos_2=-cos_2), stream)
    assert stats.ks_2samp(changed["cos_theta_1"], directions @ feature).pvalue > 1e-3
    wider = alternatives.same_angle(rows(d, n, phi=phi, cos_2=0.9), stream)
    assert stats.ks_2samp(wider["cos_theta_1"], directions @ feature).pvalue < 1e-3


def test_a_direction_along_the_axis_has_phi_itself(stream):
    changed = alternatives.same_angle(rows(12, 9, phi=0.3, cos_2=1.0), stream)
    assert changed["cos_theta_1"].tolist() == pytest.approx([0.3] * 9)


def test_every_alternative_changes_all_networks_that_evidence_reads(stream):
    told = results()
    for name, change in ALTERNATIVES.items():
        changed = change(told, stream)
        assert changed.keys() == told.keys()
        pairs = zip(
            [*told["measures"], told["unscaled"]],
            [*changed["measures"], changed["unscaled"]],
            strict=True,
        )
        assert not any(before.equals(after) for before, after in pairs), name


NAMED = {name: claim.alternatives.values() for name, claim in CLAIMS.items()}


@pytest.mark.parametrize("change", ["shuffled", "random_directions"])
def test_networks_without_a_relation_fail_the_claims_that_name_it(change, stream):
    told = [name for name in evidence(**results()) if change in NAMED[name]]
    assert len(told) >= 4
    found = verdicts(evidence(**ALTERNATIVES[change](results(), stream)))
    assert [name for name in told if found[name] == REPRODUCED] == []


def test_the_filter_alone_gives_the_slope_where_it_leaves_a_small_angle(stream):
    """At |cos theta_2| = 0.9999 any direction has |cos theta_1| near phi; at 0.91 it has not."""
    near, far = (
        results(measures=trained(cos_2=cos_2, other_cos_2=0.8)) for cos_2 in (0.9999, 0.91)
    )
    change = ALTERNATIVES["same_angle"]
    found = [verdicts(evidence(**change(told, stream)))["t1-correlation"] for told in (near, far)]
    assert found[0] == REPRODUCED != found[1]
