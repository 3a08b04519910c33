"""Made-up measures of the experiment causes, as its programs write them."""

import causes_robust_results
import numpy as np
import pandas as pd

from fragility.experiments.causes.digits.summary import AIMED
from fragility.experiments.causes.relabelled.summary import SETTINGS

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


# --- digits ---

DIGIT_KINDS = [
    ("usual", 0.0),
    ("weight_decay", 0.01),
    ("gradient_penalty", 1.0),
    ("adversarial", 1.5),
]


def digits(networks=5, n=20, gain=2.0, follows=1.0, m=1.0, spread=0.01):
    """Images of networks: Q/(0.5 L) is around 0.2, ``gain`` times that for the two robust kinds.

    |cos theta_t| changes as Q to the power ``follows``; |M| is ``m`` times Q.  Networks differ by
    ``spread``, L by image.
    """
    stream, parts = np.random.default_rng(3), []
    for index in range(networks):
        for kind, strength in DIGIT_KINDS:
            change = gain if kind in AIMED else 1.0
            noise = np.exp(spread * stream.standard_normal(2))
            for pair, target in (("7 to 1", "nearest digit"), ("4 to 9", "nearest digit"),
                                 ("7 to 1", "blocked seven")):  # fmt: skip
                length = 5 + np.arange(n) / n
                size = 0.2 * change * noise[0] * (1 + 0.1 * np.sin(np.arange(n)))
                cos = -0.2 * change**follows * noise[1] * (1 + 0.1 * np.sin(np.arange(n)))
                q = size * length / 2
                parts.append(
                    pd.DataFrame(
                        {
                            "kind": kind, "strength": strength, "network": index, "pair": pair,
                            "target": target, "image": np.arange(n), "L": length, "Q": q,
                            "attack": "ddn", "M": -m * q, "first_order": q, "gradient": 2 / change,
                            "cos_theta_t": cos, "mean_cos": cos / 2,
                        }
                    )
                )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


# --- relabelled inputs ---

STUDENT_STEPS = [1, 3, 10, 32, 100]
MARGINS = [0.1, 1.0]


def students(setting, skill=0.9, early=0.4, first=0.0, limit=0.0, teachers=5):
    """Accuracies and moves: students go from ``early`` to a share ``skill`` of the teacher's.

    ``first`` and ``limit`` are what the closed form's accuracies lie off.
    """
    chance, teacher = SETTINGS[setting][1], 0.96
    end = chance + skill * (teacher - chance)
    accuracies, moves = [], []
    for margin in MARGINS:
        for i in range(teachers):
            off = 0.004 * (i - (teachers - 1) / 2)
            shares = [early] * 3 + [(early + end) / 2, end]
            accuracies += [
                {"setting": setting, "margin": margin, "network": i, "step": step,
                 "accuracy": share + off, "cos_limit": 0.9}
                for step, share in zip(STUDENT_STEPS, shares, strict=True)
            ]  # fmt: skip
            move = {"setting": setting, "margin": margin, "network": i, "distance": 1.0}
            move |= {"teacher_accuracy": teacher}
            theory = {"first": early + off - first, "limit": end + off - limit}
            moves.append(move | (theory if setting in ("descent", "linear") else {}))
    return pd.DataFrame(accuracies), pd.DataFrame(moves)


def relabelled(**changes):
    """Accuracies of all settings, a frame each."""
    return [students(setting, **changes)[0] for setting in SETTINGS]


def moves(**changes):
    """What is told of these students, a frame for each setting."""
    return [students(setting, **changes)[1] for setting in SETTINGS]
