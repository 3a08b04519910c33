"""Made-up measures of the experiment causes, as its programs write them."""

import causes_robust_results
import numpy as np
import pandas as pd

STEPS = (0, 1, 10, 100, 1000)
KINDS = (("linear", 1), ("linear", 2), ("relu", 1))
DIMENSIONS = (8, 16, 32)


def one_hot(
    distance=0.01,
    squared_distance=0.01,
    decayed_distance=0.01,
    factor=1.1,
    squared_factor=1.1,
    decayed_factor=1.1,
    slope=-1.0,
    squared_slope=-1.0,
    follows=True,
    accuracy=1.0,
):
    """Rows of scripts/causes/one_hot.py, a table for each kind of network; six matrices.

    The distance from condition (1) at the end, by loss and decay; the ratio divided by that of
    X^(-1) at the largest d, and its slope in d; whether the ratio falls with the distance.
    """
    ends = {
        ("cross-entropy", 0.0): (distance, factor, slope),
        ("squared", 0.0): (squared_distance, squared_factor, squared_slope),
        ("cross-entropy", 0.1): (0.5, 1.0, -1.0),
        ("squared", 0.1): (decayed_distance, decayed_factor, -1.0),
    }
    rows = []
    for activation, layers in KINDS:
        for (loss, decay), (end, times, power) in ends.items():
            for d in DIMENSIONS:
                for matrix in range(6):
                    noise = 1 + 0.02 * matrix
                    inverse = 0.1 * noise * 32 / d
                    last = times * 0.1 * noise * (d / 32) ** power
                    for left, step in zip((4, 3, 2, 1, 0), STEPS, strict=True):
                        rows.append(
                            {
                                "matrix": matrix, "loss": loss, "decay": decay, "d": d,
                                "activation": activation, "layers": layers, "step": step,
                                "accuracy": accuracy, "distance": end * noise + 0.1 * left,
                                "cos": 0.9 if activation == "linear" else np.nan,
                                "inverse_ratio": inverse, "inverse_least": inverse / 2,
                                "ratio": last * (1 + left if follows else 1 - left / 10),
                                "least_ratio": last / 2, "certified": last * 0.8,
                                "least_certified": last * 0.4,
                            }
                        )  # fmt: skip
    measures = pd.DataFrame(rows)
    return [part for _, part in measures.groupby(["activation", "layers"])]


def through_training(present=True, tells_mean=True, tells_easiest=True, first=True, accurate=20):
    """Rows of scripts/causes/through_training.py, of linear and of ReLU networks, twenty each.

    Whether the untrained network's compression goes with phi; whether compression goes with the
    perturbations after the last step; whether it settles before accuracy does.
    """
    tables = []
    for activation in ("linear", "relu"):
        phi = np.linspace(0.1, 0.5, 20)
        other = phi[::-1]
        rows = []
        for run in range(20):
            for step in STEPS:
                ratio = phi[run] if first or step > 10 else 2 * phi[run]
                ratio = other[run] if step == 0 and not present else ratio
                right = step >= 100 if first else step >= 1
                last = run < accurate if step == 1000 else right
                rows.append(
                    {
                        "activation": activation, "run": run, "step": step, "phi": phi[run],
                        "feature_norm": 3.0, "radius": 2.0, "accuracy": 1.0 if last else 0.7,
                        "compression": ratio, "cos_theta_2": 0.9,
                        "perturbation_mean": 2 * (phi[run] if tells_mean else other[run]),
                        "perturbation_min": 0.5 * (phi[run] if tells_easiest else other[run]),
                    }
                )  # fmt: skip
        tables.append(pd.DataFrame(rows))
    return tables


def robust():
    """Robust training: two kinds of networks."""
    return [causes_robust_results.measures(), causes_robust_results.measures(layers=3)]


def robust_linear():
    """Linear networks by optimiser."""
    return causes_robust_results.linear()


def classifiers():
    """Exact linear classifiers."""
    return [causes_robust_results.classifiers()]


def robust_column_scale():
    """The factor on the columns of the robust networks' data."""
    return 5.0
