"""Made-up results on robust training: networks whose angle and robustness are chosen."""

import numpy as np
import pandas as pd

from fragility.experiments.causes.robust_training.conditions import (
    ADVERSARIAL,
    ANGLE,
    BOTH,
    CURVATURE,
    DECAY,
    GRADIENT,
    MARGINS,
    USUAL,
)
from fragility.runtime.seeds import generator

MATRICES = 8
# |cos| of each condition, for a matrix of average height
COSINES = {
    (USUAL, 0.0): 0.20, (ADVERSARIAL, 0.3): 0.28, (ADVERSARIAL, 0.5): 0.36, (GRADIENT, 0.5): 0.25,
    (DECAY, 0.3): 0.22, (ANGLE, 1.0): 0.40, (CURVATURE, 1.0): 0.19, (BOTH, 1.0): 0.38,
    (MARGINS, 0.0): 0.24,
}  # fmt: skip


def measures(slope=1.0, off=None, points=0.9, match=1.0, seed=0, layers=1, height=0.0):
    """A row per condition and matrix; by default the least ratio is |cos| up to a little noise.

    Args:
        slope: of the least ratio in |cos|.
        off: by method, how far its least ratio lies off that line.
        points: correlation of angle and perturbation over a network's points.
        match: mean perturbation divided by mean |cos|.
        height: added to every |cos|.
    """
    stream = generator(seed, "test", "robust results", layers)
    rows = []
    for matrix in range(MATRICES):
        own = 0.05 * stream.standard_normal()
        for (method, strength), cos in COSINES.items():
            kept = cos + height + own + 0.002 * stream.standard_normal()
            least = 0.2 + height + own + slope * (kept - 0.2 - height - own)
            least += (off or {}).get(method, 0.0) + 0.002 * stream.standard_normal()
            rows.append(
                {
                    "d": 5, "column_scale": 5.0, "layers": layers, "width": 16,
                    "method": method, "strength": strength, "matrix": matrix, "accuracy": 1.0,
                    "phi": 0.2, "radius": 1.0, "remark": "", "points": 32, "missed": 0,
                    "cos": kept, "delta": match * kept, "ratio": match * kept,
                    "least_ratio": least, "certified": 0.95 * least, "bracket": 0.95,
                    "points_correlation": points + 0.02 * stream.standard_normal(), "bend": 0.05,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def linear(cos_theta_2=0.99):
    """A row per optimiser and matrix of linear networks."""
    stream = generator(0, "test", "robust linear")
    return pd.DataFrame(
        [
            {
                "column_scale": 5.0, "optimiser": optimiser, "matrix": matrix, "accuracy": 1.0,
                "cos_theta_1": 0.3, "cos_theta_2": cos_theta_2 + 0.005 * stream.standard_normal(),
                "mean_ratio": 0.3, "least_ratio": 0.1,
            }
            for optimiser in ("SGD", "Adam", "Adam with decay")
            for matrix in range(MATRICES)
        ]
    )  # fmt: skip


def classifiers(cos=0.3, radius=0.3):
    """A row per matrix and factor of exact linear classifiers."""
    stream = generator(0, "test", "robust classifiers")
    return pd.DataFrame(
        [
            {
                "d": 5, "matrix": matrix, "column_scale": scale, "class_radius": 2.0,
                "max_margin_radius": 2.0 * (radius + 0.01 * stream.standard_normal()),
                "max_margin_cos_theta_1": cos + 0.01 * stream.standard_normal(),
            }
            for scale in (5.0, 1.0)
            for matrix in range(MATRICES)
        ]
    )  # fmt: skip


def lost(rows, method, strength):
    """The rows with no accurate network under a condition."""
    fallen = (rows["method"] == method) & (rows["strength"] == strength)
    measured = rows.columns[rows.columns.get_loc("points") :]
    changed = rows.astype({name: float for name in measured})
    changed.loc[fallen, measured] = np.nan
    return changed.assign(
        accuracy=np.where(fallen, 0.75, rows["accuracy"]),
        remark=np.where(fallen, "not correct at every point", ""),
    )
