"""How much of the variance of log delta each term has: over inputs, networks and groups."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fragility.experiments.accounts.summary import FEWEST, RESAMPLES, over_networks, usable
from fragility.measures.decomposition import (
    ANGLE_TERMS,
    SIZE_TERMS,
    covariance,
    lmg_shares,
    shapley_shares,
    stacked,
)
from fragility.paper.estimates import Estimate
from fragility.paper.resampling import Statistic, of_strata
from fragility.runtime.seeds import generator

Moments = Callable[[NDArray], NDArray]  # counts of rows or networks (m, n) to (m, k, k)
LEVELS = {
    "inputs": "inputs of one network",
    "networks": "networks trained alike",
    "groups": "groups of networks",
}
# Every quantity is a weighted sum of the angle identity's shares, since these add up.
_SHARE = dict(zip(ANGLE_TERMS, np.eye(len(ANGLE_TERMS)), strict=True))
QUANTITIES: dict[str, NDArray] = {
    "angle": _SHARE["angle"],
    "change": _SHARE["change"],
    "length": _SHARE["length"],
    "margin": _SHARE["margin"],
    "curvature": _SHARE["curvature"],
    # -log size = log L + log C + log change + quadrature
    "size": _SHARE["length"] + _SHARE["angle"] + _SHARE["change"] + _SHARE["quadrature"],
    "angle_minus_change": _SHARE["angle"] - _SHARE["change"],
    "size_minus_angle": _SHARE["length"] + _SHARE["change"] + _SHARE["quadrature"],
}


class Shares(NamedTuple):
    """What one source shows at one level, in one norm.

    Attributes:
        source, norm, level: of which this is; level is a key of :data:`LEVELS`.
        deviation: standard deviation of log delta at this level.
        estimates: by name of :data:`QUANTITIES`; unknown where inputs or networks are too few.
        lmg: share of R^2 by term of the angle identity, and NAME_of_size of the size identity.
        n: inputs, networks or groups that vary.
    """

    source: str
    norm: str
    level: str
    deviation: float
    estimates: dict[str, Estimate]
    lmg: dict[str, float]
    n: int


def of_sources(measures: pd.DataFrame, seed: int, resamples: int = RESAMPLES) -> list[Shares]:
    """The shares of every source and norm at the levels at which it varies."""
    found = []
    for (source, norm), rows in usable(measures).groupby(["source", "norm"], sort=False):
        told = (str(source), str(norm))
        found.append(within(rows, *told, seed, resamples))
        found += [each for each in between(rows, *told, seed, resamples) if each.n >= FEWEST]
    return found


def within(rows: pd.DataFrame, source: str, norm: str, seed: int, resamples: int) -> Shares:
    """Shares over the inputs of one network, averaged over networks.

    The interval is over networks; over both where networks have inputs in common; and over the
    units of which inputs are pairs (A:B) if there is one network.
    """
    networks = [part for _, part in rows.groupby(["group", "network"]) if len(part) >= FEWEST]
    terms = [stacked(part, ANGLE_TERMS) for part in networks]
    inputs = [part["input"].to_numpy(dtype=str) for part in networks]
    statistics = [_Shares(partial(covariance, part)) for part in terms]
    each = [covariance(part) for part in terms]
    deviation = float(np.sqrt(np.mean([part.sum() for part in each]))) if each else np.nan
    estimates = {
        name: over_networks(
            [of(weight) for of in statistics], inputs,
            generator(seed, "accounts", source, norm, "inputs"), resamples,
        )
        for name, weight in QUANTITIES.items()
    }  # fmt: skip
    n = int(np.median([len(part) for part in networks])) if networks else 0
    return Shares(source, norm, "inputs", deviation, estimates, _lmg(each), n)


class _Shares:
    """Shapley shares from covariances as statistics of counts; those of the last counts are kept.

    Quantities of one source are resampled by one stream, so that they meet the same counts.
    """

    def __init__(self, covariances: Moments) -> None:
        self.covariances = covariances
        self.counts: NDArray = np.empty(0)
        self.shares: NDArray = np.empty(0)

    def __call__(self, weight: NDArray) -> Statistic:
        """A weighted sum of shares."""
        return lambda counts: self._of(counts) @ weight

    def _of(self, counts: NDArray) -> NDArray:
        if not np.array_equal(counts, self.counts):
            with np.errstate(divide="ignore", invalid="ignore"):
                self.shares = shapley_shares(self.covariances(counts))
            self.counts = counts
        return self.shares


def between(rows: pd.DataFrame, source: str, norm: str, seed: int, resamples: int) -> list[Shares]:
    """Shares over networks of one group, and over groups: of the means over a network's inputs."""
    by = rows.groupby(["group", "network"])
    means = stacked(by[[*ANGLE_TERMS]].mean(), ANGLE_TERMS)
    groups = np.array([group for group, _ in by.groups])
    counts = {"networks": _free(groups), "groups": len(np.unique(groups))}
    found = []
    for level, moments in (("networks", _among_networks), ("groups", _among_groups)):
        if counts[level] < FEWEST:
            found.append(Shares(source, norm, level, np.nan, {}, {}, counts[level]))
            continue
        of = moments(means, groups)
        statistic = _Shares(of)
        estimates = {
            name: of_strata(
                statistic(weight), groups, generator(seed, "accounts", source, norm, level),
                resamples=resamples,
            )
            for name, weight in QUANTITIES.items()
        }  # fmt: skip
        own = of(np.ones((1, len(groups))))[0]
        deviation = float(np.sqrt(own.sum()))
        found.append(Shares(source, norm, level, deviation, estimates, _lmg([own]), counts[level]))
    return found


def _free(groups: NDArray) -> int:
    """Networks that may differ from their group's mean, and one."""
    return len(groups) - len(np.unique(groups)) + 1


def _among_networks(means: NDArray, groups: NDArray) -> Moments:
    """Covariance of networks' means around the mean of their group."""

    def covariances(counts: NDArray) -> NDArray:
        total = 0.0
        for group in np.unique(groups):
            own = groups == group
            weights = counts[:, own]
            total = total + weights.sum(axis=1)[:, None, None] * covariance(means[own], weights)
        return total / counts.sum(axis=1)[:, None, None]

    return covariances


def _among_groups(means: NDArray, groups: NDArray) -> Moments:
    """Covariance of the groups' means, each group counted alike."""

    def covariances(counts: NDArray) -> NDArray:
        of_groups = []
        for group in np.unique(groups):
            weights = counts[:, groups == group]
            of_groups.append(weights @ means[groups == group] / weights.sum(axis=1)[:, None])
        stack = np.stack(of_groups, axis=1)
        centred = stack - stack.mean(axis=1, keepdims=True)
        return centred.transpose(0, 2, 1) @ centred / stack.shape[1]

    return covariances


def _lmg(covariances: list[NDArray]) -> dict[str, float]:
    """LMG shares, averaged over networks: of each angle term, and of size in the size identity."""
    if not covariances:
        return {}
    to_size = np.array([QUANTITIES["size"], _SHARE["margin"], _SHARE["curvature"]])
    every = np.stack(covariances)
    angle = np.nanmean(lmg_shares(every), axis=0)
    size = np.nanmean(lmg_shares(to_size @ every @ to_size.T), axis=0)
    named = dict(zip(ANGLE_TERMS, map(float, angle), strict=True))
    return named | {f"{name}_of_size": float(v) for name, v in zip(SIZE_TERMS, size, strict=True)}


def of_level(found: list[Shares], level: str, norm: str = "l2") -> Mapping[str, Shares]:
    """The shares at one level and norm, by source."""
    return {one.source: one for one in found if one.level == level and one.norm == norm}
