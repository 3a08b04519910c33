"""Check Theorem 5: the formula for linear networks' distances against the networks themselves."""

import numpy as np
import pandas as pd

from fragility.runtime.clock import Clock
from fragility.runtime.seeds import generator
from fragility.statements.theorem_5 import closed_form as theory
from fragility.statements.theorem_5 import simulation
from fragility.training.linear_classes import train


def check(settings: dict, seed: int, clock: Clock) -> pd.DataFrame:
    """A row per (network kind, d, classes, trial): formula and network side by side.

    Counts are over all points and ordered pairs of classes of the trial; ratio_one is that of the
    first pair and point alone, so that it is independent from row to row.
    """
    rows = []
    for d in settings["dimensions"]:
        for classes in settings["classes"]:
            for kind, networks in (("random", random), ("trained", trained)):
                condition = {"kind": kind, "d": d, "classes": classes}
                for trial, (layers, x) in enumerate(networks(settings, seed, d, classes)):
                    rows.append(condition | {"trial": trial} | compare(layers, x))
        clock.lap(d)
    return pd.DataFrame(rows)


def random(settings: dict, seed: int, d: int, classes: int):
    """Yield networks of random widths and depths, and Gaussian points drawn apart from them."""
    for trial in range(settings["trials"]):
        stream = generator(seed, "theory", "theorem_5", d, "random", classes, trial)
        widths = simulation.random_widths(d, classes, settings["depth"], settings["width"], stream)
        layers = simulation.random_layers(widths, stream)
        yield layers, stream.standard_normal((classes, settings["points"], d))


def trained(settings: dict, seed: int, d: int, classes: int):
    """Yield trained networks, each with fresh points of the classes that it was trained on."""
    shape = (settings["points"], settings["noise"])
    widths = [d, *[settings["width"]] * (settings["depth"] - 1), classes]
    initial, seen, fresh = [], [], []
    for trial in range(settings["trials"]):
        stream = generator(seed, "theory", "theorem_5", d, "trained", classes, trial)
        initial.append(simulation.random_layers(widths, stream, spread="uniform"))
        centres = stream.standard_normal((classes, d))
        seen.append(simulation.class_points(centres, *shape, stream).reshape(-1, d))
        fresh.append(simulation.class_points(centres, *shape, stream))
    layers = train(
        [np.stack(layer) for layer in zip(*initial, strict=True)], np.stack(seen),
        np.repeat(np.arange(classes), settings["points"]),
        settings["steps"], settings["learning_rate"],
    )  # fmt: skip
    for trial, x in enumerate(fresh):
        yield [layer[trial] for layer in layers], x


def compare(layers: list, x: np.ndarray) -> dict:
    """One row: the theorem's formula from the probes' QR, and what the network does."""
    i, j = simulation.ordered_pairs(len(x))
    w = theory.probes(layers)
    pair = theory.decompose(w[i], w[j], x[i])
    step, bound = theory.perturbation(pair), theory.bound(pair)
    formula = theory.distance(pair)
    ratio = formula / bound
    seen = simulation.observe(layers, x[i], i, j, step)
    outside = np.linalg.norm(step - step @ pair.q @ np.swapaxes(pair.q, -1, -2), axis=-1)
    # of each point's boundaries the nearest one
    by_class = seen.distance.reshape(len(x), len(x) - 1, -1)
    nearest = (by_class == by_class.min(axis=1, keepdims=True)).reshape(seen.distance.shape)
    return {
        "layers": len(layers),
        "pairs": formula.size,
        "predicted_distance": formula.mean(),
        "observed_distance": seen.distance.mean(),
        "error": (np.abs(formula - seen.distance) / np.linalg.norm(x[i], axis=-1)).max(),
        "outside": (outside / formula).max(),
        "predicted_bound": bound.mean(),
        "ratio_one": ratio[0, 0],
        "ratio_mean": ratio.mean(),
        "ratio_largest": ratio.max(),
        "reversed": seen.reversed.sum(),
        "beyond": seen.beyond.sum(),
        "short": seen.short.sum(),
        "correct": seen.correct.sum(),
        "reached": (seen.correct & seen.reached).sum(),
        "nearest": (seen.correct & nearest).sum(),
        "nearest_reached": (seen.correct & nearest & seen.reached).sum(),
    }
