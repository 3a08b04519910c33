"""Evidence on the accounts of fragility; the ids are those of claims/accounts.yaml."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from fragility.experiments.accounts import summary
from fragility.experiments.accounts.shares import Shares, of_level, of_sources
from fragility.paper.estimates import Estimate
from fragility.paper.verdicts import Evidence, Finding

LINEAR, SMOOTH = "linear", "softplus"  # how the names of these sources begin


def evidence(
    measures: list[pd.DataFrame], *, points: int, seed: int, resamples: int = summary.RESAMPLES
) -> Evidence:
    """Finding for each claim on the accounts.

    Args:
        measures: tables of scripts/accounts, of all sources.
        points: accounts.points, by which the quadrature's gap is judged.
        seed: root of the random streams.

    Raises:
        ValueError: there is no linear network.
    """
    every = pd.concat(measures, ignore_index=True)
    linear = every[every["source"].str.startswith(LINEAR)]
    if linear.empty:
        raise ValueError("no linear network among the sources, so that known cases are missing")
    found = of_sources(every, seed, resamples)
    return (
        _angle_or_size(found)
        | _curvature(every, found, seed)
        | _tilt(every, linear, seed)
        | _identities(every, linear, points)
    )


def _angle_or_size(found: list[Shares]) -> Evidence:
    linf = of_level(found, "inputs", "linf")
    inputs = of_level(found, "inputs")
    note = (
        "in a linear network neither angle nor size varies over inputs, so that the margin has all "
        "of the variance by algebra"
    )
    return {
        "accounts-angle-inputs": _parts(_varying(inputs), "angle_minus_change", note),
        "accounts-angle-networks": _parts(_above_inputs(found), "angle_minus_change"),
        "accounts-size-inputs": _parts(_varying(inputs), "size", note),
        "accounts-size-networks": _parts(_above_inputs(found), "size"),
        "accounts-size-linf": _parts(_varying(linf), "size", note),
    }


def _varying(by_source: Mapping[str, Shares]) -> dict[str, Shares]:
    """The sources in which gradients differ between the inputs of one network."""
    return {name: one for name, one in by_source.items() if not name.startswith(LINEAR)}


def _above_inputs(found: list[Shares]) -> dict[str, Shares]:
    """The sources' shares over networks, and over groups of networks, by name."""
    over = {f"{name}: networks": one for name, one in of_level(found, "networks").items()}
    return over | {f"{name}: groups": one for name, one in of_level(found, "groups").items()}


def _parts(shares: Mapping[str, Shares], quantity: str, note: str = "") -> Finding:
    estimates = {name: one.estimates[quantity] for name, one in shares.items()}
    known = {
        name: e for name, e in estimates.items() if np.isfinite([e.value, e.low, e.high]).all()
    }
    return Finding(None, note, known) if known else Finding(summary.UNKNOWN, note)


def _curvature(every: pd.DataFrame, found: list[Shares], seed: int) -> Evidence:
    rows = summary.usable(every)
    rows = rows[(rows["norm"] == "l2") & ~rows["source"].str.startswith(LINEAR)]
    medians = {
        source: summary.median_of(part, "curvature", seed, exp=True)
        for source, part in rows.groupby("source", sort=False)
    }
    known = {name: e for name, e in medians.items() if np.isfinite(e.low)}
    bounds = summary.slack(every).query("norm == 'l2'").dropna(subset=["slack"])
    pairs = zip(bounds["source"], bounds["slack"], strict=True)
    note = "certificates leave κ at least 1/slack of it, slack: " + ", ".join(
        f"{source} {slack:.3g}" for source, slack in pairs
    )
    finding = Finding(None, note, known) if known else Finding(summary.UNKNOWN, note)
    inputs = _varying(of_level(found, "inputs"))
    return {"accounts-quasi-linear": finding, "accounts-curvature": _parts(inputs, "curvature")}


def _tilt(every: pd.DataFrame, linear: pd.DataFrame, seed: int) -> Evidence:
    l2 = linear[linear["norm"] == "l2"]
    apart = float((l2["tilt_cos"].abs() - l2["cos_theta_1"].abs()).abs().max())
    means = float(l2["mean_gap"].max())
    note = f"the class means' difference is 2 A_:,d to {means:.1e} of its largest entry"
    digits = summary.usable(every)
    digits = digits[(digits["source"] == "digits") & (digits["norm"] == "l2")]
    return {
        "accounts-tilt-theorem-6": Finding(_largest(max(apart, means), l2), note),
        "accounts-tilt-digits": Finding(
            summary.correlation_with_delta(digits, "tilt_cos", seed, exp=False),
            _compared(digits, seed),
        ),
    }


def _compared(digits: pd.DataFrame, seed: int) -> str:
    """The same correlation for the paper's angle, and for the size of the gradient, in words."""
    told = {"C": "angle", "the gradient's size": "size"}
    each = {
        name: summary.correlation_with_delta(digits, column, seed, exp=True)
        for name, column in told.items()
    }
    return "the same for " + ", for ".join(
        f"{name}: {e.value:.2f} [{e.low:.2f}, {e.high:.2f}]" for name, e in each.items()
    )


def _identities(every: pd.DataFrame, linear: pd.DataFrame, points: int) -> Evidence:
    exact = pd.concat([linear, every[every["source"].str.startswith(SMOOTH)]])
    exact = exact[exact["norm"] == "l2"]
    gap = exact[f"gap_{points}"].abs()
    known = summary.usable(linear[linear["norm"] == "l2"])
    off = np.maximum(
        np.expm1(known["curvature"]).abs(),
        (np.exp(known["angle"]) - known["cos_theta_1"].abs()).abs(),
    )
    kinks = summary.gaps(every).query("points == @points")
    pairs = zip(kinks["source"], kinks["median"], strict=True)
    note = "median gap: " + ", ".join(f"{source} {gap:.1e}" for source, gap in pairs)
    return {
        "accounts-quadrature": Finding(_largest(float(gap.max()), gap), note),
        "accounts-known": Finding(_largest(float(off.max()), known)),
    }


def _largest(value: float, rows: pd.DataFrame | pd.Series) -> Estimate:
    """A largest deviation over all rows, which is no sample of anything."""
    return Estimate(value, value, value, len(rows))
