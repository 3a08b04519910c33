"""Check Theorem 1: two-layer networks with condition (1), the proof's attack and the smallest."""

import pandas as pd
from numpy.typing import NDArray

from fragility.runtime.clock import Clock
from fragility.runtime.seeds import generator
from fragility.statements.theorem_1 import closed_form as theory
from fragility.statements.theorem_1.simulation import NORMAL, entries, network, trial


def check(settings: dict, seed: int, clock: Clock) -> pd.DataFrame:
    """A row per (entries of X, d, trial): predictions for that X, and what the network does."""
    rows = []
    for d in settings["dimensions"]:
        laws = {
            "predicted_radius_median": theory.radius_median(d),
            "predicted_smallest_median": theory.smallest_median(d),
            "predicted_target": theory.target_probability(d),
        }
        for law, trials in n_trials(settings, d).items():
            for index in range(trials):
                row = {"entries": law, "d": d, "trial": index} | laws
                rows.append(row | one(law, d, settings["width_ratio"], seed, index))
        clock.lap(d)
    frame = pd.DataFrame(rows)
    for column in frame.select_dtypes("float"):
        frame[column] = [float(f"{value:.9g}") for value in frame[column]]  # keeps the file small
    return frame


def n_trials(settings: dict, d: int) -> dict[str, int]:
    """Numbers of matrices by their entries' law, fewer at the dimensions that take longest."""
    large = d >= settings["large_from"]
    others = 0 if large else settings["trials_other"]
    return {NORMAL: settings["trials_large" if large else "trials"]} | dict.fromkeys(
        settings["other_entries"], others
    )


def one(law: str, d: int, ratio: float, seed: int, index: int) -> dict[str, float]:
    """The row of one X and one network."""
    named = () if law == NORMAL else (law,)
    stream = generator(seed, "theory", "theorem_1", *named, d, index)
    matrix = entries(law, d, stream)
    return predicted(matrix) | trial(matrix, network(matrix, round(ratio * d), stream))


def predicted(matrix: NDArray) -> dict[str, float]:
    """The closed forms' sizes for that X (d, d)."""
    sizes = theory.sizes(matrix)
    return {
        "predicted_perturbation": sizes.perturbation,
        "predicted_bound": sizes.bound,
        "predicted_smallest": sizes.smallest[-1],
        "predicted_smallest_all": sizes.smallest.min(),
    }
