"""Evidence on the claims of Remarks 2, from made-up sizes with known exponents."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from claim_cases import Case, assert_turns, claims_of, slope_by_hand, turning
from judging import all_but, verdicts

from fragility.statements.remarks_2.evidence import evidence

DIMENSIONS = (8, 32, 128, 512)
TRIALS = 200


def rows(network_average=0.5, network_worst=0.0, optimal_average=1.0, optimal_worst=0.5):
    """check.py's rows: each size is a power of d with that exponent, and lognormal noise."""
    generator = np.random.default_rng(2)
    exponents = {
        "network_average": network_average,
        "network_worst": network_worst,
        "optimal_average": optimal_average,
        "optimal_worst": optimal_worst,
    }
    table = pd.DataFrame({"d": np.repeat(DIMENSIONS, TRIALS)})
    for name, exponent in exponents.items():
        size = 0.3 * table["d"] ** exponent
        noise = np.exp(0.1 * generator.standard_normal(len(table)))
        table[f"predicted_{name}"], table[f"observed_{name}"] = size, size * noise
    half = generator.binomial(33, 0.5, (2, len(table))) / 33
    return table.assign(network_above=half[0], optimal_above=half[1])


@cache
def found(**changes):
    return evidence(rows(**changes))


TOGETHER = {"remarks-2-degradation"}  # of all four sizes
CASES = {
    "remarks-2-network-average-slope": Case({}, {"network_average": 0.0}, TOGETHER),
    "remarks-2-network-worst-slope": Case({}, {"network_worst": 0.5}, TOGETHER),
    "remarks-2-optimal-average-slope": Case({}, {"optimal_average": 0.5}, TOGETHER),
    "remarks-2-optimal-worst-slope": Case({}, {"optimal_worst": 1.0}, TOGETHER),
    # each exponent stays within its own tolerance of 0.1
    "remarks-2-degradation": Case(
        {},
        {
            "network_average": 0.45,
            "network_worst": 0.05,
            "optimal_average": 1.05,
            "optimal_worst": 0.45,
        },
    ),
}


def test_each_claim_of_the_remarks_has_evidence_and_a_case():
    assert set(CASES) == set(found()) == claims_of("remarks_2")


def test_sizes_with_the_remarks_exponents_reproduce_every_claim():
    assert verdicts(found()) == all_but(CASES, set())


@pytest.mark.parametrize(("name", "case"), turning(CASES))
def test_the_verdict_turns_with_what_the_claim_is_about(name, case):
    assert_turns(name, case, found)


def test_equal_steps_from_average_to_worst_case_are_what_degradation_is_about():
    steeper = verdicts(found(network_average=0.8, optimal_average=1.3))
    moved = {"remarks-2-network-average-slope", "remarks-2-optimal-average-slope"}
    assert steeper == all_but(CASES, moved)


# --- the numbers themselves ---


def plain(**columns):
    """Two trials at each of d = 4, 16, 32, 64, exact powers of d in the upper half, 16 and more."""
    d = np.repeat([4, 16, 32, 64], 2)
    sizes = {
        "network_average": 0.4, "network_worst": -0.1, "optimal_average": 0.9, "optimal_worst": 0.6,
    }  # fmt: skip
    table = {"d": d}
    for name, exponent in sizes.items():
        power = np.where(d == 4, 1e3, 2.0 * np.float_power(d, exponent))
        table |= {f"observed_{name}": power, f"predicted_{name}": np.float_power(d, exponent)}
    shares = {"network_above": [0.25, 0.75] * 4, "optimal_above": 0.5}
    return pd.DataFrame(table | shares | columns)


NUMBERS = {
    "remarks-2-network-average-slope": 0.4,
    "remarks-2-network-worst-slope": -0.1,
    "remarks-2-optimal-average-slope": 0.9,
    "remarks-2-optimal-worst-slope": 0.6,
    "remarks-2-degradation": (0.9 - 0.6) - (0.4 + 0.1),
}


def test_each_estimate_is_the_slope_of_the_upper_half_worked_out_by_hand():
    for name, (estimate, *_) in evidence(plain()).items():
        assert estimate.value == pytest.approx(NUMBERS[name]), name
        assert estimate.n == 6


def test_a_trial_that_no_length_flips_is_left_out_of_all_five():
    size = plain()["observed_network_average"].tolist()
    size[3] = np.inf
    estimates = [
        estimate for estimate, *_ in evidence(plain(observed_network_average=size)).values()
    ]
    assert [estimate.n for estimate in estimates] == [5] * 5
    note = evidence(plain(observed_network_average=size))["remarks-2-optimal-worst-slope"].note
    assert note.endswith("1 of 6 trials left out: their median is infinite")
    assert [estimate.value for estimate in estimates] == pytest.approx(list(NUMBERS.values()))


def test_the_slope_is_least_squares_over_trials_not_over_medians():
    size = [1.0, 1.0, 2.0, 3.0, 5.0, 8.0, 7.0, 7.0]
    estimate, *_ = evidence(plain(observed_optimal_worst=size))["remarks-2-optimal-worst-slope"]
    log_d = np.log(np.repeat([16, 32, 64], 2))
    assert estimate.value == pytest.approx(slope_by_hand(log_d, np.log(size[2:])))


def test_notes_compare_with_the_laws():
    table = plain()
    extra = table.iloc[-1:].assign(observed_optimal_worst=1e9)  # the median of three is the second
    table = pd.concat([table, extra], ignore_index=True)
    notes = {name: note for name, (_, note, *_) in evidence(plain()).items()}
    assert "slope 0.400 over d ≥ 16" in notes["remarks-2-network-average-slope"]
    # half the length: 2.365 (Student's t) times 0.25 sqrt(8/7) over sqrt(8)
    assert "its exact median: 0.500 [0.277, 0.723]" in notes["remarks-2-network-average-slope"]
    # at d = 4 the made-up size is 1000, over d^0.6; twice the median elsewhere
    fit = evidence(table)["remarks-2-optimal-worst-slope"][1]
    assert f"2.00 to {1000 / 4**0.6:.2f}" in fit
    assert "0.500 for the network, 0.300 for" in notes["remarks-2-degradation"]
