"""What tables, figures and evidence read of the measures but for shares of variance.

``measures`` are the rows of :func:`.measuring.measured` of all sources, with columns source, by,
group and network in front.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fragility.measures.decomposition import ANGLE_TERMS
from fragility.paper.estimates import Estimate, mean
from fragility.paper.resampling import (
    Statistic,
    of_crossed,
    of_pairs,
    of_strata,
    weighted_correlation,
    weighted_median,
)
from fragility.runtime.seeds import generator

UNKNOWN = Estimate(np.nan, np.nan, np.nan, 0)
RESAMPLES = 600
FEWEST = 3  # inputs of a network, networks of a group, or groups for a variance


def usable(measures: pd.DataFrame) -> pd.DataFrame:
    """The rows on which both identities hold and a boundary was found."""
    known = measures[[*ANGLE_TERMS, "delta"]].notna().all(axis=1)
    return measures[measures["reason"].isna() & known]


def over_networks(
    statistics: Sequence[Statistic],
    inputs: Sequence[NDArray],
    stream: np.random.Generator,
    resamples: int,
) -> Estimate:
    """The mean over networks of a statistic of each one's inputs, with its interval.

    It is over networks, and over inputs as well where networks share them.  With one network it is
    over the inputs, or over the units of which they are pairs (A:B).
    """
    if not statistics:
        return UNKNOWN
    if len(statistics) == 1:
        (names,), (statistic,) = inputs, statistics
        if all(name.count(":") == 1 for name in names):
            pairs = np.array([name.split(":") for name in names])
            return of_pairs(statistic, pairs, stream, resamples=resamples)
        return of_strata(statistic, np.zeros(len(names)), stream, resamples=resamples)
    if len(np.unique(np.concatenate(inputs))) == sum(map(len, inputs)):
        once = (np.ones((1, len(names))) for names in inputs)
        each = [float(f(counts)[0]) for f, counts in zip(statistics, once, strict=True)]
        return mean([value for value in each if not np.isnan(value)])
    return of_crossed(statistics, inputs, stream, resamples=resamples)


def by_network(
    measures: pd.DataFrame,
    value: Callable[[pd.DataFrame], NDArray],
    statistic: Callable,
    seed: int,
    name: str,
    resamples: int = RESAMPLES,
) -> Estimate:
    """A statistic of one or two values of each of a network's inputs, averaged over networks.

    Args:
        measures: rows of one source and norm.
        value: of a network's rows, (n,) or two of them.
        statistic: takes the value's columns to a :data:`Statistic`.
        seed: root of the random streams.
        name: names the stream.
        resamples: of networks and inputs.
    """
    stream = generator(seed, "accounts", "by network", name)
    statistics, inputs = [], []
    for _, part in measures.groupby(["group", "network"]):
        columns = np.atleast_2d(value(part))
        known = np.isfinite(columns).all(axis=0)
        if known.sum() >= FEWEST:
            statistics.append(statistic(*columns[:, known]))
            inputs.append(part["input"].to_numpy(dtype=str)[known])
    return over_networks(statistics, inputs, stream, resamples)


def median_of(measures: pd.DataFrame, column: str, seed: int, *, exp: bool = False) -> Estimate:
    """Median of a column over a network's inputs, averaged over networks."""

    def value(part: pd.DataFrame) -> NDArray:
        found = part[column].to_numpy(dtype=float)
        return np.exp(found) if exp else np.abs(found)

    return by_network(measures, value, weighted_median, seed, f"median {column}")


def correlation_with_delta(
    measures: pd.DataFrame, column: str, seed: int, *, exp: bool
) -> Estimate:
    """Correlation of log delta with the log of a column (given as a log if ``exp``), by network."""

    def value(part: pd.DataFrame) -> NDArray:
        found = part[column].to_numpy(dtype=float)
        with np.errstate(divide="ignore"):
            logs = found if exp else np.log(np.abs(found))
        return np.stack([logs, part["delta"].to_numpy(dtype=float)])

    return by_network(measures, value, weighted_correlation, seed, f"correlation {column}")


def gaps(measures: pd.DataFrame) -> pd.DataFrame:
    """The quadrature's gap |log| by number of points: a row per source and number.

    Columns: source, points, median, largest, n.
    """
    rows = []
    l2 = measures[measures["norm"] == "l2"]
    names = [name for name in l2 if name.startswith("gap_")]
    for source, part in l2.groupby("source", sort=False):
        for name in names:
            gap = part[name].dropna().abs()
            if len(gap):
                row = {"source": source, "points": int(name.removeprefix("gap_"))}
                rows.append(row | {"median": gap.median(), "largest": gap.max(), "n": len(gap)})
    return pd.DataFrame(rows)


def slack(measures: pd.DataFrame) -> pd.DataFrame:
    """How far the attacks' distance may be from the true one: a row per source and norm.

    Columns: found (share of inputs with g(x) > 0 and g(x) > g(x') whose boundary was found), kappa
    (median, an upper bound), certified (median lower bound on kappa, where there is a certificate),
    slack (median of their quotient), agreement (median quotient of the two attacks' distances).
    """
    rows = []
    for (source, norm), part in measures.groupby(["source", "norm"], sort=False):
        asked = part[(part["g"] > 0) & (part["fall"] > 0) & ~part["reason"].isin(_OTHER)]
        if asked.empty:
            continue
        kappa = np.exp(asked["curvature"])
        both = asked[["kappa_minimum_norm", "kappa_projection"]].dropna()
        bound = asked.get("kappa_certified", pd.Series(np.nan, asked.index))
        rows.append(
            {
                "source": source, "norm": norm, "inputs": len(asked),
                "found": float(kappa.notna().mean()), "kappa": kappa.median(),
                "certified": bound.median(), "slack": (kappa / bound).median(),
                "agreement": (both.max(axis=1) / both.min(axis=1)).median(),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


_OTHER = {"a ReLU network's weights with a smooth activation, for the quadrature only"}
