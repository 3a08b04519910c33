"""Train networks on Theorem 1's data and measure them through training: a row per checkpoint."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from fragility.attacks.relu import smallest_perturbations_together
from fragility.exact.certificate import certified_class_radius
from fragility.exact.one_hot import optimal_radii, smallest_perturbations
from fragility.measures.one_hot import condition_distance, cos_with_inverse
from fragility.runtime import files, job
from fragility.runtime.seeds import generator
from fragility.synthetic.data import gaussian_matrix
from fragility.synthetic.networks import ReluNetwork
from fragility.training.one_hot import LOSSES, Stack, train
from fragility.training.run import log_spaced

ATTACKS = ("ddn", "projection")


@dataclass(frozen=True)
class Asked:
    """The settings for every network; see :func:`main`."""

    points: int
    attack_steps: int
    device: str


def main(
    measures: Path,
    *,
    activation: str,
    layers: int,
    dimensions: list[int],
    width_ratio: int,
    matrices: int,
    steps: int,
    checkpoints: int,
    learning_rate: float,
    weight_decay: float,
    points: int,
    attack_steps: int,
    seed: int,
    device: str,
) -> None:
    """Write a CSV with the rows of :func:`measured` for each dimension and checkpoint.

    On each matrix X four networks are trained from the same initial weights: with the cross-entropy
    and with the squared loss, with weight decay and without.

    Args:
        activation: "linear" or "relu".
        layers: matrices of a linear network, or hidden layers of a ReLU network.
        width_ratio: hidden units, divided by d.
        points: points of each ReLU network that are attacked and certified, from the first.
    """
    torch.set_num_threads(1)  # one core per job: the workflow runs several jobs at a time
    asked = Asked(points, attack_steps, device)
    rows = []
    for d in dimensions:
        x, initial = _drawn(activation, layers, d, width_ratio, matrices, seed)
        kinds = pd.DataFrame(
            [(m, name, decay) for m in range(matrices) for name in LOSSES for decay in (0.0, 1.0)],
            columns=["matrix", "loss", "decay"],
        ).assign(decay=lambda frame: frame["decay"] * weight_decay)
        of = kinds["matrix"].to_numpy()
        stack = Stack(
            [layer[of] for layer in initial], x[of], (kinds["loss"] == "squared").to_numpy(),
            kinds["decay"].to_numpy(), activation == "relu",
        )  # fmt: skip
        passed = train(stack, [0, *log_spaced(steps, checkpoints)], learning_rate, device)
        for step, weights in tqdm(passed, desc=f"d={d}", mininterval=5):
            told = {"activation": activation, "layers": layers, "d": d, "step": step}
            rows.append(
                kinds.assign(**told, **measured(weights, x[of], stack.relu, asked, step == steps))
            )
    files.write_csv(pd.concat(rows, ignore_index=True), measures)


def _drawn(
    activation: str, layers: int, d: int, width_ratio: int, matrices: int, seed: int
) -> tuple[NDArray, list[NDArray]]:
    """The matrices X (n, d, d), the same for all networks, and PyTorch's default initial layers."""
    x = np.stack(
        [gaussian_matrix(d, generator(seed, "causes", "one-hot", d, i)) for i in range(matrices)]
    )
    hidden = layers if activation == "relu" else layers - 1
    sizes = [d, *[width_ratio * d] * hidden, d]
    streams = [
        generator(seed, "causes", "one-hot initial", activation, layers, d, i)
        for i in range(matrices)
    ]
    return x, [
        np.stack([stream.uniform(-1, 1, (m, n)) / np.sqrt(n) for stream in streams])
        for m, n in zip(sizes[1:], sizes, strict=False)
    ]


def measured(weights: list[NDArray], x: NDArray, relu: bool, asked: Asked, certify: bool) -> dict:
    """The columns of N networks, layers (N, outputs, inputs), on their points X (N, d, d).

    Columns, a value per network: accuracy; distance from condition (1); cos of W with X^(-1) (of
    linear networks); ratio and least_ratio, mean and least over the points of the smallest
    perturbation divided by the optimal radius, 0 at a misclassified point (exact for linear
    networks, found by attacks for others); certified and least_certified, the same of the proven
    lower bound (only where ``certify`` says so); inverse_ratio and inverse_least: those of X^(-1).
    """
    radii = optimal_radii(x)
    inverse = smallest_perturbations(np.linalg.inv(x), x) / radii
    outputs = _outputs(weights, x, relu)
    table = {
        "accuracy": _correct(outputs).mean(axis=1),
        "distance": condition_distance(outputs),
        "inverse_ratio": inverse.mean(axis=1),
        "inverse_least": inverse.min(axis=1),
    }
    if relu:
        found = _found(weights, x, radii, asked)
        proven = _proven(weights, x, found) if certify else np.full_like(found, np.nan)
        found, proven = (lengths / radii[:, : asked.points] for lengths in (found, proven))
        table["cos"] = np.nan
    else:
        product = weights[0]
        for layer in weights[1:]:
            product = layer @ product
        found = proven = smallest_perturbations(product, x) / radii
        table["cos"] = cos_with_inverse(product, x)
    return table | {
        "ratio": found.mean(axis=1), "least_ratio": found.min(axis=1),
        "certified": proven.mean(axis=1), "least_certified": proven.min(axis=1),
    }  # fmt: skip


def _outputs(weights: list[NDArray], x: NDArray, relu: bool) -> NDArray:
    """Outputs (N, d, d), class by point."""
    below = x
    for layer in weights[:-1]:
        below = layer @ below
        below = np.maximum(below, 0) if relu else below
    return weights[-1] @ below


def _correct(outputs: NDArray) -> NDArray:
    """Whether each point's own class has the largest output, (N, d)."""
    own = np.eye(outputs.shape[-1], dtype=bool)
    others = np.where(own, -np.inf, outputs).max(axis=-2)
    return np.diagonal(outputs, axis1=-2, axis2=-1) > others


def _found(weights: list[NDArray], x: NDArray, radii: NDArray, asked: Asked) -> NDArray:
    """Smallest perturbations found at the first points of ReLU networks on X (N, d, d), (N, n).

    0 at a misclassified point.  Where no attack succeeds: the distance to the nearest other point.
    """
    outputs = _outputs(weights, x, relu=True)
    points, decided = _decided(np.swapaxes(x, 1, 2)[:, : asked.points], outputs)
    norms = np.zeros(decided.shape)
    if decided.any():
        networks = decided.any(axis=1)
        norms[networks] = smallest_perturbations_together(
            [layer[networks] for layer in weights], points[networks],
            unit=float(np.median(radii)), attacks=ATTACKS, steps=asked.attack_steps,
            device=asked.device,
        )  # fmt: skip
    right = _correct(outputs)[:, : asked.points]
    return right * np.where(np.isnan(norms), 2 * radii[:, : asked.points], norms)


def _decided(points: NDArray, outputs: NDArray) -> tuple[NDArray, NDArray]:
    """The points (N, n, d) as they can be attacked, and where a network's largest output is alone.

    Where it is not (all outputs are 0 if no hidden unit is active) no decision can be changed; the
    first point of that network at which it is stands there instead.
    """
    second, first = np.sort(outputs, axis=1)[:, -2:, : points.shape[1]].swapaxes(0, 1)
    decided = first > second
    own = np.where(decided, np.arange(points.shape[1]), decided.argmax(axis=1)[:, None])
    return np.take_along_axis(points, own[:, :, None], axis=1), decided


def _proven(weights: list[NDArray], x: NDArray, found: NDArray) -> NDArray:
    """Certified radii at the points of ``found`` (N, n), up to the norms there."""
    return np.array(
        [
            [
                certified_class_radius(network, matrix[:, i], i, float(norm)) if norm else 0.0
                for i, norm in enumerate(norms)
            ]
            for network, matrix, norms in zip(_networks(weights), x, found, strict=True)
        ]
    )


def _networks(weights: list[NDArray]) -> list[ReluNetwork]:
    """The networks, with biases of 0."""
    return [
        ReluNetwork(list(layers), [np.zeros(len(layer)) for layer in layers])
        for layers in zip(*weights, strict=True)
    ]


if __name__ == "__main__":
    job.run(main)
