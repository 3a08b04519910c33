"""Evidence on the claims about relabelled inputs."""

from collections.abc import Callable

import pandas as pd

from fragility.experiments.causes.relabelled import summary
from fragility.paper.estimates import Estimate, mean
from fragility.paper.verdicts import Evidence, Finding


def evidence(accuracies: list[pd.DataFrame], moves: list[pd.DataFrame]) -> Evidence:
    """Finding for each claim, from the rows of scripts/causes/relabel.py and relabel_digits.py."""
    rows = summary.joined(accuracies)
    told = summary.joined(moves)
    final = summary.skill(summary.last(rows), told)
    linear = final[final["setting"] == "descent"]
    widest = linear[linear["margin"] == linear["margin"].max()]
    early = summary.at(rows, summary.EARLY)
    first = summary.at(rows[rows["setting"] == "descent"], 1).merge(told, on=summary.KEYS)
    return {
        "causes-relabelled-suffice": _parts(final, lambda part: mean(part["skill"])),
        "causes-non-robust-features": _parts(final, lambda part: mean(part["skill"])),
        "causes-relabelled-early": _parts(
            early[early["setting"] != "digits"], lambda part: mean(part["accuracy"])
        ),
        "causes-relabelled-first": _parts(
            first, lambda part: mean(part["accuracy"] - part["first"])
        ),
        "causes-relabelled-limit": _parts(
            widest, lambda part: mean(part["accuracy"] - part["limit"])
        ),
    }


def _parts(rows: pd.DataFrame, number: Callable[[pd.DataFrame], Estimate]) -> Finding:
    """A number for each setting and margin."""
    groups = rows.groupby(["setting", "margin"], sort=False)
    parts = {
        f"{summary.SETTINGS[setting][0]}, {summary.more(margin)}": number(part)
        for (setting, margin), part in groups
    }
    return Finding(None, "", parts)
