"""Theorem 7's table: the Gaussian model by dimension, then trained networks by d and by eps."""

import numpy as np
import pandas as pd
from scipy.stats import kstest

from fragility.paper.estimates import Estimate, mean, proportion
from fragility.report.render import spread

HEADINGS = {
    "model": "model",
    "d": "d",
    "two": "d × squared ratio, two gradients (Gaussian: 2)",
    "one": "one gradient (Gaussian: 1)",
    "harder": "share at least factor × d times harder",
    "predicted_harder": "exact",
    "eps": "ε",
    "crossed": "share of points past a kink",
    "kinks_1": "kinks, layer 1",
    "kinks_2": "layer 2",
    "error": "error, mean over points",
    "error_one": "past one kink, geometric mean",
    "softplus_error": "softplus, mean",
}


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of check_theorem_7.py, averaged: by d, then over all networks by d and by eps."""
    gaussian, networks = (rows[rows["kind"] == kind] for kind in ("gaussian", "network"))
    parts = [_gaussian(d, part) for d, part in gaussian.groupby("d")]
    once = networks.drop_duplicates("network")
    parts += [{"model": "trained networks"} | _ratios(d, part) for d, part in once.groupby("d")]
    parts += [_errors(eps, part) for eps, part in networks.groupby("eps")]
    return pd.DataFrame(parts, columns=_columns(parts))


def smallest_p(rows: pd.DataFrame, name: str) -> Estimate:
    """Smallest p-value over d of the Gaussian ratios against their law, times the number of d.

    Kolmogorov's test on the law's distribution function, uniform under the law (Bonferroni).
    """
    gaussian = rows[rows["kind"] == "gaussian"]
    values = [
        kstest(part[f"predicted_cdf_{name}"], "uniform").pvalue for _, part in gaussian.groupby("d")
    ]
    corrected = min(1.0, min(values) * len(values))
    return Estimate(corrected, corrected, corrected, len(gaussian))


def _gaussian(d: int, part: pd.DataFrame) -> dict:
    harder = proportion(int(part["observed_harder"].astype(bool).sum()), len(part))
    exact = {"predicted_harder": part["predicted_harder"].iloc[0]}
    return {"model": "Gaussian gradients"} | _ratios(d, part) | exact | spread({"harder": harder})


def _ratios(d: int, part: pd.DataFrame) -> dict:
    return {"d": d} | spread({name: mean(d * part[f"observed_{name}"]) for name in ("two", "one")})


def _errors(eps: float, part: pd.DataFrame) -> dict:
    names = ("kinks_1", "kinks_2", "error", "softplus_error")
    present = {name: part[name].dropna() for name in names if name in part}
    plain = {name: float(found.mean()) for name, found in present.items() if len(found)}
    crossed = mean(part["crossed"] / part["points"])
    one = part.dropna(subset="log_error_one")
    if len(one):
        logs = np.average(one["log_error_one"], weights=one["crossed_one"])
        plain["error_one"] = float(np.exp(logs))
    return {"model": "trained networks", "eps": eps} | plain | spread({"crossed": crossed})


def _columns(parts: list[dict]) -> list[str]:
    """Every column that HEADINGS names, present or not, and the limits of the estimates."""
    found = dict.fromkeys(HEADINGS)
    for part in parts:
        found |= dict.fromkeys(part)
    return list(found)
