"""What tables, figures and evidence share: slopes on the dimension, differences, one curve."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fragility.experiments.dimension.conditions import ROBUST, USUAL
from fragility.paper.estimates import Estimate, mean
from fragility.runtime.seeds import generator

RESAMPLES = 1000
UNKNOWN = Estimate(np.nan, np.nan, np.nan, 0)
ACCURATE = 0.8  # networks below this accuracy are shown, but count for no estimate

Training = tuple[str, float]  # a method and its strength


def trainings(robust: float) -> dict[str, Training]:
    """The two trainings at which sizes are compared, by what pages call them."""
    return {"usual training": (USUAL, 0.0), "PGD training": (ROBUST, robust)}


def by_topology(
    initial: pd.DataFrame, seed: int, norm: str, resamples: int = RESAMPLES
) -> dict[str, Estimate]:
    """Slope of log E norm on log d for each topology, interval over networks.

    E is the mean over the networks of one d.  Networks are drawn with replacement within each d;
    the limits are quantiles of the slopes.

    Args:
        initial: a row per network (scripts/dimension/initial.py).
        seed: root of the random streams.
        norm: "l1" or "l2".
        resamples: of the networks.
    """
    return {
        name: _initial_slope(
            part, norm, generator(seed, "dimension", "slope", name, norm), resamples
        )
        for name, part in initial.groupby("topology", sort=False)
    }


def _initial_slope(
    part: pd.DataFrame, norm: str, stream: np.random.Generator, resamples: int
) -> Estimate:
    groups = [(d, rows[norm].to_numpy()) for d, rows in part.groupby("d")]
    if len(groups) < 2:
        return UNKNOWN
    means = []
    for _, values in groups:
        n = len(values)
        counts = stream.multinomial(n, np.full(n, 1 / n), resamples)
        means.append(np.append(values.mean(), counts @ values / n))
    slopes = slope(np.log([d for d, _ in groups]), np.log(np.stack(means, axis=1)))
    least = min(len(values) for _, values in groups)
    low, high = np.quantile(slopes[1:], [0.025, 0.975]) if least > 1 else (np.nan, np.nan)
    return Estimate(float(slopes[0]), float(low), float(high), len(part))


def slope(x: NDArray, y: NDArray) -> NDArray:
    """Least-squares slopes of the rows of y (m, n) on x (n,), (m,)."""
    centred = x - x.mean()
    return np.atleast_2d(y) @ centred / (centred @ centred)


def closed_form(initial: pd.DataFrame) -> dict[str, Estimate]:
    """Mean ||df_k||_1 of the logits over its closed form, for each depth and d."""
    rows = initial.dropna(subset=["closed_l1"])
    return {
        f"{name}, d = {d}": mean(part["logit_l1"] / part["closed_l1"])
        for (name, d), part in rows.groupby(["topology", "d"], sort=False)
    }


def joined(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One table of several; a job whose networks have no such row leaves a table without types."""
    return pd.concat([table for table in tables if len(table)] or tables, ignore_index=True)


def one_row(measures: pd.DataFrame, epsilon: float) -> pd.DataFrame:
    """The rows of one size of attack, one per network; with ``accurate``."""
    rows = measures[np.isclose(measures["epsilon"], epsilon)].reset_index(drop=True)
    return rows.assign(accurate=rows["accuracy"] >= ACCURATE)


def copied(rows: pd.DataFrame, topology: str, training: Training) -> pd.DataFrame:
    """Of rows of one per network, those of one training at the full side, by number of copies."""
    return rows[
        (rows["topology"] == topology) & _trained(rows, training)
        & (rows["side"] == rows["side"].max())
    ]  # fmt: skip


def reduced(rows: pd.DataFrame, topology: str, training: Training) -> pd.DataFrame:
    """Those of one training on images without copies, by side."""
    return rows[
        (rows["topology"] == topology) & _trained(rows, training) & (rows["copies"] == 1)
    ]  # fmt: skip


def _trained(rows: pd.DataFrame, training: Training) -> pd.Series:
    return (rows["method"] == training[0]) & np.isclose(rows["strength"], training[1])


def slope_over_networks(rows: pd.DataFrame, column: str = "l1") -> Estimate:
    """Slope of log ``column`` on log d of each network number, mean over numbers.

    A number counts if its networks are accurate at every d, and there are two or more.
    """
    table = _by_number(rows, column, "d")
    if table.shape[1] < 2 or table.empty:
        return UNKNOWN
    return mean(slope(np.log(table.columns.to_numpy(float)), np.log(table.to_numpy())))


def change(rows: pd.DataFrame, column: str) -> pd.Series:
    """``column`` at the largest d minus at the smallest, by network number; accurate ones."""
    table = _by_number(rows, column, "d")
    if table.shape[1] < 2:
        return pd.Series(dtype=float)
    return table[table.columns.max()] - table[table.columns.min()]


def _by_number(rows: pd.DataFrame, column: str, over: str) -> pd.DataFrame:
    """``column`` by network number and ``over``; numbers whose networks are all accurate."""
    table = rows.assign(value=rows[column].where(rows["accurate"]))
    return table.pivot_table(index="network", columns=over, values="value", dropna=False).dropna()


def pooled_minus_strided(rows: pd.DataFrame, column: str) -> dict[str, Estimate]:
    """``column`` with average pooling minus strided, usual training, by copies; in pairs."""
    usual = rows[(rows["method"] == USUAL) & (rows["side"] == rows["side"].max())]
    found = {}
    for copies, part in usual.groupby("copies"):
        table = _by_number(part, column, "topology")
        if {"average", "strided"} <= set(table):
            found[f"×{copies}"] = mean(table["average"] - table["strided"])
    return found


def regularised(rows: pd.DataFrame, topology: str) -> pd.DataFrame:
    """The networks of all methods and strengths on the images as they are."""
    return rows[
        (rows["topology"] == topology) & (rows["copies"] == 1)
        & (rows["side"] == rows["side"].max())
    ]  # fmt: skip


def on_one_curve(
    rows: pd.DataFrame, stream: np.random.Generator, resamples: int = RESAMPLES
) -> Estimate:
    """Share of the variance of log vulnerability that a quadratic in log l1 explains.

    Accurate networks with a vulnerability above 0; interval by drawing networks with replacement.
    """
    rows = rows[rows["accurate"] & (rows["vulnerability"] > 0) & (rows["l1"] > 0)]
    if len(rows) < 6:
        return UNKNOWN._replace(n=len(rows))
    x, y = np.log(rows["l1"].to_numpy()), np.log(rows["vulnerability"].to_numpy())
    n = len(x)
    counts = np.vstack([np.ones(n), stream.multinomial(n, np.full(n, 1 / n), resamples)])
    shares = _explained(np.vander((x - x.mean()) / (x.std() or 1), 3), y - y.mean(), counts)
    low, high = np.nanquantile(shares[1:], [0.025, 0.975])
    return Estimate(float(shares[0]), float(low), float(high), n)


def _explained(design: NDArray, y: NDArray, counts: NDArray) -> NDArray:
    """R^2 of least squares with each row counted as often as ``counts`` (m, n) says, (m,)."""
    moments = np.einsum("mn,ni,nj->mij", counts, design, design)
    fits = np.linalg.pinv(moments) @ np.einsum("mn,ni,n->mi", counts, design, y)[:, :, None]
    left = (counts * np.square(y - (fits[:, :, 0] @ design.T))).sum(axis=1)
    means = counts @ y / counts.sum(axis=1)
    total = (counts * np.square(y - means[:, None])).sum(axis=1)
    return 1 - np.divide(left, total, out=np.full(len(counts), np.nan), where=total > 0)


def gap_slopes(gaps: pd.DataFrame) -> dict[str, Estimate]:
    """Slope of log gap on log strength, by norm; mean over networks."""
    found = {}
    for norm, part in gaps.groupby("norm"):
        table = part.pivot_table(index=["name", "network"], columns="size", values="gap")
        logs = np.log(table.to_numpy())
        found[norm] = mean(slope(np.log(table.columns.to_numpy(float)), logs))
    return found
