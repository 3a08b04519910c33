"""ReLU networks' numbers that tables, figures and evidence share, by network."""

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import gammaln

from fragility.paper.estimates import Estimate, mean, mean_prediction

PAPER_NETWORKS = 50  # Table 3: "over 50 accurate 1-hidden-layer non-linear neuron networks"


def first_pair(measures: pd.DataFrame) -> pd.DataFrame:
    """The rows of each network's first pair b_1, b_2, as in Table 3 (assumption R4)."""
    return measures[measures["pair"] == 0]


def by_network(measures: pd.DataFrame) -> pd.DataFrame:
    """One row per network: run, phi, and its mean rho over all pairs and alphas."""
    return measures.groupby("run", as_index=False).agg(phi=("phi", "first"), rho=("rho", "mean"))


def same_matrices(one: pd.DataFrame, other: pd.DataFrame) -> pd.Series:
    """Mean rho of the network in ``other`` minus that in ``one``, by the run that both share.

    A run has the same matrix A under all conditions, but not under all of them a network.
    """
    first, second = (by_network(part).set_index("run")["rho"] for part in (one, other))
    return (second - first).dropna()


def random_mean_cos(d: int) -> float:
    """Mean |cos| of a random direction with a given one in d dimensions."""
    return float(np.exp(gammaln(d / 2) - gammaln((d + 1) / 2)) / np.sqrt(np.pi))


def deviations(measures: pd.DataFrame) -> pd.DataFrame:
    """Rho at each alpha minus the network's mean, averaged over its pairs: (runs, alphas).

    A network without any rho at some alpha is left out: its mean would be over other alphas.
    """
    table = measures.groupby(["run", "alpha"])["rho"].mean().unstack().dropna()
    return table.sub(table.mean(axis=1), axis=0)


def flatness(measures: pd.DataFrame) -> tuple[Estimate, float]:
    """The largest mean deviation over alpha, and Friedman's p-value for no deviation.

    ``measures`` has one row per network, pair and alpha.  The limits are simultaneous (Bonferroni
    over the alphas).  The estimate is the absolute value at the alpha where it is largest; its n
    counts the networks that have a rho at every alpha.  With fewer than two networks the estimate
    is NaN, with fewer than three alphas the p-value.
    """
    table = deviations(measures)
    if len(table) < 2:
        return Estimate(np.nan, np.nan, np.nan, len(table)), np.nan
    each = [mean(table[alpha], 1 - 0.05 / table.shape[1]) for alpha in table]
    worst = max(each, key=lambda e: abs(e.value))
    high = max(max(abs(e.low), abs(e.high)) for e in each)
    low = max(max(e.low, -e.high, 0.0) for e in each)
    estimate = Estimate(abs(worst.value), low, high, worst.n)
    if table.shape[1] < 3:
        return estimate, np.nan
    return estimate, float(stats.friedmanchisquare(*(table[alpha] for alpha in table)).pvalue)


def attacked_networks(attacks: pd.DataFrame) -> pd.DataFrame:
    """One row per network and input (b1, b2, and "both"), means over its points as in Table 4.

    A random direction that flips only beyond the reach counts as farther than all others.
    """
    both = pd.concat([attacks, attacks.assign(input="both")])
    both = both.assign(
        cos=both["cos_theta_t"].abs(),
        ratio=both["delta"] / both["m"],
        relative=both["delta"] / both["m"] / both["cos_theta_t"].abs(),
        bracket=both["certificate"] / both["delta"],
        random=both["random_median"].fillna(np.inf).where(both["delta"].notna()) / both["delta"],
    )
    networks = both.groupby(["input", "run"], as_index=False).agg(
        points=("input", "size"), found=("delta", "count"),
        m=("m", "first"), phi=("phi", "first"), class_radius=("class_radius", "first"),
        point_radius=("point_radius", "mean"),
        cos=("cos", "mean"), delta=("delta", "mean"), ratio=("ratio", "mean"),
        least_relative=("relative", "min"), largest_relative=("relative", "max"),
        bracket=("bracket", "mean"), least_bracket=("bracket", "min"),
        random=("random", "median"),
    )  # fmt: skip
    return networks.replace({"random": {np.inf: np.nan}})


def bounded(attacks: pd.DataFrame) -> pd.DataFrame:
    """The rows with a missing delta replaced by 2 m: the other point of the pair lies there."""
    return attacks.assign(delta=attacks["delta"].fillna(2 * attacks["m"]))


def at_points(measures: pd.DataFrame, attacks: pd.DataFrame) -> pd.DataFrame:
    """The attacked points with rho there, and delta / point_radius, the relative robustness.

    Rho of b_1 is that at the largest alpha, of b_2 that at the smallest.
    """
    ends = {measures["alpha"].max(): "b1", measures["alpha"].min(): "b2"}
    rho = measures.assign(input=measures["alpha"].map(ends)).dropna(subset=["input"])
    names = ["run", "pair", "input"]
    points = attacks.merge(rho[[*names, "rho"]], on=names, how="left", validate="1:1")
    return points.assign(robustness=points["delta"] / points["point_radius"])


def log_prediction(sample: pd.Series) -> Estimate:
    """Geometric mean of a positive sample, with the 95 % prediction interval for one further value.

    Student's t on logarithms; a missing value is left out, and not counted.
    """
    logs = mean(np.log(sample.dropna()))
    if logs.n < 2:
        return Estimate(float(np.exp(logs.value)), np.nan, np.nan, logs.n)
    low, high = np.exp(mean_prediction(logs, 1, 0.95))
    return Estimate(float(np.exp(logs.value)), float(low), float(high), logs.n)
