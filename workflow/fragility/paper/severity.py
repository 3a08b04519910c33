"""How easily a claim could have failed: its rule, applied to what would be found were it false.

An alternative is a value that our number would have (then our own error is laid around it), or a
change of our results that destroys what the claim is about (an evidence module's ``ALTERNATIVES``).
A printed number that is predicted is moved instead: to half and to twice, a count by a quarter.
"""

from collections.abc import Callable, Mapping, Sequence
from math import isnan, nan

import numpy as np
import pandas as pd
from scipy import stats

from fragility.paper.claims import Claim
from fragility.paper.estimates import Estimate
from fragility.paper.verdicts import REPRODUCED, Finding, judge, moved_counts

DRAWS = 99  # quantiles of the normal law that stand for repeated samples around an alternative
CANNOT_FAIL = 0.95  # share of the alternatives that pass from which on a claim counts for nothing

Changed = Mapping[str, Sequence[Mapping[str, Finding]]]


def passed(claim: Claim, finding: Finding, changed: Changed) -> float:
    """Share of the alternatives to a claim that its rule would have called reproduced.

    Args:
        claim: the claim; its ``alternatives`` are values or names in ``changed``.
        finding: what our results say.
        changed: by name of a change, the findings on all claims in each repetition of it.

    Returns:
        Mean over the alternatives, each counted alike; NaN where none is stated or there is no
        estimate.
    """
    ours = judge(claim, finding).estimate if finding.parts else finding.estimate
    if isnan(ours.value):
        return nan
    if claim.rule in ("prediction", "inside", "count_prediction"):
        shares = [_passes(moved, finding) for moved in _moved(claim)]
    else:
        shares = [
            _repeated(claim, changed[told])
            if told in changed
            else _share_around(float(told), claim, ours)
            for told in claim.alternatives.values()
        ]
    return float(np.mean(shares)) if shares else nan


def with_others(
    measures: pd.DataFrame, names: Sequence[str], stream: np.random.Generator
) -> pd.DataFrame:
    """Each row with the lengths ``names``, relative to its L, of another row at random."""
    relative = measures[names].div(measures["L"], axis=0).to_numpy()
    others = relative[stream.permutation(len(measures))]
    return measures.assign(**dict(zip(names, others.T * measures["L"].to_numpy(), strict=True)))


def in_every_part(name: str, change: Callable, **settings: object) -> Callable:
    """A change of results that changes each table of the list ``name``, with other settings."""

    def changed(results: dict, stream: np.random.Generator) -> dict:
        return results | {name: [change(part, stream) for part in results[name]]} | settings

    return changed


def _passes(claim: Claim, finding: Finding) -> bool:
    return judge(claim, finding).judgement.verdict == REPRODUCED


def _repeated(claim: Claim, findings: Sequence[Mapping[str, Finding]]) -> float:
    return float(np.mean([_passes(claim, each[claim.id]) for each in findings]))


def _share_around(value: float, claim: Claim, ours: Estimate) -> float:
    """Share of samples that pass where the truth is ``value`` and the error is that of ours."""
    error = 0.0 if isnan(ours.high - ours.low) else (ours.high - ours.low) / 2 / 1.96
    draws = stats.norm.ppf((np.arange(DRAWS) + 0.5) / DRAWS) * error if error else [0.0]
    shifts = [value + float(draw) - ours.value for draw in draws]
    return float(np.mean([_passes(claim, Finding(_shifted(ours, shift))) for shift in shifts]))


def _shifted(ours: Estimate, by: float) -> Estimate:
    return ours._replace(value=ours.value + by, low=ours.low + by, high=ours.high + by)


def _moved(claim: Claim) -> list[Claim]:
    """The claim with the printed number moved."""
    if claim.rule == "count_prediction":
        printed, n = map(int, claim.paper.split("/"))
        texts = [f"{count}/{n}" for count in moved_counts(printed, n)]
    else:
        texts = [repr(float(claim.paper) * factor) for factor in (0.5, 2)]
    return [Claim(**vars(claim) | {"paper": text}) for text in texts]
