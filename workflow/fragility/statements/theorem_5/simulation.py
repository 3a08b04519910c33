"""Theorem 5 by experiment: points moved across the boundaries of linear networks.

Everything here uses the network's own forward pass, layer by layer, in float64; probing vectors
appear only as the network's outputs at the unit vectors.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MARGIN = 1e-6  # just beyond and just short of the boundary, relative; rounding is at 1e-12


class BoundaryCheck(NamedTuple):
    """What the network does at n points of each of P ordered pairs (i, j) of classes; all (P, n).

    Attributes:
        distance: |f_i - f_j| / ||gradient of f_i - f_j||, in the units of the data.
        reversed: f_j > f_i before any perturbation.
        beyond, short: the order of f_i and f_j changes just beyond, just short of the boundary.
        correct: the unperturbed point has the label i.
        reached: just beyond the boundary the label, over all classes, is j.
    """

    distance: NDArray
    reversed: NDArray
    beyond: NDArray
    short: NDArray
    correct: NDArray
    reached: NDArray


def forward(layers: Sequence[NDArray], x: NDArray) -> NDArray:
    """Outputs (..., classes) of the layers H_1, ..., H_l, each (outputs, inputs), at x (..., d)."""
    for layer in layers:
        x = x @ np.asarray(layer, dtype=float).T
    return x


def random_layers(
    widths: Sequence[int], generator: np.random.Generator, *, spread: str = "normal"
) -> list[NDArray]:
    """Layers between the given widths (d, ..., classes), each entry of size 1/sqrt(fan-in).

    Args:
        widths: numbers of neurons, inputs first.
        generator: random stream.
        spread: "normal", or "uniform" for PyTorch's initialisation of ``nn.Linear``.
    """
    draw = {"normal": generator.standard_normal, "uniform": lambda n: generator.uniform(-1, 1, n)}
    return [
        draw[spread]((outputs, inputs)) / np.sqrt(inputs) for inputs, outputs in pairwise(widths)
    ]


def random_widths(
    d: int, classes: int, depth: int, width: int, generator: np.random.Generator
) -> list[int]:
    """Widths of a network of 2 to ``depth`` layers, hidden ones uniform in 2 to ``width``.

    No hidden layer has one neuron: all probing vectors would be parallel.
    """
    hidden = generator.integers(2, width, int(generator.integers(1, depth)), endpoint=True)
    return [d, *hidden.tolist(), classes]


def class_points(centres: NDArray, n: int, noise: float, generator: np.random.Generator) -> NDArray:
    """Points (classes, n, d): each class's centre (classes, d), and Gaussian noise of that size."""
    return centres[:, None] + noise * generator.standard_normal((len(centres), n, centres.shape[1]))


def ordered_pairs(classes: int) -> tuple[NDArray, NDArray]:
    """All pairs i and j != i, each of shape (P,) with P = classes (classes - 1)."""
    i, j = np.nonzero(~np.eye(classes, dtype=bool))
    return i, j


def observe(
    layers: Sequence[NDArray], x: NDArray, i: NDArray, j: NDArray, step: NDArray
) -> BoundaryCheck:
    """Compute the outputs at each point, and just beyond and just short of its boundary.

    Args:
        layers: H_1, ..., H_l.
        x: points of class i of each pair, (P, n, d).
        i, j: the pairs, (P,).
        step: the perturbations to try, (P, n, d).
    """
    outputs = forward(layers, x)
    gap = _gap(outputs, i, j)
    gradients = forward(layers, np.eye(x.shape[-1])).T
    beyond = forward(layers, x + (1 + MARGIN) * step)
    short = forward(layers, x + (1 - MARGIN) * step)
    return BoundaryCheck(
        distance=np.abs(gap) / np.linalg.norm(gradients[i] - gradients[j], axis=-1)[:, None],
        reversed=gap < 0,
        beyond=_gap(beyond, i, j) * gap < 0,
        short=_gap(short, i, j) * gap < 0,
        correct=outputs.argmax(axis=-1) == i[:, None],
        reached=beyond.argmax(axis=-1) == j[:, None],
    )


def _gap(outputs: NDArray, i: NDArray, j: NDArray) -> NDArray:
    """f_i - f_j, shape (P, n), from the outputs (P, n, classes)."""
    rows = np.arange(len(i))
    return outputs[rows, :, i] - outputs[rows, :, j]
