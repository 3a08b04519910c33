"""Tables on digits: all aggregation over networks happens here."""

import pandas as pd

from fragility.experiments.causes.digits import summary
from fragility.paper.estimates import estimate_columns, mean


def by_kind(measures: pd.DataFrame, accuracies: pd.DataFrame) -> pd.DataFrame:
    """One row per way of training and target, means over networks.

    Of all pairs with the nearest digit as target, and of sevens with a corner blocked.  Accuracy is
    of all networks; a way that left none accurate enough has a row that says so.

    Args:
        measures: rows of scripts/causes/measure_digits.py.
        accuracies: rows of scripts/causes/train_digits.py.
    """
    numbers = summary.per_network(measures)
    shown = numbers[(numbers["pair"] == summary.ALL) | (numbers["target"] == summary.BLOCKED)]
    right = accuracies.assign(
        kind=[
            summary.kind_name(*key)
            for key in zip(accuracies["kind"], accuracies["strength"], strict=True)
        ]
    )
    rows = []
    for (target, kind), part in shown.groupby(["target", "kind"], sort=False):
        values = {name: mean(part[name]) for name in summary.NUMBERS}
        values["accuracy"] = mean(right.loc[right["kind"] == kind, "accuracy"])
        first = {"target": target, "kind": kind, "networks": len(part)}
        trained = int((right["kind"] == kind).sum())
        remark = "" if len(part) == trained else f"{trained - len(part)} not accurate"
        numbers_of = {"images": int(part["images"].sum()), "remark": remark}
        rows.append(first | numbers_of | estimate_columns(values))
    for kind in right["kind"].unique():
        if kind not in set(shown["kind"]):
            values = {"accuracy": mean(right.loc[right["kind"] == kind, "accuracy"])}
            first = {"target": summary.NEAREST, "kind": kind, "networks": 0, "images": 0}
            rows.append(first | {"remark": "none accurate"} | estimate_columns(values))
    table = pd.DataFrame(rows)
    return table.sort_values("target", key=lambda t: t != summary.NEAREST, kind="stable")


def changes(measures: pd.DataFrame) -> pd.DataFrame:
    """One row per pair, target and way of training other than the usual: what it changes.

    Geometric means over networks of numbers divided by those of the usual network with the same
    initial weights; of the exponent the mean.
    """
    relative = summary.changes(summary.per_network(measures))
    rows = []
    for (kind, pair, target), part in relative.groupby(["kind", "pair", "target"], sort=False):
        values = {
            name: summary.geometric(part[name]) for name in ("ratio", "cos", "gradient", "margin")
        }
        if part["aimed"].all():  # others hardly change robustness, and a quotient says nothing
            values["exponent"] = mean(part["exponent"].dropna())
        first = {"kind": kind, "pair": pair, "target": target, "networks": len(part)}
        rows.append(first | estimate_columns(values))
    return pd.DataFrame(rows)
