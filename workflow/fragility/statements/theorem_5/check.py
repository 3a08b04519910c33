"""Check Theorem 5: the formula for linear networks' distances against the networks themselves."""

from functools import partial

import numpy as np
import pandas as pd

from fragility.runtime.clock import Clock
from fragility.runtime.seeds import generator
from fragility.statements.theorem_5 import closed_form as theory
from fragility.statements.theorem_5 import simulation
from fragility.training.linear_classes import train


def check(settings: dict, seed: int, clock: Clock) -> pd.DataFrame:
    """A row per (network kind, d, classes, trial): the formula, and what the network does.

    Counts are over all points and ordered pairs of classes of the trial; ratio_one is that of the
    first pair and point only, so that it is independent from row to row.  inner is the mean
    product of points of the first two classes, over d.
    """
    rows = []
    for d in settings["dimensions"]:
        for classes in settings["classes"]:
            for kind, networks in KINDS.items():
                condition = {"kind": kind, "d": d, "classes": classes}
                for trial, (layers, x) in enumerate(networks(settings, seed, d, classes)):
                    rows.append(condition | {"trial": trial} | compare(layers, x))
        clock.lap(d)
    return pd.DataFrame(rows)


def random_networks(settings: dict, seed: int, d: int, classes: int):
    """Yield networks of random widths and depths, with independent points (classes, n, d)."""
    for trial in range(settings["trials"]):
        stream = generator(seed, "theory", "theorem_5", d, "random", classes, trial)
        widths = simulation.random_widths(d, classes, settings["depth"], settings["width"], stream)
        layers = simulation.random_layers(widths, stream)
        yield layers, stream.standard_normal((classes, settings["points"], d))


def trained_networks(settings: dict, seed: int, d: int, classes: int, *, kind: str = "trained"):
    """Yield trained networks, each with new points (classes, n, d) of its training's classes.

    Of kind "opposite" every second class has the centre of the one before with the other sign.
    """
    shape = (settings["points"], settings["noise"])
    widths = [d, *[settings["width"]] * (settings["depth"] - 1), classes]
    initial, training, fresh = [], [], []
    opposite = kind == "opposite"
    for trial in range(settings["trials_opposite" if opposite else "trials"]):
        stream = generator(seed, "theory", "theorem_5", d, kind, classes, trial)
        initial.append(simulation.random_layers(widths, stream, spread="uniform"))
        centres = stream.standard_normal((classes, d))
        if opposite:
            centres[1::2] = -centres[: classes // 2 * 2 : 2]
        training.append(simulation.class_points(centres, *shape, stream).reshape(-1, d))
        fresh.append(simulation.class_points(centres, *shape, stream))
    layers = train(
        [np.stack(layer) for layer in zip(*initial, strict=True)], np.stack(training),
        np.repeat(np.arange(classes), settings["points"]),
        settings["steps"], settings["learning_rate"],
    )  # fmt: skip
    for trial, x in enumerate(fresh):
        yield [layer[trial] for layer in layers], x


KINDS = {
    "random": random_networks,
    "trained": trained_networks,
    "opposite": partial(trained_networks, kind="opposite"),
}


def compare(layers: list, x: np.ndarray) -> dict:
    """One row: the formula from the probes' QR, and the network's outputs at x (classes, n, d)."""
    i, j = simulation.ordered_pairs(len(x))
    w = theory.probes(layers)
    pair = theory.decompose(w[i], w[j], x[i])
    step, bound = theory.perturbation(pair), theory.bound(pair)
    formula = theory.distance(pair)
    ratio = formula / bound
    observed = simulation.observe(layers, x[i], i, j, step)
    outside = np.linalg.norm(step - step @ pair.q @ np.swapaxes(pair.q, -1, -2), axis=-1)
    # the nearest of each point's boundaries
    by_class = observed.distance.reshape(len(x), len(x) - 1, -1)
    nearest = (by_class == by_class.min(axis=1, keepdims=True)).reshape(observed.distance.shape)
    return {
        "layers": len(layers),
        "inner": (x[0] * x[1]).sum(axis=-1).mean() / x.shape[-1],
        "pairs": formula.size,
        "predicted_distance": formula.mean(),
        "observed_distance": observed.distance.mean(),
        "error": (np.abs(formula - observed.distance) / np.linalg.norm(x[i], axis=-1)).max(),
        "outside": (outside / formula).max(),
        "predicted_bound": bound.mean(),
        "ratio_one": ratio[0, 0],
        "ratio_mean": ratio.mean(),
        "ratio_largest": ratio.max(),
        "reversed": observed.reversed.sum(),
        "beyond": observed.beyond.sum(),
        "short": observed.short.sum(),
        "correct": observed.correct.sum(),
        "reached": (observed.correct & observed.reached).sum(),
        "nearest": (observed.correct & nearest).sum(),
        "nearest_reached": (observed.correct & nearest & observed.reached).sum(),
    }
