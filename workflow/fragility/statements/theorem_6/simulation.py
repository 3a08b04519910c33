"""Theorem 6 by experiment: linear networks solved for condition (6), and points perturbed.

float64 throughout: where A is nearly singular, R_dd is small, and the weights Q_:,d / R_dd are as
ill-conditioned as A.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fragility.synthetic.data import corners, label, points

MARGIN = 1e-6  # just beyond and just short of a boundary, relative


class Network(NamedTuple):
    """x -> output hidden x, the hidden layers' product (width, d), and (2, width): +1's row first.

    Attributes:
        rank: of condition (6)'s linear system; d where it determines H2 H1.
    """

    hidden: NDArray
    output: NDArray
    rank: int


class FlipCheck(NamedTuple):
    """What a perturbation does at the points of one matrix.

    Attributes:
        smallest, largest: minimum and maximum over the points of the norm of their smallest
            flipping perturbation.
        flipped: share of points whose decision the full perturbation changes.
        output_error: largest distance of the outputs after it from exactly (-1, 1) and (1, -1).
        half_flipped, half_short: as flipped, for just over and just under half of it.
    """

    smallest: float
    largest: float
    flipped: float
    output_error: float
    half_flipped: float
    half_short: float


def sample_corners(d: int, n: int, generator: np.random.Generator) -> NDArray:
    """All 2^d corners if those are at most ``n``, else n drawn at random: (n, d)."""
    return corners(d, None if 2**d <= n else generator.integers(0, 2**d, n))


def solve_network(
    matrix: NDArray, z: NDArray, width: int, generator: np.random.Generator, *, layers: int = 2
) -> Network:
    """Draw hidden layers Gaussian and solve condition (6) for the last one, from the points only.

    Args:
        matrix: A, (d, d).
        z: corners at which (6) must hold, (n, d).
        width: neurons of each hidden layer, at least d.
        generator: random stream of the hidden layers.
        layers: number of layers, the last one included; at least 2.
    """
    hidden = generator.standard_normal((width, len(matrix))) / np.sqrt(len(matrix))
    for _ in range(layers - 2):
        hidden = generator.standard_normal((width, width)) / np.sqrt(width) @ hidden
    y = label(z).astype(float)
    features = points(matrix, z) @ hidden.T
    output, _, rank, _ = np.linalg.lstsq(features, np.stack([y, -y], axis=1), rcond=None)
    return Network(hidden, output.T, int(rank))


def push(network: Network, matrix: NDArray, z: NDArray, perturbation: NDArray) -> FlipCheck:
    """Add -bit times a vector to every point, bit its label, and compute the outputs.

    Args:
        network: the network attacked.
        matrix: A, (d, d).
        z: corners, (n, d).
        perturbation: (d,), the perturbation of the points labelled -1.
    """
    x, y = points(matrix, z), label(z).astype(float)
    weights = network.output @ network.hidden
    clean, shift = x @ weights.T, weights @ perturbation
    norms = y * (clean[:, 0] - clean[:, 1]) / np.linalg.norm(weights[0] - weights[1])
    moved = clean - np.outer(y, shift)
    return FlipCheck(
        smallest=float(norms.min()),
        largest=float(norms.max()),
        flipped=_flipped(moved, y),
        output_error=float(np.abs(moved + np.outer(y, [1, -1])).max()),
        half_flipped=_flipped(clean - np.outer(y, (1 + MARGIN) / 2 * shift), y),
        half_short=_flipped(clean - np.outer(y, (1 - MARGIN) / 2 * shift), y),
    )


def _flipped(outputs: NDArray, y: NDArray) -> float:
    """Share of points where the output of the wrong label is larger."""
    return float((y * (outputs[:, 0] - outputs[:, 1]) < 0).mean())
