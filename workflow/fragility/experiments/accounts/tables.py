"""The accounts' tables; ``measures`` are the rows of all sources, ``found`` their shares."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from fragility.experiments.accounts import summary
from fragility.experiments.accounts.shares import LEVELS, QUANTITIES, Shares, of_level
from fragility.paper.estimates import Estimate, estimate_columns
from fragility.report.render import with_interval
from fragility.report.words import DASH

TILT = ("tilted boundary (Tanay and Griffin)", "the same for this paper's C")
RELABELLED = "causes-relabelled-suffice"  # the claim whose number is shown
NORMS = {"l2": "l2", "linf": "l∞"}
ACCOUNTS = {  # account: the quantity of which its share is
    "angle of the gradient, C (this paper)": "angle",
    "size of gradients, ‖∇g(x)‖/(g(x) − g(x'))": "size",
    "… of this, all but the angle: L and S/‖∇g‖": "size_minus_angle",
    "margin, g(x)/(g(x) − g(x'))": "margin",
    "curvature, κ": "curvature",
}


def shares(found: list[Shares]) -> pd.DataFrame:
    """A row per source, norm and level: standard deviation of log delta, shares, LMG shares.

    In l2 every source has a row for each level, without numbers where too few networks vary.
    """
    known = {(one.source, one.norm, one.level): one for one in found}
    rows = []
    for source in dict.fromkeys(one.source for one in found):
        for norm, words in NORMS.items():
            for level, over in LEVELS.items():
                one = known.get((source, norm, level))
                row = {"source": source, "norm": words, "level": over}
                if one is None and norm == "l2":
                    unknown = dict.fromkeys(QUANTITIES, summary.UNKNOWN)
                    rows.append(row | estimate_columns(unknown))
                elif one is not None:
                    row |= {"n": one.n, "deviation": one.deviation}
                    lmg = {f"lmg_{k}": v for k, v in one.lmg.items()}
                    rows.append(row | estimate_columns(one.estimates) | lmg)
    return pd.DataFrame(rows).astype({"n": "Int64"})


def accounts(
    measures: pd.DataFrame, found: list[Shares], relabelled: str, seed: int
) -> pd.DataFrame:
    """The accounts by settings: a row per account and level, a column per source, cells in words.

    Args:
        measures: rows of all sources.
        found: their shares.
        relabelled: what the relabelling experiment shows of non-robust features, for digits.
        seed: root of the random streams.
    """
    sources = list(dict.fromkeys(one.source for one in found))
    rows = []
    for account, quantity in ACCOUNTS.items():
        for level, words in LEVELS.items():
            by_source = of_level(found, level)
            cells = {
                source: _cell(by_source[source].estimates[quantity])
                if source in by_source
                else DASH
                for source in sources
            }
            rows.append({"account": account, "measure": f"share over {words}"} | cells)
    usable = summary.usable(measures)
    l2 = usable[usable["norm"] == "l2"]
    for account, measure, value in (
        (
            "quasi-linearity", "median κ; 1 where g is linear",
            lambda part: summary.median_of(part, "curvature", seed, exp=True),
        ),
        (
            TILT[0], "median |cos| with the class means' difference",
            lambda part: summary.median_of(part, "tilt_cos", seed),
        ),
        (
            TILT[0], "its correlation with log δ over inputs",
            lambda part: summary.correlation_with_delta(part, "tilt_cos", seed, exp=False),
        ),
        (
            TILT[1], "its correlation with log δ over inputs",
            lambda part: summary.correlation_with_delta(part, "angle", seed, exp=True),
        ),
    ):  # fmt: skip
        cells = {source: _cell(value(l2[l2["source"] == source])) for source in sources}
        rows.append({"account": account, "measure": measure} | cells)
    features = {source: relabelled if source == "digits" else DASH for source in sources}
    rows.append(
        {"account": "non-robust features", "measure": "accuracy they teach, share of the teacher's"}
        | features
    )
    return pd.DataFrame(rows)


def relabelled(scores: Sequence[pd.DataFrame]) -> str:
    """What the experiment with relabelled inputs shows of non-robust features, in words."""
    for table in scores:
        rows = table[table["id"] == RELABELLED]
        if len(rows):
            row = rows.iloc[0]
            number = with_interval(row["ours"], row["low"], row["high"], digits=2)
            return f"{number} ({row['verdict']})"
    return "not measured in this run"


def _cell(estimate: Estimate) -> str:
    if np.isnan(estimate.value):
        return DASH
    return with_interval(*estimate[:3], digits=2)


def slack(measures: pd.DataFrame) -> pd.DataFrame:
    """A row per source and norm: what attacks find, what certificates prove (summary.slack)."""
    table = summary.slack(measures)
    return table.assign(norm=table["norm"].map(NORMS))


def gaps(measures: pd.DataFrame) -> pd.DataFrame:
    """The quadrature's gap: a row per source, a column of medians per number of points."""
    table = summary.gaps(measures)
    wide = table.pivot(index="source", columns="points", values="median").reindex(
        table["source"].unique()
    )
    return wide.rename(columns=lambda points: f"points_{points}").reset_index()


def inputs(measures: pd.DataFrame) -> pd.DataFrame:
    """A row per source: networks, inputs, dimension, and for how many both identities apply."""
    rows = []
    for source, part in measures[measures["norm"] == "l2"].groupby("source", sort=False):
        known = summary.usable(part)
        why = part["reason"].dropna().value_counts()
        rows.append(
            {
                "source": source,
                "networks": len(part[["group", "network"]].drop_duplicates()),
                "dimension": ", ".join(map(str, sorted(part["dimension"].unique()))),
                "inputs": len(part), "measured": len(known),
                "reasons": "; ".join(f"{n}: {reason}" for reason, n in why.items()),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)
