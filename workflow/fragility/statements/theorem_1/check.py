"""Check Theorem 1: two-layer networks with condition (1), the proof's attack and the smallest."""

import pandas as pd

from fragility.runtime.clock import Clock
from fragility.runtime.seeds import generator
from fragility.statements.theorem_1.closed_form import radius_median, sizes
from fragility.statements.theorem_1.simulation import network, trial
from fragility.synthetic.data import gaussian_matrix


def check(settings: dict, seed: int, clock: Clock) -> pd.DataFrame:
    """A row per (d, trial): predictions for that X, and what the network does."""
    rows = []
    for d in settings["dimensions"]:
        radius = radius_median(d)
        for index in range(n_trials(settings, d)):
            row = {"d": d, "trial": index, "predicted_radius_median": radius}
            rows.append(row | one(d, settings["width_ratio"], seed, index))
        clock.lap(d)
    frame = pd.DataFrame(rows)
    for column in frame.select_dtypes("float"):
        frame[column] = [float(f"{value:.9g}") for value in frame[column]]  # keeps the file small
    return frame


def n_trials(settings: dict, d: int) -> int:
    """The number of matrices, fewer at the dimensions that take longest."""
    return settings["trials_large" if d >= settings["large_from"] else "trials"]


def one(d: int, ratio: float, seed: int, index: int) -> dict[str, float]:
    """The row of one Gaussian X and one network."""
    stream = generator(seed, "theory", "theorem_1", d, index)
    matrix = gaussian_matrix(d, stream)
    predicted = sizes(matrix)
    row = {
        "predicted_perturbation": predicted.perturbation,
        "predicted_bound": predicted.bound,
        "predicted_smallest": predicted.smallest[-1],
        "predicted_smallest_all": predicted.smallest.min(),
    }
    return row | trial(matrix, network(matrix, round(ratio * d), stream))
