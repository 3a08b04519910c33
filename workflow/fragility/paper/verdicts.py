"""Verdicts on claims: each claim's rule applied to our estimate, and the interval that decided.

A verdict depends on the claim, our evidence, and on what else would have passed its rule.
"""

from collections.abc import Callable, Mapping
from math import isnan, nan
from typing import NamedTuple

from fragility.paper.claims import Claim
from fragility.paper.estimates import Estimate, count_prediction, mean_prediction

REPRODUCED, PARTLY, INCONCLUSIVE = "reproduced", "partly", "inconclusive"
NOT_REPRODUCED, NOT_COMPARABLE = "not reproduced", "not comparable"
HOLDS_HERE, HOLDS_NOT_HERE = "holds here too", "does not hold here"
BY_CONSTRUCTION, NOT_TESTED = "by construction", "not tested yet"
BY_OTHERS = "by other claims"
OWN_SETTINGS = "own settings"

MEANINGS = {  # in the order of tables and legends
    REPRODUCED: "our interval meets the claim's rule",
    PARTLY: "it does for some parts of the claim, and is excluded for others",
    INCONCLUSIVE: "our interval reaches both sides of the bound, or another seed turns the verdict",
    NOT_REPRODUCED: "our interval excludes the claim",
    HOLDS_HERE: "the pattern holds for another network or other images than the paper's",
    HOLDS_NOT_HERE: "the pattern does not hold for another network or other images",
    BY_CONSTRUCTION: "no plausible result could have refused it, so it counts for nothing",
    NOT_COMPARABLE: "shown side by side without a verdict, for the reason given",
    BY_OTHERS: "a claim of the text that several others answer, which are named",
    NOT_TESTED: "a claim of the text that no experiment of ours answers yet",
    OWN_SETTINGS: "this run's settings are not the paper's, so there is no verdict",
}
VERDICTS = tuple(MEANINGS)
DECIDED = (REPRODUCED, PARTLY, NOT_REPRODUCED, HOLDS_HERE, HOLDS_NOT_HERE)
WITHOUT_EVIDENCE = (BY_OTHERS, NOT_TESTED)  # rules of claims that have no number of their own

MOVED = 0.25  # of all trials: how far a printed count is moved to see whether it would pass, too


class Finding(NamedTuple):
    """What our results say on a claim.

    Attributes:
        estimate: our number; None where there are parts, of which the worst counts.
        note: what a reader should know beside it.
        parts: our number for each part that the claim speaks of (each d, each depth).
        elsewhere: whether it comes from another network or other images than the paper's.
    """

    estimate: Estimate | None
    note: str = ""
    parts: Mapping[str, Estimate] = {}
    elsewhere: bool = False


Evidence = dict[str, Finding]  # by the claim's id


class Judgement(NamedTuple):
    """A verdict, and the limits of the interval that decided it."""

    verdict: str
    low: float
    high: float


class Judged(NamedTuple):
    """A judged claim: the estimate that decided, its judgement, and that of each part."""

    estimate: Estimate
    judgement: Judgement
    parts: Mapping[str, Judgement]


def judge(claim: Claim, finding: Finding) -> Judged:
    """Judge a finding by the claim's own rule.

    Raises:
        ValueError: the claim names a rule that does not exist.
    """
    if claim.rule not in RULES:
        raise ValueError(f"claim {claim.id}: no rule {claim.rule!r}; rules: {', '.join(RULES)}")
    if not finding.parts:
        return Judged(finding.estimate, _judge(claim, finding.estimate), {})
    parts = {name: _judge(claim, estimate) for name, estimate in finding.parts.items()}
    worst = _worst(claim, finding.parts)
    verdict = _together([part.verdict for part in parts.values()])
    return Judged(finding.parts[worst], parts[worst]._replace(verdict=verdict), parts)


def _judge(claim: Claim, ours: Estimate) -> Judgement:
    if isnan(ours.value):
        verdict = claim.rule if claim.rule in WITHOUT_EVIDENCE else NOT_COMPARABLE
        return Judgement(verdict, nan, nan)  # there is no estimate to judge
    return RULES[claim.rule](claim, ours)


def _together(verdicts: list[str]) -> str:
    """The verdict on a claim about every part, from those on its parts."""
    found = set(verdicts)
    if len(found) == 1:
        return verdicts[0]
    if NOT_REPRODUCED in found:
        return PARTLY if REPRODUCED in found else NOT_REPRODUCED
    return INCONCLUSIVE


def _worst(claim: Claim, parts: Mapping[str, Estimate]) -> str:
    """The part whose estimate is farthest from meeting the rule; one without an estimate first."""
    far = {
        "at_least": lambda value: -value,
        "at_most": lambda value: value,
        "equivalence": lambda value: abs(value - float(claim.paper)),
    }[claim.rule]
    return max(parts, key=lambda name: (isnan(parts[name].value), far(parts[name].value)))


def _three_ways(inside: bool, outside: bool, low: float, high: float) -> Judgement:
    if isnan(low) or isnan(high):
        return Judgement(NOT_COMPARABLE, low, high)
    verdict = REPRODUCED if inside else NOT_REPRODUCED if outside else INCONCLUSIVE
    return Judgement(verdict, low, high)


def _equivalence(claim: Claim, ours: Estimate) -> Judgement:
    """Our interval lies in paper ± tolerance, has no part in it, or reaches over a limit of it."""
    least, most = (float(claim.paper) + sign * float(claim.tolerance) for sign in (-1, 1))
    inside = least <= ours.low and ours.high <= most
    return _three_ways(inside, ours.high < least or most < ours.low, ours.low, ours.high)


def _at_least(claim: Claim, ours: Estimate) -> Judgement:
    """Our interval lies at or above the bound, below it, or reaches both sides."""
    bound = float(claim.tolerance)
    return _three_ways(ours.low >= bound, ours.high < bound, ours.low, ours.high)


def _at_most(claim: Claim, ours: Estimate) -> Judgement:
    """Our interval lies at or below the bound, above it, or reaches both sides."""
    bound = float(claim.tolerance)
    return _three_ways(ours.high <= bound, ours.low > bound, ours.low, ours.high)


def _prediction(claim: Claim, ours: Estimate) -> Judgement:
    """The printed mean of paper_n draws lies in our sample's 95 % prediction for such a mean."""
    if ours.n < 2:
        return Judgement(NOT_COMPARABLE, nan, nan)
    return _predicted(claim, *mean_prediction(ours, int(claim.paper_n), 0.95))


def _inside(claim: Claim, ours: Estimate) -> Judgement:
    """The printed value lies in our own prediction, given as the estimate's limits."""
    return _predicted(claim, ours.low, ours.high)


def _predicted(claim: Claim, low: float, high: float) -> Judgement:
    """A prediction in which half and twice the printed number lie as well decides nothing."""
    printed = float(claim.paper)
    inside = [low <= printed * factor <= high for factor in (1, 0.5, 2)]
    return _three_ways(inside[0] and not all(inside), not inside[0], low, high)


def _count_prediction(claim: Claim, ours: Estimate) -> Judgement:
    """The printed count "hits/n" lies in the beta-binomial prediction from our count.

    One that would allow for a quarter of the trials more and fewer as well decides nothing.
    """
    printed, n_new = map(int, claim.paper.split("/"))
    if ours.n == 0:
        return Judgement(NOT_COMPARABLE, nan, nan)
    low, high = count_prediction(round(ours.value * ours.n), ours.n, n_new, 0.95)
    inside = [low <= count <= high for count in (printed, *moved_counts(printed, n_new))]
    shares = low / n_new, high / n_new
    return _three_ways(inside[0] and not all(inside), not inside[0], *shares)


def moved_counts(printed: int, n: int) -> list[int]:
    """A printed count a quarter of the ``n`` trials lower and higher, where that is possible."""
    step = round(MOVED * n)
    return [count for count in (printed - step, printed + step) if 0 <= count <= n]


def _no_verdict(claim: Claim, ours: Estimate) -> Judgement:
    """Both numbers are shown without a verdict; the claim's reason says why."""
    return Judgement(NOT_COMPARABLE, ours.low, ours.high)


def _without_evidence(claim: Claim, ours: Estimate) -> Judgement:
    raise ValueError(f"claim {claim.id} is judged {claim.rule}, but there is an estimate")


RULES: dict[str, Callable[[Claim, Estimate], Judgement]] = {
    "prediction": _prediction,
    "count_prediction": _count_prediction,
    "inside": _inside,
    "equivalence": _equivalence,
    "at_least": _at_least,
    "at_most": _at_most,
    "not_comparable": _no_verdict,
    **dict.fromkeys(WITHOUT_EVIDENCE, _without_evidence),
}
