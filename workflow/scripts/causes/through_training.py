"""Measure networks of the paper's experiment through training: a row per network and checkpoint."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from fragility.attacks.relu import smallest_perturbations
from fragility.exact.optimal import class_radius
from fragility.measures import compression
from fragility.runtime import files, job
from fragility.synthetic.data import corners, draw_corners, label, points, scale_columns
from fragility.synthetic.networks import LinearNetwork, ReluNetwork, margins
from fragility.training import linear_cpu, relu_cpu
from fragility.training.linear import make_run
from fragility.training.relu import make_relu_run
from fragility.training.run import Settings, all_steps, log_spaced


class Asked(NamedTuple):
    """The settings for ReLU networks; see :func:`main`."""

    pairs: int
    attack_steps: int
    seed: int


def main(
    matrices: Path,
    measures: Path,
    *,
    activation: str,
    column_scale: float,
    networks: int,
    width: int,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    checkpoints: int,
    pairs: int,
    attack_steps: int,
    seed: int,
) -> None:
    """Write a CSV: run, step, phi, feature_norm, radius, and what is measured of the network.

    The networks are those of the experiments on linear and ReLU networks, of one hidden layer, with
    the batch size and learning rate given.

    Args:
        activation: "linear" or "relu".
        checkpoints: numbers of steps at which networks are measured, log-spaced; and 0.
        pairs: points b_1 and b_2 at which ReLU networks are measured.
    """
    torch.set_num_threads(1)  # one core per job: the workflow runs several jobs at a time
    drawn = scale_columns(files.read_tensors(matrices)["matrices"][:networks], column_scale)
    settings, asked = Settings(batch_size, learning_rate, epochs), Asked(pairs, attack_steps, seed)
    rows = []
    for index, matrix in enumerate(tqdm(drawn, desc=activation, mininterval=5)):
        told = {
            "activation": activation, "run": index, "phi": compression.phi(matrix),
            "feature_norm": float(np.linalg.norm(matrix[:, -1])), "radius": class_radius(matrix),
        }  # fmt: skip
        linear = activation == "linear"
        run = (
            make_run(matrix, index, width, seed)
            if linear
            else make_relu_run(matrix, index, width, 1, seed)
        )
        train = linear_cpu.train_through if linear else relu_cpu.train_through
        at = [0, *log_spaced(all_steps(run, settings), checkpoints)]
        for step, network in train(run, settings, at):
            found = (
                measured(matrix, network)
                if linear
                else relu_measured(matrix, network, index, asked)
            )
            rows.append(told | {"step": step} | found)
    files.write_csv(pd.DataFrame(rows), measures)


def measured(matrix: NDArray, network: LinearNetwork) -> dict:
    """Accuracy, |cos theta_1|, |cos theta_2| and exact smallest perturbations, over all points.

    A misclassified point needs no perturbation: it counts as 0.
    """
    weights = network.weights()
    z = corners(len(matrix)).astype(float)
    margin = label(z) * (z @ compression.corner_coefficients(matrix, weights))
    distances = np.maximum(margin, 0) / np.linalg.norm(weights[0] - weights[1])
    return {
        "accuracy": float((margin > 0).mean()),
        "compression": abs(compression.cos_theta_1(matrix, weights)),
        "cos_theta_2": abs(compression.cos_theta_2(matrix, weights)),
        "perturbation_mean": float(distances.mean()),
        "perturbation_min": float(distances.min()),
    }


def relu_measured(matrix: NDArray, network: ReluNetwork, run: int, asked: Asked) -> dict:
    """The same at some b_1 and b_2: mean rho, and perturbations found by an attack.

    Where the attack finds none, the other point of the pair lies at 2 ||A_:,d||.
    """
    m = float(np.linalg.norm(matrix[:, -1]))
    accuracy = compression.relu_accuracy(matrix, network)  # in the dtype of training
    network = ReluNetwork(
        [weight.astype(float) for weight in network.weights],
        [bias.astype(float) for bias in network.biases],
    )
    z = draw_corners(len(matrix), asked.pairs, asked.seed, "relu", run).repeat(2, axis=0)
    z[:, -1] = np.tile([1, -1], asked.pairs)
    x, labels = points(matrix, z), label(z).astype(int)
    right = margins(network, x, labels) > 0
    distances = np.zeros(len(x))
    if right.any():
        norms = smallest_perturbations(
            network, x[right], labels[right], unit=m, attacks=["projection"],
            steps=asked.attack_steps,
        ).norm  # fmt: skip
        distances[right] = np.where(np.isnan(norms), 2 * m, norms)
    return {
        "accuracy": accuracy,
        "compression": float(np.nanmean(compression.rho(matrix, network, x))),
        "cos_theta_2": np.nan,
        "perturbation_mean": float(distances.mean()),
        "perturbation_min": float(distances.min()),
    }


if __name__ == "__main__":
    job.run(main)
