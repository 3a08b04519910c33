"""Tables on robust training."""

import pandas as pd

from fragility.experiments.causes.robust_training import summary
from fragility.experiments.causes.robust_training.conditions import CONTROLS, DOSED, FACTORS, USUAL
from fragility.paper.estimates import Estimate, estimate_columns, mean

MEASURED = ("cos", "ratio", "least_ratio", "certified", "bracket", "bend")
NONE_ACCURATE = "no network stays accurate"


def doses(measures: pd.DataFrame) -> pd.DataFrame:
    """One row per kind of network, method with a dose and strength; usual training first."""
    return _conditions(measures, [USUAL, *DOSED])


def factors(measures: pd.DataFrame) -> pd.DataFrame:
    """One row per kind of network and combination of the two penalties, then the controls."""
    return _conditions(measures, [*FACTORS, *CONTROLS])


def effects(measures: pd.DataFrame) -> pd.DataFrame:
    """One row per kind of network and penalty: the change of |cos|, of the ratios and of bend."""
    rows = []
    for _, part in summary.kinds(measures):
        changes = {
            name: summary.effects(part, name) for name in ("cos", "ratio", "least_ratio", "bend")
        }
        for penalty in changes["cos"]:
            estimates = {name: changes[name][penalty] for name in changes}
            row = _named(part) | {"penalty": penalty, "matrices": estimates["cos"].n}
            rows.append(row | estimate_columns(estimates))
    return pd.DataFrame(rows)


def best(measures: pd.DataFrame, classifiers: pd.DataFrame) -> pd.DataFrame:
    """The most robust networks: linear ones by d and factor, exact; then the best ReLU network.

    Args:
        measures: rows of ReLU networks.
        classifiers: rows of scripts/linear/classifiers.py, of every d.
    """
    rows = []
    for (d, scale), part in classifiers.groupby(["d", "column_scale"], sort=False):
        lengths = part["max_margin_radius"] / part["class_radius"]
        rows.append(
            {"d": d, "factor": scale, "network": "linear, exact", "matrices": len(part)}
            | _kept(part["max_margin_cos_theta_1"], lengths)
        )
    for name, part in summary.kinds(measures):
        networks = summary.best(part)
        methods = networks["method"].mode()
        rows.append(
            {
                "d": part["d"].iloc[0], "factor": part["column_scale"].iloc[0],
                "network": name.split(", ")[1], "matrices": len(networks),
                "most_often": methods.iloc[0] if len(methods) else "",
            }
            | _kept(networks["cos"], networks["least_ratio"], networks["certified"])
        )  # fmt: skip
    return pd.DataFrame(rows).fillna({"most_often": ""})


def linear(measures: pd.DataFrame) -> pd.DataFrame:
    """One row per factor and optimiser of linear networks; means over the accurate networks."""
    rows = []
    for (scale, optimiser), part in measures.groupby(["column_scale", "optimiser"], sort=False):
        right = summary.accurate(part)
        row = {"factor": scale, "optimiser": optimiser, "matrices": len(part)}
        row |= {"accurate": len(right)}
        row |= estimate_columns(
            {
                name: mean(right[name])
                for name in ("cos_theta_1", "cos_theta_2", "mean_ratio", "least_ratio")
            }
        )
        rows.append(row | {"remark": "" if len(right) else NONE_ACCURATE})
    return pd.DataFrame(rows)


def _conditions(measures: pd.DataFrame, methods: list[str]) -> pd.DataFrame:
    """Means over the accurate networks of each condition; a row says so where there is none."""
    rows = []
    chosen = measures[measures["method"].isin(methods)]
    for _, part in summary.kinds(chosen):
        for (method, strength), cell in part.groupby(["method", "strength"], sort=False):
            right = summary.accurate(cell)
            row = _named(cell) | {"method": method, "strength": strength, "matrices": len(cell)}
            row |= {"accurate": len(right), "mean_accuracy": cell["accuracy"].mean()}
            row |= estimate_columns({name: mean(right[name]) for name in MEASURED})
            rows.append(row | {"remark": "" if len(right) else NONE_ACCURATE})
    return pd.DataFrame(rows)


def _kept(cosines: pd.Series, *lengths: pd.Series) -> dict[str, float]:
    names = ("least_ratio", "certified")
    estimates: dict[str, Estimate] = {"cos": mean(cosines)}
    return estimate_columns(
        estimates | {name: mean(each) for name, each in zip(names, lengths, strict=False)}
    )


def _named(rows: pd.DataFrame) -> dict:
    return {name: rows[name].iloc[0] for name in summary.KIND}
