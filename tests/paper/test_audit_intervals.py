"""The audit's interval arithmetic, and the verdict on one number."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fragility.paper.audit import AGREES, DIFFERS, TRUNCATED
from fragility.paper.audit.intervals import printed_interval, value_range
from fragility.paper.audit.rows import compare

decimals = st.decimals(1, 9, places=3, allow_nan=False).map(str)


def judged(printed, formula, *inputs):
    return compare("made-up", "", "", printed, formula, inputs)["verdict"]


def test_a_printed_number_stands_for_what_rounds_to_it():
    assert printed_interval("0.10") == (Fraction("0.095"), Fraction("0.105"))
    assert printed_interval("-0.3", 1) == (Fraction("-0.4"), Fraction("-0.2"))


def test_a_count_is_exact():
    assert printed_interval("10", 1) == (10, 10)


def test_a_number_with_all_its_digits_has_a_step_of_single_precision_as_its_unit():
    low, high = printed_interval("0.8023384809494019")
    assert float(high - low) == pytest.approx(2.0**-24)  # floats from 1/2 to 1
    assert float(high + low) / 2 == 0.8023384809494019


@pytest.mark.parametrize("text", ["0.0000012", "198.2214", "0.10"])
def test_a_number_with_few_digits_has_its_last_digit_as_its_unit(text):
    low, high = printed_interval(text)
    assert high - low == Fraction(1, 10 ** len(text.partition(".")[2]))


@given(decimals, decimals, st.lists(st.floats(-1, 1), min_size=2, max_size=2))
def test_a_formula_reaches_every_value_of_its_inputs(a, b, shares):
    low, high = value_range(lambda x, y: x / y, [a, b])
    x, y = (Fraction(t) + Fraction(s) / 2000 for t, s in zip((a, b), shares, strict=True))
    assert low <= x / y <= high


def test_the_reach_is_no_wider_than_its_ends():
    assert value_range(lambda x, y: x - y, ["0.3", "0.1"]) == (
        Fraction("0.1"),
        Fraction("0.3"),
    )


@given(st.floats(1, 9), st.floats(1, 9))
def test_rounded_numbers_agree_and_truncated_ones_at_least_if_truncated(x, y):
    cut = [str(int(1000 * value) / 1000) for value in (x, y, x + y)]
    cut = [f"{float(text):.3f}" for text in cut]
    rounded = [f"{value:.3f}" for value in (x, y, x + y)]
    assert judged(rounded[2], lambda a, b: a + b, *rounded[:2]) == AGREES
    assert judged(cut[2], lambda a, b: a + b, *cut[:2]) in (AGREES, TRUNCATED)


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [("0.25", AGREES), ("0.26", TRUNCATED), ("0.27", DIFFERS), ("0.23", DIFFERS)],
)
def test_the_verdict_follows_the_gap(printed, verdict):
    assert judged(printed, lambda: Fraction("0.25")) == verdict


def test_sizes_of_a_difference():
    row = compare("made-up", "", "", "0.30", lambda x: x, ["0.25"], slip="why")
    sizes = [row[name] for name in ("difference", "relative", "units")]
    assert sizes == pytest.approx([0.05, 0.2, 5])
    assert row["remark"] == "why"
    assert row["recomputed"] == "0.2500 [0.2450, 0.2550]"


def test_a_range_is_missed_by_its_distance():
    row = compare("made-up", "", "", "-1.2", lambda: (-1, 1))
    assert (row["verdict"], row["difference"]) == (DIFFERS, pytest.approx(-0.2))
