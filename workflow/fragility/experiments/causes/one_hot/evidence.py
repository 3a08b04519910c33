"""Evidence on the claims about Theorem 1's data; their ids start with causes-one-hot."""

from collections.abc import Callable

import pandas as pd

from fragility.experiments.causes.one_hot import summary
from fragility.paper.estimates import Estimate, mean
from fragility.paper.verdicts import Evidence, Finding

LOSSES = {"cross-entropy": "cross-entropy", "squared": "squared"}


def evidence(parts: list[pd.DataFrame]) -> Evidence:
    """Finding for each claim, from the rows of each kind of network (scripts/causes/one_hot.py)."""
    measures = summary.joined(parts)
    found = {}
    for loss, name in LOSSES.items():
        plain = measures[(measures["loss"] == loss) & ~measures["decayed"]]
        end = summary.accurate(summary.final(plain))
        top = summary.largest(plain)
        last = summary.accurate(summary.final(top))
        found |= {
            f"causes-one-hot-{name}": _by_network(last, lambda rows: mean(rows["distance"])),
            f"causes-one-hot-ratio-{name}": _by_network(last, summary.over_inverse),
            f"causes-one-hot-slope-{name}": _by_network(
                end, lambda rows: summary.slope(rows, "ratio")
            ),
        }
    squared = measures[measures["loss"] == "squared"]
    decayed = summary.accurate(summary.final(summary.largest(squared[squared["decayed"]])))
    through = summary.largest(squared[~squared["decayed"]])
    linear = measures[measures["activation"] == "linear"]
    best = summary.most_robust(summary.accurate(summary.final(summary.largest(linear))))
    return found | {
        "causes-one-hot-necessary": Finding(summary.over_inverse(best), summary.told(best)),
        "causes-one-hot-decay": _by_network(decayed, lambda rows: mean(rows["distance"])),
        "causes-one-hot-follows": _by_network(through, summary.followed),
    }


def _by_network(rows: pd.DataFrame, number: Callable[[pd.DataFrame], Estimate]) -> Finding:
    """A number for each kind of network."""
    groups = rows.groupby(["activation", "layers"])
    parts = {summary.network_name(*key): number(part) for key, part in groups}
    return Finding(None, "", parts) if parts else Finding(summary.UNKNOWN, "no network is accurate")
