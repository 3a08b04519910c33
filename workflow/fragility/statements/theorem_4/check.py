"""Check Theorem 4: deep linear networks on points from t Gaussian generators, and distances."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fragility.runtime.clock import Clock
from fragility.runtime.seeds import generator
from fragility.statements.theorem_1.closed_form import sizes
from fragility.statements.theorem_1.simulation import optimal, trial
from fragility.statements.theorem_4 import closed_form as theory
from fragility.statements.theorem_4 import simulation
from fragility.synthetic.data import gaussian_matrix


def check(settings: dict, seed: int, clock: Clock) -> pd.DataFrame:
    """A row per (d, trial, t); the rows of a trial share V, G_1, ... and hidden layers."""
    rows = []
    for d in settings["dimensions"]:
        for index in range(n_trials(settings, d)):
            rows += one(d, index, settings, seed)
        clock.lap(d)
    return pd.DataFrame(rows).map(shortened)


def n_trials(settings: dict, d: int) -> int:
    """The number of trials, more at the largest dimension, where the claim on distances stands."""
    trials = number("trials", settings, d)
    largest = d == max(settings["dimensions"])
    return max(trials, settings["trials_distance"]) if largest else trials


def number(key: str, settings: dict, d: int) -> int:
    """The setting ``key``, a smaller one at the dimensions that take longest."""
    return settings[f"{key}_large" if d >= settings["large_from"] else key]


def shortened(value: object) -> object:
    """Floats rounded to six digits, which keeps the file small."""
    return float(f"{value:.6g}") if isinstance(value, float) else value


def one(d: int, index: int, settings: dict, seed: int) -> list[dict]:
    """One trial's rows: distances for every t; for the small t also networks, if it has them.

    Trials after the first ``trials`` have the small t alone.
    """
    stream = generator(seed, "theory", "theorem_4", d, index)
    long = index < number("trials", settings, d)
    depths = settings["generators"] + (settings["generators_distance"] if long else [])
    x = gaussian_matrix(d, stream)
    factors = [x, *(simulation.gaussian_generator(d, stream) for _ in range(max(depths)))]
    has_network = index < number("networks", settings, d)
    attack = attacks(factors, settings, stream) if has_network else None
    rows = []
    for t in range(max(depths) + 1):
        x = factors[t] @ x if t else x
        if t in depths:
            attacked = has_network and t in settings["generators"]
            row = {"d": d, "trial": index, "t": t, "network": int(attacked)}
            rows.append(row | (attack(t, x) if attacked else optimal(x)))
    return rows


def attacks(
    factors: list[NDArray], settings: dict, stream: np.random.Generator
) -> Callable[[int, NDArray], dict]:
    """A function of t and X (d, d) that measures a network with condition (1) at X.

    ``factors`` are V, G_1, ..., each (d, d).  All networks share their hidden layers.
    """
    d, few = len(factors[0]), factors[: max(settings["generators"]) + 1]
    blocks, printed = theory.blocks(few), theory.printed_bounds(few[1:])
    layers = simulation.widths(d, settings["depth"], settings["growth"])
    hidden = simulation.hidden_layers(layers, stream)
    first = simulation.through(hidden, np.eye(d))

    def measured(t: int, x: NDArray) -> dict:
        predicted = theory.perturbation(blocks[: t + 1])._asdict() | {
            "smallest": sizes(x).smallest[-1],
            **{f"printed_{name}": value for name, value in printed[t]._asdict().items()},
        }
        predicted = {f"predicted_{name}": value for name, value in predicted.items()}
        return predicted | trial(x, simulation.network(x, hidden, first, stream))

    return measured
