"""Check Section 5: the line integral (8), the attacker's path (9), and their assumptions."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fragility.exact.optimal import point_radii
from fragility.runtime.clock import Clock
from fragility.runtime.seeds import generator
from fragility.statements.section_5 import simulation
from fragility.statements.section_5.closed_form import (
    predicted_length,
    predicted_ratio,
    riemann_excess,
)
from fragility.synthetic.data import corners
from fragility.synthetic.networks import ReluNetwork


def check(
    settings: dict, seed: int, clock: Clock, networks: list[tuple[NDArray, ReluNetwork]]
) -> pd.DataFrame:
    """Rows of two kinds.

    path: one per (network, point): the two paths' lengths and gradient norms; see ``_paths``.
    sum: one per (network, n): errors of (8) summed over n points, relative to D, averaged.

    ``networks`` are pairs of A (d, d) and network.
    """
    rows = []
    for i, (matrix, network) in enumerate(networks):
        rows += _network(i, matrix, network, settings, seed)
        clock.lap(len(matrix))
    return pd.concat(rows, ignore_index=True)


def _network(
    index: int, matrix: NDArray, network: ReluNetwork, settings: dict, seed: int
) -> list[pd.DataFrame]:
    d = len(matrix)
    stream = generator(seed, "theory", "section_5", d, index)
    n = min(settings["points"], 2**d)
    z = corners(d, stream.choice(2**d, n, replace=False))
    pairs = simulation.nearest_pairs(matrix, z)
    change = simulation.g(network, pairs.x1, pairs.labels)
    change -= simulation.g(network, pairs.x2, pairs.labels)
    shared = {"d": d, "layers": len(network.weights) - 1, "network": index}
    paths = _paths(network, pairs, change, settings)
    paths["optimal_radius"] = point_radii(matrix, z) / paths["length"]
    few = settings["sum_points"]
    some = simulation.Pairs(*(part[:few] for part in pairs))
    return [
        pd.DataFrame({"kind": "path"} | shared | {"point": np.arange(n)} | paths),
        pd.DataFrame(
            {"kind": "sum"} | shared | {"n": n} | _sums(network, some, change[:few], n)
            for n in settings["n"]
        ),
    ]


def _paths(
    network: ReluNetwork, pairs: simulation.Pairs, change: NDArray, settings: dict
) -> dict[str, NDArray]:
    """Lengths in units of ||x1 - x2||; ``*_flip`` are those until g = 0, the change of label."""
    length = np.linalg.norm(pairs.x1 - pairs.x2, axis=1)
    names = ("step", "halvings", "longest", "precision")
    refined = simulation.refined_attack(network, pairs, **{k: settings[k] for k in names})
    attack, where = refined.attack, (np.arange(settings["direct"]) + 0.5) / settings["direct"]
    direct = simulation.direct_path(network, pairs, where)
    start = simulation.direct_path(network, pairs, np.zeros(1)).norms[:, 0]
    at_start = map(predicted_length, change, start)
    one_layer = len(network.weights) == 2
    exact = simulation.split_integral(network, pairs) if one_layer else np.nan
    return {
        "length": length,
        "predicted_ratio": [predicted_ratio(row) for row in direct.cosines],
        "predicted_at_start": np.array(list(at_start)) / length,
        "observed_ratio": attack.z / length,
        "chord": attack.chord / length,
        "ratio_flip": attack.z_flip / length,
        "chord_flip": attack.chord_flip / length,
        "wrong_sign": (direct.cosines > 0).mean(axis=1),
        "norm_ratio_direct": direct.norms.max(axis=1) / direct.norms.min(axis=1),
        "norm_ratio_attack": attack.high / attack.low,
        "norm_ratio": np.maximum(direct.norms.max(axis=1), attack.high)
        / np.minimum(direct.norms.min(axis=1), attack.low),
        "norm_cv_direct": direct.norms.std(axis=1) / direct.norms.mean(axis=1),
        "norm_cv_attack": attack.deviation / attack.mean,
        "step": refined.step,
        "moved": refined.moved,
        "split_error": np.abs(exact / change - 1),
    }


def _sums(
    network: ReluNetwork, pairs: simulation.Pairs, change: NDArray, n: int
) -> dict[str, float]:
    """Mean absolute relative errors; for the paper's sum also the mean signed ratio to D."""
    sums = simulation.line_integrals(network, pairs, n)
    errors = {f"error_{name}": np.abs(total / change - 1).mean() for name, total in sums.items()}
    return errors | {
        "observed_sum": (sums["paper"] / change).mean(),
        "predicted_sum": 1 + riemann_excess(n),
    }
