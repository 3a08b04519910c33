"""The tables of the second paper's experiment."""

import numpy as np
import pandas as pd

from fragility.experiments.dimension import summary
from fragility.paper.estimates import estimate_columns, mean


def slopes(initial: pd.DataFrame, seed: int) -> pd.DataFrame:
    """At initialisation: a row per topology, the slopes of both norms with their intervals."""
    by_norm = {norm: summary.by_topology(initial, seed, norm) for norm in ("l1", "l2")}
    rows = []
    for name, part in initial.groupby("topology", sort=False):
        row = {"topology": name, "smallest": part["d"].min(), "largest": part["d"].max()}
        row |= {"networks": len(part)}
        row |= estimate_columns({norm: by_norm[norm][name] for norm in by_norm})
        largest = part[part["d"] == part["d"].max()]
        rows.append(row | {"l1_largest": largest["l1"].mean(), "l2_largest": largest["l2"].mean()})
    return pd.DataFrame(rows)


def closed(initial: pd.DataFrame) -> pd.DataFrame:
    """Logits' gradients of fully connected networks: mean norms beside their closed forms."""
    rows = []
    known = initial.dropna(subset=["closed_l1"])
    for (name, d), part in known.groupby(["topology", "d"], sort=False):
        found = {
            "l1": mean(part["logit_l1"]), "l1_ratio": mean(part["logit_l1"] / part["closed_l1"]),
            "l2_squared": mean(part["logit_l2_squared"]),
        }  # fmt: skip
        rows.append(
            {"topology": name, "d": d, "networks": len(part)}
            | part[["closed_l1", "closed_l2_squared"]].iloc[0].to_dict()
            | estimate_columns(found)
        )
    return pd.DataFrame(rows)


def trained(measures: pd.DataFrame, epsilon: float) -> pd.DataFrame:
    """A row per condition: means over its networks, and how many are accurate.

    Where no network is accurate the row says so, and has no numbers but the accuracy.
    """
    rows = []
    every = summary.one_row(measures, epsilon)
    order = ["topology", "method", "strength", "side", "copies"]
    for _, part in every.sort_values(order).groupby(order, sort=False):
        good = part[part["accurate"]]
        row = part[[*order, "d"]].iloc[0].to_dict()
        row |= {"networks": len(part), "accurate": len(good)}
        row |= {"accuracy": part["accuracy"].mean()}
        columns = ("l1", "l2", "vulnerability", "damage")
        row |= estimate_columns({name: mean(good[name]) for name in columns})
        reason = "" if len(good) else f"no network reaches accuracy {summary.ACCURATE}"
        rows.append(row | {"reason": reason})
    return pd.DataFrame(rows)


def growth(
    measures: pd.DataFrame, topologies: list[str], robust: float, epsilon: float
) -> pd.DataFrame:
    """Slopes of log norm and log damage on log d after training, by kind of images and training."""
    rows, every = [], summary.one_row(measures, epsilon)
    for training, told in summary.trainings(robust).items():
        parts = {("copied", name): summary.copied(every, name, told) for name in topologies}
        parts["reduced", topologies[0]] = summary.reduced(every, topologies[0], told)
        for (images, topology), part in parts.items():
            if part["d"].nunique() < 2:
                continue
            found = {
                name: summary.slope_over_networks(part, name) for name in ("l1", "l2", "damage")
            }
            found["vulnerability"] = mean(summary.change(part, "vulnerability"))
            rows.append(
                {"images": images, "topology": topology, "training": training,
                 "networks": found["l1"].n} | estimate_columns(found)
            )  # fmt: skip
    return pd.DataFrame(rows)


def gaps(rows: pd.DataFrame) -> pd.DataFrame:
    """Mean difference of the losses of penalty and augmentation, by norm and strength."""
    found = rows.groupby(["norm", "size"], as_index=False)["gap"].mean()
    before = found.groupby("norm")[["size", "gap"]].shift()
    ratio = np.log(found["gap"] / before["gap"]) / np.log(found["size"] / before["size"])
    return found.assign(slope=ratio)
