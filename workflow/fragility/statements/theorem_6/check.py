"""Check Theorem 6: weights, perturbation and the classes' distance on a hypercube's corners."""

import numpy as np
import pandas as pd

from fragility.exact.optimal import class_radius
from fragility.runtime.clock import Clock
from fragility.runtime.seeds import generator
from fragility.statements.theorem_6 import closed_form as theory
from fragility.statements.theorem_6 import simulation
from fragility.synthetic import data
from fragility.synthetic.networks import theorem_6_weights


def check(settings: dict, seed: int, clock: Clock) -> pd.DataFrame:
    """A row per (d, column scale, trial); the scales share their matrices."""
    rows = []
    for d in settings["dimensions"]:
        for scale in settings["column_scales"]:
            condition = {"d": d, "scale": scale} | proved(d, scale)
            for trial in range(n_matrices(settings, d)):
                row = {"trial": trial} | compare(d, scale, trial, settings, seed)
                rows.append({k: shortened(k, v) for k, v in (condition | row).items()})
        clock.lap(d)
    return pd.DataFrame(rows)


def n_matrices(settings: dict, d: int) -> int:
    """The number of matrices, more at small dimensions, where close classes are a rare event."""
    return settings["matrices_small" if d < settings["small_below"] else "matrices"]


def shortened(name: str, value: float) -> float:
    """A float rounded to eight digits, fewer for errors and bounds, which keeps the file small."""
    digits = 3 if name.endswith("_error") else 4 if name.startswith("predicted_alpha") else 8
    return value if isinstance(value, int) else float(f"{value:.{digits}g}")


def proved(d: int, scale: float) -> dict:
    """The alpha that each of three union bounds proves with probability 0.99."""
    bounds = {
        "pairs": theory.log_pairs_bound,
        "differences": theory.log_differences_bound,
        "weights": lambda alpha, d: theory.log_weights_bound(alpha, d, scale),
    }
    return {f"predicted_alpha_{k}": theory.proved_alpha(f, d) for k, f in bounds.items()}


def compare(d: int, scale: float, trial: int, settings: dict, seed: int) -> dict:
    """One row: the proof's weights and perturbation, and a network solved for condition (6).

    The numbers of layers take turns.  length is the root mean square of ||A z|| over all z.
    """
    stream = generator(seed, "theory", "theorem_6", d, trial)
    a = data.scale_columns(data.gaussian_matrix(d, stream), scale)
    z = simulation.sample_corners(d, settings["equations"], stream)
    layers = settings["layers"][trial % len(settings["layers"])]
    width = settings["width_factor"] * d
    network = simulation.solve_network(a, z, width, stream, layers=layers)
    z = simulation.sample_corners(d, settings["points"], stream)
    row, step = theorem_6_weights(a), theory.theorem_6_perturbation(a, -1)
    flips = simulation.push(network, a, z, step)
    solved = network.output @ network.hidden
    distance = 2 * class_radius(a)
    column = 2 * np.linalg.norm(a[:, -1])
    return {
        "layers": layers,
        "length": np.linalg.norm(a),
        "rank": network.rank,
        "weights_error": np.abs(solved - [row, -row]).max() / np.linalg.norm(row),
        "predicted_perturbation": np.linalg.norm(step),
        "observed_smallest": flips.smallest,
        "observed_largest": flips.largest,
        "flipped": flips.flipped,
        "output_error": flips.output_error,
        "half_flipped": flips.half_flipped,
        "half_short": flips.half_short,
        "observed_distance": distance,
        "column_alone": int(abs(distance - column) <= 1e-12 * column),  # no other u_k helps
    }
