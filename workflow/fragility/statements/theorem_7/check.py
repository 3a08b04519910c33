"""Check Theorem 7: projections onto Gaussian gradients, and its first-order claim on networks."""

from collections import Counter

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fragility.runtime.clock import Clock
from fragility.runtime.seeds import generator
from fragility.statements.theorem_7 import simulation
from fragility.statements.theorem_7.closed_form import (
    harder_than,
    ratio_law,
    ratio_mean,
    smallest_perturbation,
)
from fragility.synthetic.networks import SOFTPLUS, ReluNetwork


def check(
    settings: dict, seed: int, clock: Clock, networks: list[tuple[NDArray, ReluNetwork]]
) -> pd.DataFrame:
    """Rows of two kinds.

    gaussian: one per (d, trial): squared projection ratios, observed_two and observed_one, their
    predicted means, and the predicted distribution functions' values at them.
    network: one per (network, eps): averages over random points; see ``_network_row``.

    ``networks`` are pairs of A (d, d) and network.
    """
    rows = []
    for d in settings["dimensions"]:
        rows.append(_gaussian(d, settings, seed))
        clock.lap(d)
    for i, (matrix, network) in enumerate(first_networks(networks, settings["networks"])):
        rows.append(pd.DataFrame(_network(i, matrix, network, settings, seed)))
        clock.lap(len(matrix))
    return pd.concat(rows, ignore_index=True)


def first_networks(
    networks: list[tuple[NDArray, ReluNetwork]], n: int
) -> list[tuple[NDArray, ReluNetwork]]:
    """The first ``n`` networks of each dimension and number of layers."""
    count = Counter()
    first = []
    for matrix, network in networks:
        kind = len(matrix), len(network.weights)
        count[kind] += 1
        first += [(matrix, network)] if count[kind] <= n else []
    return first


def _gaussian(d: int, settings: dict, seed: int) -> pd.DataFrame:
    trials = settings["trials"]
    two, one = simulation.ratios(d, trials, generator(seed, "theory", "theorem_7", d))
    columns = {"kind": "gaussian", "d": d, "trial": np.arange(trials)}
    for name, gradients, observed in (("one", 1, one), ("two", 2, two)):
        columns |= {
            f"observed_{name}": observed,
            f"predicted_{name}": ratio_mean(d, gradients),
            f"predicted_cdf_{name}": ratio_law(d, gradients).cdf(observed),
        }
    factor = settings["factor"]
    columns["predicted_harder"] = harder_than(d, 2, factor)
    return pd.DataFrame(columns | {"observed_harder": 1 / two >= factor * d})


def _network(
    index: int, matrix: NDArray, network: ReluNetwork, settings: dict, seed: int
) -> list[dict]:
    d, n = len(matrix), settings["points"]
    stream = generator(seed, "theory", "theorem_7", "segments", d, index)
    at = simulation.segments(matrix, n, stream)
    spans = simulation.projections(network, at)
    smooth = simulation.projections(network, at, SOFTPLUS)
    shared = {
        "kind": "network", "d": d, "layers": len(network.weights) - 1, "network": index,
        "points": n, "observed_one": spans.one.mean(), "observed_two": spans.two.mean(),
        "predicted_one": ratio_mean(d, 1), "predicted_two": ratio_mean(d, 2),
    }  # fmt: skip
    rows = []
    for eps in settings["eps"]:
        sharp = simulation.first_order(network, at, spans.kept, eps)
        soft = simulation.first_order(network, at, smooth.kept, eps, SOFTPLUS)
        lengths = _lengths(network, at, eps, settings["checked"])
        row = _network_row(sharp) | {"softplus_error": soft.error.mean()} | lengths
        rows.append(shared | {"eps": eps} | row)
    return rows


def _network_row(result: simulation.FirstOrder) -> dict:
    """Kinks crossed, by layer, and errors by whether a point's perturbation crossed one.

    flat_excess is the largest error of a point without kinks in units of its rounding error;
    log_error_one is the mean logarithm of the error of points that crossed exactly one kink.
    """
    kinks = result.kinks.sum(axis=0)
    flat, single = kinks == 0, kinks == 1
    excess = result.error[flat] / result.rounding[flat]
    return {
        "crossed": int((~flat).sum()),
        "crossed_one": int(single.sum()),
        "flat_excess": excess.max() if flat.any() else np.nan,
        "error": result.error.mean(),
        "error_crossed": result.error[~flat].mean() if not flat.all() else np.nan,
        "log_error_one": np.log(result.error[single]).mean() if single.any() else np.nan,
    } | {f"kinks_{k + 1}": layer.mean() for k, layer in enumerate(result.kinks)}


def _lengths(
    network: ReluNetwork, at: simulation.Segment, eps: float, checked: int
) -> dict[str, float]:
    """Mean eps ||P(x1 - x2)||, and the largest ratio to it of the smallest solution's norm."""
    part = simulation.Segment(*(array[:checked] for array in at))
    kept = simulation.projections(network, part).kept
    gradients = simulation.gradients(network, part.x)
    smallest = [
        smallest_perturbation(rows, eps * (x2 - x1))
        for rows, x1, x2 in zip(gradients, part.x1, part.x2, strict=True)
    ]
    bound = eps * np.linalg.norm(kept, axis=1)
    ratio = np.linalg.norm(smallest, axis=1) / bound
    return {"predicted_length": bound.mean(), "observed_length_ratio": ratio.max()}
