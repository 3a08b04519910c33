"""Check Remarks 2: random directions and worst cases, for network and optimal classifier."""

import numpy as np
import pandas as pd

from fragility.runtime.clock import Clock
from fragility.runtime.seeds import generator
from fragility.statements.remarks_2 import closed_form
from fragility.statements.remarks_2.simulation import trial
from fragility.statements.theorem_1 import closed_form as theorem_1
from fragility.synthetic.data import gaussian_matrix


def check(settings: dict, seed: int, clock: Clock) -> pd.DataFrame:
    """A row per (d, trial): predicted and observed sizes, and shares of directions."""
    rows = []
    for d in settings["dimensions"]:
        scales = closed_form.network_median(d), closed_form.optimal_median(d)
        row = predicted(d, *scales)
        large = d >= settings["large_from"]
        for index in range(settings["trials_large" if large else "trials"]):
            stream = generator(seed, "theory", "remarks_2", d, index)
            matrix = gaussian_matrix(d, stream)
            noise = stream.standard_normal((d, settings["directions"]))
            rows.append({"d": d, "trial": index} | row | trial(matrix, noise, *scales))
        clock.lap(d)
    frame = pd.DataFrame(rows)
    for column in frame.select_dtypes("float"):
        frame[column] = [float(f"{value:.7g}") for value in frame[column]]  # keeps the file small
    return frame


def predicted(d: int, network: float, optimal: float) -> dict[str, float]:
    """The medians of the distributions; the network's worst case is a bound for large d."""
    return {
        "predicted_network_average": network * np.sqrt(d),
        "predicted_optimal_average": optimal,
        "predicted_network_worst": theorem_1.smallest_median(d),
        "predicted_optimal_worst": theorem_1.radius_median(d),
    }
