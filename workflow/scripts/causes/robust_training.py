"""Train ReLU networks with and without interventions on Theorem 6's data, and measure each."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from fragility.attacks.stacks import smallest_of_stack
from fragility.exact.certificate import certified_radius
from fragility.exact.optimal import class_radius
from fragility.experiments.causes.robust_training.conditions import (
    Condition,
    all_conditions,
    data_matrix,
)
from fragility.measures.compression import cos_theta_t, phi, relu_accuracy
from fragility.runtime import files, job
from fragility.runtime.seeds import generator
from fragility.synthetic.data import corners, gaussian_matrix, label, points
from fragility.synthetic.networks import ReluNetwork, forward, gradient, relu_network
from fragility.training.interventions import train
from fragility.training.run import Run, Settings

ATTACKS = ("ddn", "projection")
NOT_ACCURATE = "not correct at every point"


@dataclass(frozen=True)
class Asked:
    """How networks are measured; see :func:`main`."""

    points: int
    steps: int
    certified: int
    seed: int
    device: str


def main(
    measures: Path,
    *,
    dimension: int,
    layers: int,
    width: int,
    column_scale: float,
    matrices: int,
    radii: list[float],
    gradients: list[float],
    decays: list[float],
    angle: float,
    curvature: float,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    attack_steps: int,
    points_per_network: int,
    measure_steps: int,
    certified: int,
    seed: int,
    device: str,
) -> dict:
    """Write a CSV: a row per condition and matrix, with the columns of :func:`measured`.

    A matrix has the same initial weights under all conditions.  A network that is not correct at
    all 2^d points keeps its row, with its accuracy and a remark.

    Args:
        radii, gradients, decays, angle, curvature: as for ``all_conditions``.
        attack_steps: gradient steps of each attack in training.
        points_per_network: points at which a network is attacked: the first, or all if there are
            not as many.
        measure_steps: gradient steps of each attack afterwards.
        certified: the easiest points, at which a lower bound is computed as well.
    """
    torch.set_num_threads(1)  # one core per job: the workflow runs several jobs at a time
    conditions = all_conditions(radii, gradients, decays, angle, curvature)
    pairs = [(condition, index) for condition in conditions for index in range(matrices)]
    drawn = [
        gaussian_matrix(dimension, generator(seed, "causes", "robust", dimension, index))
        for index in range(matrices)
    ]
    runs = [
        Run(
            data_matrix(drawn[index], condition.data, column_scale),
            relu_network(
                dimension, width, layers,
                generator(seed, "causes", "robust initial", dimension, layers, width, index),
            ),
            generator(seed, "causes", "robust orders", dimension, index),
        )
        for condition, index in pairs
    ]  # fmt: skip
    trained = train(
        runs,
        [condition.intervention for condition, _ in pairs],
        Settings(batch_size, learning_rate, epochs),
        attack_steps,
        device,
    )
    asked = Asked(points_per_network, measure_steps, certified, seed, device)
    told = {"d": dimension, "column_scale": column_scale, "layers": layers, "width": width}
    rows = (
        _named(pairs)
        .assign(**told)
        .join(measured([run.matrix for run in runs], [_precise(each) for each in trained], asked))
    )
    files.write_csv(rows, measures)
    return {"networks": len(rows), "accurate": int((rows["accuracy"] == 1).sum())}


def _named(pairs: list[tuple[Condition, int]]) -> pd.DataFrame:
    return pd.DataFrame(
        [(condition.method, condition.strength, index) for condition, index in pairs],
        columns=["method", "strength", "matrix"],
    )


def _precise(network: ReluNetwork) -> ReluNetwork:
    """The network in float64, in which it is measured."""
    return ReluNetwork(
        [weight.astype(float) for weight in network.weights],
        [bias.astype(float) for bias in network.biases],
    )


def measured(matrices: list[NDArray], networks: list[ReluNetwork], asked: Asked) -> pd.DataFrame:
    """A row per network: its accuracy, and where it is 1, compression and smallest perturbations.

    Columns:

    - accuracy, over all 2^d points; remark, why nothing else is measured;
    - phi, and radius, the optimal classifier's divided by m = ||A_:,d||;
    - cos, mean |cos theta_t| over the points, at their adversarial points; delta, mean smallest
      perturbation found, divided by m; ratio and least_ratio, mean and least smallest perturbation
      divided by the optimal radius; missed, points without a flip, which count as 2 m, where
      the partner of the other class lies;
    - certified, the least lower bound at the easiest points divided by the optimal radius; bracket,
      lower bound divided by the perturbation found, mean over these points;
    - points_correlation, of |cos theta_t| and the perturbation over the points;
    - bend, mean of 1 - cos between the gradients at a point and at its adversarial point.
    """
    table = pd.DataFrame(
        {
            "accuracy": [relu_accuracy(*pair) for pair in zip(matrices, networks, strict=True)],
            "phi": [phi(a) for a in matrices],
            "radius": [class_radius(a) / np.linalg.norm(a[:, -1]) for a in matrices],
        }
    )
    right = np.flatnonzero(table["accuracy"] == 1)
    table["remark"] = np.where(table["accuracy"] == 1, "", NOT_ACCURATE)
    if not len(right):
        return table
    z = _corners(len(matrices[0]), asked)
    labels = label(z).astype(int)
    x = np.stack([points(matrices[i], z) for i in right])
    m = np.array([np.linalg.norm(matrices[i][:, -1]) for i in right])
    found = smallest_of_stack(
        [networks[i] for i in right], x, labels,
        units=m, attacks=ATTACKS, steps=asked.steps, device=asked.device,
    )  # fmt: skip
    rows = [
        _row(matrices[i], networks[i], x[k], labels, found.perturbation[k], asked)
        for k, i in enumerate(right)
    ]
    return table.join(pd.DataFrame(rows, index=right))


def _corners(d: int, asked: Asked) -> NDArray:
    """All corners if there are no more than asked for; else a random sample without repeats."""
    if 2**d <= asked.points:
        return corners(d)
    stream = generator(asked.seed, "causes", "robust points", d)
    return corners(d, np.sort(stream.choice(2**d, asked.points, replace=False)))


def _row(matrix, network, x, labels, perturbation, asked: Asked) -> dict:
    """Measures of one accurate network at its points x (n, d)."""
    m = float(np.linalg.norm(matrix[:, -1]))
    radius = class_radius(matrix)
    norms = np.linalg.norm(perturbation, axis=1)
    lengths = np.where(np.isnan(norms), 2 * m, norms)
    feet = x + perturbation
    cosines = np.abs(cos_theta_t(matrix, network, feet))
    known = ~np.isnan(cosines)
    easiest = np.argsort(lengths)[: asked.certified]
    bounds = np.array(
        [certified_radius(network, x[i], int(labels[i]), float(lengths[i])) for i in easiest]
    )
    return {
        "points": len(x), "missed": int(np.isnan(norms).sum()),
        "cos": float(cosines[known].mean()), "delta": float(lengths.mean() / m),
        "ratio": float(lengths.mean() / radius), "least_ratio": float(lengths.min() / radius),
        "certified": float(bounds.min() / radius),
        "bracket": float((bounds / lengths[easiest]).mean()),
        "points_correlation": _correlation(cosines[known], lengths[known]),
        "bend": float((1 - _cosines(network, x[known], feet[known])).mean()),
    }  # fmt: skip


def _cosines(network: ReluNetwork, x: NDArray, feet: NDArray) -> NDArray:
    """Cosines (n,) between the gradients of f_1 - f_2 at x and at the feet, both (n, d)."""
    one, other = (
        gradient(network, forward(network, at)[1], np.array([1.0, -1.0])) for at in (x, feet)
    )
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return (one * other).sum(axis=1) / np.maximum(lengths, np.finfo(float).tiny)


def _correlation(a: NDArray, b: NDArray) -> float:
    """NaN where either is the same at all points, up to rounding."""
    flat = min(np.ptp(a) / a.mean(), np.ptp(b) / b.mean()) < 1e-6
    return np.nan if flat else float(np.corrcoef(a, b)[0, 1])


if __name__ == "__main__":
    job.run(main)
