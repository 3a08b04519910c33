"""Shares over inputs, networks and groups, on rows whose shares are known."""

import numpy as np
import pytest
from accounts_results import measured

from fragility.experiments.accounts import shares

SEED = 7


def found(table, level, norm="l2", resamples=200):
    return shares.of_level(shares.of_sources(table, SEED, resamples), level, norm)


def test_shares_over_inputs_are_those_of_the_variances():
    # independent terms of standard deviations 3, 1, 1: shares 9/11, 1/11, 1/11
    one = found(measured(networks=12, inputs=200, angle=3, margin=1, change=1), "inputs")["digits"]
    # correlations of 200 normal draws are below 0.2
    assert one.estimates["angle"].value == pytest.approx(9 / 11, abs=0.05)
    assert one.estimates["size"].value == pytest.approx(10 / 11, abs=0.05)
    assert one.deviation == pytest.approx(np.sqrt(11), rel=0.1)
    for name in ("angle", "size", "margin"):
        estimate = one.estimates[name]
        assert estimate.low < estimate.value < estimate.high
    total = sum(one.estimates[name].value for name in ("size", "margin", "curvature"))
    assert total == pytest.approx(1)


def test_what_varies_over_networks_only_has_no_share_over_inputs():
    table = measured(networks=30, inputs=20, margin=1, angle_networks=2)
    assert found(table, "inputs")["digits"].estimates["angle"].value == pytest.approx(0, abs=1e-9)
    # the mean of 20 margins still varies by 1/20, the angle by 4
    over = found(table, "networks")["digits"].estimates
    assert over["angle"].value > 0.9
    assert over["angle_minus_change"].low > 0


def test_groups_are_a_level_of_their_own():
    table = measured(groups=range(5), networks=4, margin=0.1, length_groups=1, angle_networks=0.3)
    over = found(table, "groups")["digits"].estimates
    assert over["length"].value > 0.8
    among = found(table, "networks")["digits"].estimates
    assert among["angle"].value > 0.8


def test_two_networks_say_nothing_over_networks():
    told = shares.of_sources(measured(networks=2, margin=1), SEED, 50)
    assert {one.level for one in told} == {"inputs"}


def test_one_network_of_pairs_is_resampled_by_its_photos():
    table = measured(networks=1, inputs=12, margin=1, angle=1)
    names = [f"{a}:{b}" for a in "pqrs" for b in "pqrs" if a != b]
    estimate = found(table.assign(input=names * 2), "inputs")["digits"].estimates["angle"]
    assert estimate.n == 4
    assert estimate.low < estimate.value < estimate.high
    assert found(table, "inputs")["digits"].estimates["angle"].n == 12


def test_networks_with_inputs_of_their_own_are_the_sample():
    table = measured(networks=5, margin=1, angle=1)
    own = table["network"].astype(str) + table["input"]
    assert found(table.assign(input=own), "inputs")["digits"].estimates["angle"].n == 5


def test_terms_in_the_wrong_place_are_noticed():
    table = measured(networks=8, inputs=60, angle=2, change=0.5)
    swapped = table.rename(columns={"angle": "change", "change": "angle"})
    first, second = (
        found(each, "inputs")["digits"].estimates["angle_minus_change"] for each in (table, swapped)
    )
    assert first.low > 0 > second.high
    assert first.value == pytest.approx(-second.value)
