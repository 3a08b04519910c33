"""Evidence on the claims about robust training; their ids start with causes-robust."""

from collections.abc import Callable

import pandas as pd

from fragility.experiments.causes.robust_training import summary
from fragility.experiments.causes.robust_training.conditions import ANGLE, CURVATURE
from fragility.paper.estimates import Estimate, mean
from fragility.paper.verdicts import Evidence, Finding

BRACKETS = {"found": "least_ratio", "certified": "certified"}


def evidence(
    measures: pd.DataFrame, linear: pd.DataFrame, classifiers: pd.DataFrame, column_scale: float
) -> Evidence:
    """Finding for each claim.

    Args:
        measures: a row per ReLU network (scripts/causes/robust_training.py).
        linear: a row per trained linear network (scripts/causes/linear_optimisers.py).
        classifiers: a row per matrix and factor, exact (scripts/linear/classifiers.py).
        column_scale: the factor on the columns of the ReLU networks' data.
    """
    counts = _counts(measures)
    together = {
        f"{name}, {bracket}": summary.together(rows, column)
        for name, rows in summary.kinds(measures)
        for bracket, column in BRACKETS.items()
    }
    curves = {
        f"{name}, {method}": estimate
        for name, rows in summary.kinds(measures)
        for method, estimate in summary.off_curve(rows).items()
    }
    factors = {
        penalty: _by_kind(measures, lambda rows, p=penalty: summary.effects(rows, "least_ratio")[p])
        for penalty in (ANGLE, CURVATURE)
    }
    return {
        "causes-robust-together": _parts(together, counts),
        "causes-robust-one-curve": _parts(curves, counts),
        "causes-robust-points": _parts(_by_kind(measures, summary.single_points), counts),
        "causes-robust-mean": _parts(_by_kind(measures, summary.mean_match), counts),
        "causes-robust-angle": _parts(factors[ANGLE], counts),
        "causes-robust-curvature": _parts(factors[CURVATURE], counts),
        "causes-robust-linear": _linear(linear[linear["column_scale"] == column_scale]),
    } | _necessary(measures, classifiers[classifiers["column_scale"] == column_scale], counts)


def _by_kind(
    measures: pd.DataFrame, number: Callable[[pd.DataFrame], Estimate]
) -> dict[str, Estimate]:
    return {name: number(rows) for name, rows in summary.kinds(measures)}


def _parts(estimates: dict[str, Estimate], note: str) -> Finding:
    """A finding in parts; a part without any estimate is left out, and named in the note."""
    known = {name: estimate for name, estimate in estimates.items() if estimate.n > 1}
    missing = [name for name in estimates if name not in known]
    told = "; ".join([note, *(f"too few accurate networks: {name}" for name in missing)])
    return Finding(None, told, known) if known else Finding(summary.UNKNOWN, told)


def _counts(measures: pd.DataFrame) -> str:
    return f"{len(summary.accurate(measures))} of {len(measures)} networks are accurate"


def _linear(linear: pd.DataFrame) -> Finding:
    parts = {}
    for optimiser, rows in linear.groupby("optimiser", sort=False):
        right = summary.accurate(rows)
        parts[f"{optimiser}: {len(right)} of {len(rows)} accurate"] = mean(right["cos_theta_2"])
    note = f"{len(summary.accurate(linear))} of {len(linear)} networks are accurate"
    return _parts(parts, note)


def _necessary(measures: pd.DataFrame, classifiers: pd.DataFrame, note: str) -> Evidence:
    """What the most robust accurate networks keep, and how robust they are."""
    kept, robust = {}, {}
    for d, rows in classifiers.groupby("d"):
        if d in set(measures["d"]):
            kept[f"d = {d}, linear"] = mean(rows["max_margin_cos_theta_1"])
            robust[f"d = {d}, linear"] = mean(rows["max_margin_radius"] / rows["class_radius"])
    for name, rows in summary.kinds(measures):
        networks = summary.best(rows)
        kept[name], robust[name] = mean(networks["cos"]), mean(networks["least_ratio"])
    return {
        "causes-robust-necessary-compression": _parts(kept, note),
        "causes-robust-necessary-fragility": _parts(robust, note),
    }
