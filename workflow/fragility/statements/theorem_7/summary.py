"""Theorem 7's numbers that table, figure and evidence share."""

import numpy as np
import pandas as pd
from scipy.stats import kstest

from fragility.paper.estimates import Estimate, estimate_columns, mean, proportion

COLUMNS = (
    "model", "d", "two", "one", "harder", "predicted_harder", "eps", "crossed", "kinks_1",
    "kinks_2", "error", "error_one", "softplus_error",
)  # fmt: skip


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Averages: one row per d (Gaussian), one per d and one per eps (all networks)."""
    gaussian, networks = (rows[rows["kind"] == kind] for kind in ("gaussian", "network"))
    parts = [_gaussian(d, part) for d, part in gaussian.groupby("d")]
    once = networks.drop_duplicates("network")
    parts += [{"model": "trained networks"} | _ratios(d, part) for d, part in once.groupby("d")]
    parts += [_errors(eps, part) for eps, part in networks.groupby("eps")]
    return pd.DataFrame(parts, columns=_columns(parts))


def smallest_p(rows: pd.DataFrame, name: str) -> Estimate:
    """Smallest p-value of the Gaussian ratios (rows), at each d and at all of them together.

    Kolmogorov's test of the predicted distribution function's values, uniform if it is right;
    the p-value is multiplied by the number of tests (Bonferroni).
    """
    gaussian = rows[rows["kind"] == "gaussian"]
    samples = [gaussian, *(part for _, part in gaussian.groupby("d"))]
    values = [kstest(sample[f"predicted_cdf_{name}"], "uniform").pvalue for sample in samples]
    corrected = float(min(1.0, min(values) * len(values)))
    return Estimate(corrected, corrected, corrected, len(gaussian))


def _gaussian(d: int, part: pd.DataFrame) -> dict:
    harder = proportion(int(part["observed_harder"].astype(bool).sum()), len(part))
    exact = {"predicted_harder": part["predicted_harder"].iloc[0]}
    return (
        {"model": "Gaussian gradients"}
        | _ratios(d, part)
        | exact
        | estimate_columns({"harder": harder})
    )


def _ratios(d: int, part: pd.DataFrame) -> dict:
    return {"d": d} | estimate_columns(
        {name: mean(d * part[f"observed_{name}"]) for name in ("two", "one")}
    )


def _errors(eps: float, part: pd.DataFrame) -> dict:
    names = ("kinks_1", "kinks_2", "error", "softplus_error")
    present = {name: part[name].dropna() for name in names if name in part}
    plain = {name: float(values.mean()) for name, values in present.items() if len(values)}
    crossed = mean(part["crossed"] / part["points"])
    one = part.dropna(subset="log_error_one")
    if len(one):
        logs = np.average(one["log_error_one"], weights=one["crossed_one"])
        plain["error_one"] = float(np.exp(logs))
    return (
        {"model": "trained networks", "eps": eps} | plain | estimate_columns({"crossed": crossed})
    )


def _columns(parts: list[dict]) -> list[str]:
    """Every one of COLUMNS, present or not, and the limits of the estimates."""
    names = dict.fromkeys(COLUMNS)
    for part in parts:
        names |= dict.fromkeys(part)
    return list(names)
