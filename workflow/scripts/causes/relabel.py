"""Move Theorem 6's points across a network's boundary, relabel them, train networks on these."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from fragility.attacks.relu import smallest_perturbations
from fragility.exact.relabelled import first_row, limit_row, moved
from fragility.measures.compression import accuracy, cos_theta_1, is_valid, relu_accuracy
from fragility.runtime import files, job
from fragility.runtime.seeds import generator
from fragility.synthetic.data import corners, gaussian_matrix, label, points, scale_columns
from fragility.synthetic.geometry import cosine
from fragility.synthetic.networks import ReluNetwork, linear_network, relu_network
from fragility.training.points import descend, train_linear, train_relu
from fragility.training.run import log_spaced

Rows = tuple[list[dict], list[dict]]


class Problem(NamedTuple):
    """The data and settings that all networks share.

    Attributes:
        matrices: A of each teacher, (N, d, d).
        labels: of the 2^d corners, (2^d,).
        x: points, (N, 2^d, d).
        width: hidden units.
        rate: Adam's learning rate.
        margins: what is added to the smallest perturbation, relative to it.
        seed: root of the random streams.
    """

    matrices: NDArray
    labels: NDArray
    x: NDArray
    width: int
    rate: float
    margins: list[float]
    seed: int

    def initial(self, draw: Callable, purpose: str, indices: list[int]) -> list:
        """A network with initial weights for each index, from the index's own stream."""
        d = len(self.matrices[0])
        return [draw(generator(self.seed, "causes", purpose, d, i)) for i in indices]

    def linear(self, stream: np.random.Generator):
        """An initial linear network."""
        return linear_network(len(self.matrices[0]), self.width, stream, np.float64)

    def relu(self, stream: np.random.Generator):
        """An initial ReLU network of one hidden layer."""
        return relu_network(len(self.matrices[0]), self.width, 1, stream)

    def repeated(self, n: int) -> NDArray:
        """The labels of n networks' points, (n, 2^d)."""
        return np.broadcast_to(self.labels, (n, len(self.labels)))

    def cells(self, teachers: dict[int, object]) -> list[tuple[float, int]]:
        """Margin and teacher of each student."""
        return [(margin, i) for margin in self.margins for i in teachers]


def main(
    accuracies: Path,
    moves: Path,
    *,
    dimension: int,
    column_scale: float,
    networks: int,
    width: int,
    learning_rate: float,
    teacher_steps: int,
    steps: int,
    steps_relu: int,
    checkpoints: int,
    margins: list[float],
    attacks: list[str],
    attack_steps: int,
    seed: int,
    device: str,
) -> dict:
    """Write the students' accuracy on all 2^d clean points over training, and what theory says.

    Teachers are linear networks of two layers, and ReLU networks of one hidden layer; those that
    are correct at all points stay.  A linear teacher has two students: one of its own kind
    (``linear``), and softmax regression by gradient descent from 0 (``descent``), for which theory
    is exact.  All training uses every point in each step.

    Args:
        accuracies: CSV to write: setting, margin, network, step, accuracy, and for linear students
            cos_limit, the cosine of their row with that to which gradient descent tends.
        moves: CSV to write: a row per setting, margin and teacher, with the teacher's accuracy and
            the mean distance moved; for linear ones cos_theta_1 of the teacher, and the accuracies
            that theory states after one step of gradient descent and in the limit.
        dimension: d.
        column_scale: factor on all columns of A but the last.
        networks: matrices A, and teachers of each kind trained.
        width: hidden units.
        learning_rate: Adam's.
        teacher_steps: of the teachers' training.
        steps, steps_relu: of the students' training.
        checkpoints: at most this many steps at which accuracies are written.
        margins: what is added to the smallest perturbation, relative to it.
        attacks, attack_steps: for ReLU teachers: minimal-norm attacks, and gradient steps of each.
        seed: root of the random streams.
        device: "cpu" or "cuda", for ReLU networks.

    Raises:
        job.ResultError: no teacher of a kind is correct at all points.
    """
    torch.set_num_threads(1)
    z, streams = corners(dimension), (("causes", "matrix", dimension, i) for i in range(networks))
    drawn = [gaussian_matrix(dimension, generator(seed, *key)) for key in streams]
    matrices = scale_columns(np.stack(drawn), column_scale)
    x = np.stack([points(matrix, z) for matrix in matrices])
    told = Problem(matrices, label(z).astype(float), x, width, learning_rate, margins, seed)
    table, out = _linear(told, teacher_steps, log_spaced(steps, checkpoints))
    attack = {"attacks": attacks, "steps": attack_steps, "device": device}
    shown = log_spaced(steps_relu, checkpoints)
    more, out_relu = _relu(told, teacher_steps, shown, attack)
    files.write_csv(pd.DataFrame(table + more), accuracies)
    files.write_csv(pd.DataFrame(out + out_relu), moves)
    return {"students": len(out) + len(out_relu)}


def _linear(told: Problem, teacher_steps: int, shown: list[int]) -> Rows:
    """Rows of both files for linear teachers."""
    indices = list(range(len(told.x)))
    started = told.initial(told.linear, "linear teacher", indices)
    labels = told.repeated(len(indices))
    _, rows = next(train_linear(started, told.x, labels, [teacher_steps], told.rate))
    teachers = {i: row for i, row in enumerate(rows) if is_valid(told.matrices[i], weights(row))}
    cells = _cells(told, teachers, "linear")
    inputs = np.stack([moved(told.x[i], teachers[i], margin) for margin, i in cells])
    flipped = -told.repeated(len(cells))
    limits = [limit_row(told.matrices[i], teachers[i], margin) for margin, i in cells]
    started = told.initial(told.linear, "linear student", [i for _, i in cells])
    runs = {
        "descent": descend(inputs, flipped, shown),
        "linear": train_linear(started, inputs, flipped, shown, told.rate),
    }
    table, out = [], []
    for setting, run in runs.items():
        for step, students in tqdm(run, desc=setting, total=len(shown), mininterval=5):
            for (margin, i), row, limit in zip(cells, students, limits, strict=True):
                share = accuracy(told.matrices[i], weights(row))
                cell = _row(setting, margin, i, step=step, accuracy=share)
                table.append(cell | {"cos_limit": cosine(row, limit)})
        for (margin, i), went, limit in zip(cells, inputs, limits, strict=True):
            a, row = told.matrices[i], teachers[i]
            cell = _row(setting, margin, i, teacher_accuracy=1.0, distance=_far(told.x[i], went))
            out.append(
                cell
                | {
                    "cos_theta_1": cos_theta_1(a, weights(row)),
                    "first": accuracy(a, weights(first_row(a, row, margin))),
                    "limit": accuracy(a, weights(limit)),
                }
            )
    return table, out


def _relu(told: Problem, teacher_steps: int, shown: list[int], attack: dict) -> Rows:
    """Rows of both files for ReLU teachers."""
    indices, device = list(range(len(told.x))), attack["device"]
    started = told.initial(told.relu, "ReLU teacher", indices)
    labels = told.repeated(len(indices))
    _, trained = next(train_relu(started, told.x, labels, [teacher_steps], told.rate, device))
    teachers = {
        i: network
        for i, network in enumerate(trained)
        if relu_accuracy(told.matrices[i], network) == 1
    }
    cells = _cells(told, teachers, "ReLU")
    steps_out = {
        i: smallest_perturbations(
            in_double(network), told.x[i], told.labels, unit=_feature(told.matrices[i]), **attack
        )
        for i, network in tqdm(teachers.items(), desc="attacks", mininterval=5)
    }
    for i, found in steps_out.items():
        if np.isnan(found.norm).any():
            raise job.ResultError(
                f"no attack moves {np.isnan(found.norm).sum()} points of ReLU teacher {i} across "
                "its boundary.  Raise causes.relabelled.attack_steps"
            )
    inputs = np.stack([told.x[i] + (1 + m) * steps_out[i].perturbation for m, i in cells])
    started = told.initial(told.relu, "ReLU student", [i for _, i in cells])
    run = train_relu(started, inputs, -told.repeated(len(cells)), shown, told.rate, device)
    table = [
        _row("relu", margin, i, step=step, accuracy=relu_accuracy(told.matrices[i], student))
        for step, students in tqdm(run, desc="ReLU", total=len(shown), mininterval=5)
        for (margin, i), student in zip(cells, students, strict=True)
    ]
    out = [
        _row("relu", margin, i, teacher_accuracy=1.0, distance=_far(told.x[i], went))
        for (margin, i), went in zip(cells, inputs, strict=True)
    ]
    return table, out


def weights(row: NDArray) -> NDArray:
    """W (2, d) of a network with W_1 - W_2 = ``row`` (d,)."""
    return np.stack([row, -row]) / 2


def in_double(network: ReluNetwork) -> ReluNetwork:
    """The network in float64, so that attacks resolve its boundary."""
    return ReluNetwork(*([a.astype(float) for a in p] for p in (network.weights, network.biases)))


def _cells(told: Problem, teachers: dict, kind: str) -> list[tuple[float, int]]:
    if not teachers:
        raise job.ResultError(
            f"none of {len(told.x)} {kind} teachers is correct at all points.  Raise "
            "causes.relabelled.teacher_steps or causes.relabelled.networks"
        )
    return told.cells(teachers)


def _row(setting: str, margin: float, index: int, **values: float) -> dict:
    return {"setting": setting, "margin": margin, "network": index} | values


def _far(x: NDArray, went: NDArray) -> float:
    return float(np.linalg.norm(went - x, axis=1).mean())


def _feature(matrix: NDArray) -> float:
    """||A_:,d||, the attacks' unit of length."""
    return float(np.linalg.norm(matrix[:, -1]))


if __name__ == "__main__":
    job.run(main)
