"""Evidence on the claims about digits; their ids start with causes-digits."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from fragility.experiments.causes.digits import summary
from fragility.paper.estimates import Estimate, mean
from fragility.paper.verdicts import Evidence, Finding


def evidence(measures: pd.DataFrame) -> Evidence:
    """Finding for each claim, from the rows of scripts/causes/measure_digits.py."""
    numbers = summary.of_all_pairs(summary.per_network(measures))
    changes = summary.changes(numbers)
    aimed = changes[changes["aimed"]]
    return {
        "causes-digits-robust": _by_kind(aimed, lambda rows: summary.geometric(rows["ratio"])),
        "causes-digits-together": _by_kind(aimed, lambda rows: summary.geometric(rows["cos"])),
        "causes-digits-proportional": _by_kind(aimed, lambda rows: mean(rows["exponent"])),
        "causes-digits-m": _by_kind(numbers, lambda rows: mean(rows["m_over_q"])),
    }


def _by_kind(rows: pd.DataFrame, number: Callable[[pd.DataFrame], Estimate]) -> Finding:
    """A number for each way of training."""
    parts = {kind: number(part) for kind, part in rows.groupby("kind", sort=False)}
    return Finding(None, "", parts)


def kinds_exchanged(results: dict, stream: np.random.Generator) -> dict:
    """The measures with the ways of training exchanged at random among networks of one index."""
    parts = []
    for _, part in results["digits"].groupby("network", sort=False):
        keys = part[["kind", "strength"]].drop_duplicates()
        other = keys.iloc[stream.permutation(len(keys))].to_numpy()
        names = dict(zip(keys.itertuples(index=False, name=None), map(tuple, other), strict=True))
        pairs = [names[key] for key in zip(part["kind"], part["strength"], strict=True)]
        kinds, strengths = zip(*pairs, strict=True)
        parts.append(part.assign(kind=kinds, strength=strengths))
    return results | {"digits": pd.concat(parts)}
