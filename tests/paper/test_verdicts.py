"""Each rule's verdict on made-up estimates, and verdicts on claims that have parts."""

import itertools

import pytest
from made_up_claims import claim, near

from fragility.paper.estimates import Estimate, mean, proportion
from fragility.paper.verdicts import (
    INCONCLUSIVE,
    MEANINGS,
    NOT_COMPARABLE,
    NOT_REPRODUCED,
    PARTLY,
    REPRODUCED,
    RULES,
    VERDICTS,
    WITHOUT_EVIDENCE,
    Finding,
    judge,
    moved_counts,
)

NAN = float("nan")


def verdict(told, ours):
    return judge(told, Finding(ours)).judgement.verdict


# mean 0.35, deviation 0.129; the prediction for the mean of 4 more is 0.35 +- 0.291
SAMPLE = mean([0.2, 0.3, 0.4, 0.5])
WIDE = mean([0.2, 0.5])  # the same mean; the prediction holds any printed number
CASES = [
    # rule, claim's numbers, our estimate, verdict
    ("at_least", {"tolerance": "0.95"}, near(0.97), REPRODUCED),
    ("at_least", {"tolerance": "0.95"}, Estimate(0.96, 0.95, 0.97, 9), REPRODUCED),
    ("at_least", {"tolerance": "0.95"}, near(0.955), INCONCLUSIVE),
    ("at_least", {"tolerance": "0.95"}, near(0.945), INCONCLUSIVE),
    ("at_least", {"tolerance": "0.95"}, Estimate(0.94, 0.93, 0.95, 9), INCONCLUSIVE),
    ("at_least", {"tolerance": "0.95"}, near(0.93), NOT_REPRODUCED),
    ("at_most", {"tolerance": "0.05"}, near(0.03), REPRODUCED),
    ("at_most", {"tolerance": "0.05"}, Estimate(0.04, 0.03, 0.05, 9), REPRODUCED),
    ("at_most", {"tolerance": "0.05"}, near(0.045), INCONCLUSIVE),
    ("at_most", {"tolerance": "0.05"}, near(0.055), INCONCLUSIVE),
    ("at_most", {"tolerance": "0.05"}, near(0.07), NOT_REPRODUCED),
    ("equivalence", {"paper": "1", "tolerance": "0.1"}, near(1.05), REPRODUCED),
    ("equivalence", {"paper": "1", "tolerance": "0.1"}, near(0.95), REPRODUCED),
    ("equivalence", {"paper": "1", "tolerance": "0.1"}, near(1.095), INCONCLUSIVE),
    ("equivalence", {"paper": "1", "tolerance": "0.1"}, near(0.895), INCONCLUSIVE),
    ("equivalence", {"paper": "1", "tolerance": "0.1"}, near(1, half=0.2), INCONCLUSIVE),
    ("equivalence", {"paper": "1", "tolerance": "0.1"}, near(1.2), NOT_REPRODUCED),
    ("equivalence", {"paper": "1", "tolerance": "0.1"}, near(0.8), NOT_REPRODUCED),
    ("prediction", {"paper": "0.40", "paper_n": "4"}, SAMPLE, REPRODUCED),
    ("prediction", {"paper": "0.11", "paper_n": "4"}, SAMPLE, REPRODUCED),  # half is refused
    ("prediction", {"paper": "0.66", "paper_n": "4"}, SAMPLE, NOT_REPRODUCED),
    ("prediction", {"paper": "0.05", "paper_n": "4"}, SAMPLE, NOT_REPRODUCED),
    ("prediction", {"paper": "0.40", "paper_n": "4"}, WIDE, INCONCLUSIVE),  # so would 0.2 and 0.8
    ("prediction", {"paper": "0.35", "paper_n": "4"}, mean([0.35]), NOT_COMPARABLE),
    ("prediction", {"paper": "0.35", "paper_n": "4"}, mean([]), NOT_COMPARABLE),
    # 180 of 200: of 20 more, 15 to 20 in 95 % of cases
    ("count_prediction", {"paper": "18/20"}, proportion(180, 200), REPRODUCED),
    ("count_prediction", {"paper": "15/20"}, proportion(180, 200), REPRODUCED),
    ("count_prediction", {"paper": "14/20"}, proportion(180, 200), NOT_REPRODUCED),
    ("count_prediction", {"paper": "4/5"}, proportion(3, 5), INCONCLUSIVE),  # so would 3 and 5
    ("count_prediction", {"paper": "18/20"}, proportion(0, 0), NOT_COMPARABLE),
    ("inside", {"paper": "0.33"}, Estimate(0.35, 0.30, 0.40, 60), REPRODUCED),
    ("inside", {"paper": "0.30"}, Estimate(0.35, 0.30, 0.40, 60), REPRODUCED),
    ("inside", {"paper": "0.33"}, Estimate(0.35, 0.10, 0.90, 60), INCONCLUSIVE),
    ("inside", {"paper": "0.299"}, Estimate(0.35, 0.30, 0.40, 60), NOT_REPRODUCED),
    ("inside", {"paper": "0.401"}, Estimate(0.35, 0.30, 0.40, 60), NOT_REPRODUCED),
    ("inside", {"paper": "0.35"}, Estimate(0.35, NAN, NAN, 5), NOT_COMPARABLE),
    ("inside", {"paper": "0.35"}, Estimate(0.35, 0.30, NAN, 5), NOT_COMPARABLE),
    ("inside", {"paper": "0.90"}, Estimate(0.35, NAN, 0.40, 5), NOT_COMPARABLE),
    ("not_comparable", {"paper": "1"}, near(1), NOT_COMPARABLE),
    *((rule, {}, Estimate(NAN, NAN, NAN, 0), rule) for rule in WITHOUT_EVIDENCE),
]


@pytest.mark.parametrize("rule, numbers, ours, expected", CASES)
def test_a_rule_s_verdict(rule, numbers, ours, expected):
    assert verdict(claim(rule=rule, **numbers), ours) == expected


def test_every_rule_is_tried_with_every_verdict_it_can_give():
    tried = {(rule, found) for rule, _, _, found in CASES}
    graded = set(RULES) - {"not_comparable", *WITHOUT_EVIDENCE}
    assert tried >= set(itertools.product(graded, (REPRODUCED, INCONCLUSIVE, NOT_REPRODUCED)))


UNKNOWN = [
    Estimate(NAN, NAN, NAN, 0),
    Estimate(NAN, NAN, NAN, 3, NAN),
    Estimate(0.9, NAN, NAN, 1, NAN),  # one observation: a number without an interval
]


@pytest.mark.parametrize("rule", ["prediction", "inside", "equivalence", "at_least", "at_most"])
@pytest.mark.parametrize("ours", UNKNOWN)
def test_a_number_without_an_interval_is_not_comparable(rule, ours):
    numbers = {"paper": "0.9", "paper_n": "18", "tolerance": "0.9"}
    assert verdict(claim(rule=rule, **numbers), ours) == NOT_COMPARABLE


def test_a_count_of_nothing_is_not_comparable():
    told = claim(rule="count_prediction", paper="1/2")
    assert verdict(told, Estimate(NAN, NAN, NAN, 3)) == NOT_COMPARABLE


@pytest.mark.parametrize("rule", WITHOUT_EVIDENCE)
def test_an_estimate_on_a_claim_that_has_none_of_its_own_is_refused(rule):
    with pytest.raises(ValueError, match=f"made-up is judged {rule}"):
        verdict(claim(rule=rule), near(1))


def test_a_rule_that_does_not_exist_is_refused_by_name():
    with pytest.raises(ValueError, match=r"made-up.*roughly.*at_least"):
        verdict(claim(rule="roughly"), near(1))


def test_the_interval_that_decides_is_told():
    ours = SAMPLE
    limits = judge(claim(rule="prediction", paper="0.4", paper_n="4"), Finding(ours)).judgement[1:]
    # t(0.975, 3) = 3.1824, standard deviation 0.1291, sqrt(1/4 + 1/4)
    half = 3.1824 * 0.1291 * 0.7071
    assert limits == pytest.approx((0.35 - half, 0.35 + half), abs=1e-3)
    assert limits != pytest.approx((ours.low, ours.high), abs=0.01)
    bound = judge(claim(rule="at_least", tolerance="0.3"), Finding(ours)).judgement
    assert bound[1:] == (ours.low, ours.high)


def test_counts_are_moved_by_a_quarter_where_that_is_possible():
    assert moved_counts(18, 20) == [13]
    assert moved_counts(10, 20) == [5, 15]
    assert moved_counts(1, 10) == [3]


# --- claims about several parts ---

YES, NO, OPEN = near(0.9), near(0.5), near(0.805)  # against a bound of 0.8
PARTS = [
    ([YES, YES], REPRODUCED),
    ([NO, NO], NOT_REPRODUCED),
    ([YES, NO], PARTLY),
    ([YES, NO, OPEN], PARTLY),
    ([YES, OPEN], INCONCLUSIVE),
    ([NO, OPEN], NOT_REPRODUCED),
    ([OPEN, OPEN], INCONCLUSIVE),
    ([YES, Estimate(NAN, NAN, NAN, 0)], INCONCLUSIVE),
    ([Estimate(NAN, NAN, NAN, 0)] * 2, NOT_COMPARABLE),
]


@pytest.mark.parametrize("estimates, expected", PARTS)
def test_the_verdict_on_a_claim_is_that_on_all_its_parts(estimates, expected):
    parts = {f"d = {i}": estimate for i, estimate in enumerate(estimates)}
    found = judge(claim(rule="at_least", tolerance="0.8"), Finding(None, parts=parts))
    assert found.judgement.verdict == expected


@pytest.mark.parametrize(
    "rule, values, worst",
    [
        ("at_least", (0.9, 0.7, 0.8), 0.7),
        ("at_most", (0.9, 0.7, 0.8), 0.9),
        ("equivalence", (0.9, 1.3, 0.8), 1.3),
    ],
)
def test_the_part_that_is_shown_is_the_one_farthest_from_the_claim(rule, values, worst):
    parts = {str(value): near(value) for value in values}
    found = judge(claim(rule=rule, paper="1", tolerance="0.5"), Finding(None, parts=parts))
    assert found.estimate == near(worst)
    assert found.judgement[1:] == pytest.approx((worst - 0.01, worst + 0.01))
    assert list(found.parts) == list(parts)


def test_a_part_without_an_estimate_is_the_one_shown():
    parts = {"a": near(0.1), "b": Estimate(NAN, NAN, NAN, 3)}
    found = judge(claim(rule="at_least", tolerance="0.8"), Finding(None, parts=parts))
    assert found.estimate.n == 3


def test_every_verdict_has_its_meaning_and_no_other_has():
    assert tuple(MEANINGS) == VERDICTS
    assert len(set(VERDICTS)) == 11
    assert all(MEANINGS.values())
