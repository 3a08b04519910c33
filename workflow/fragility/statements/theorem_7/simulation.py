"""Theorem 7 by simulation: Gaussian gradients, and the first-order claim on trained networks."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fragility.synthetic.data import corners, points
from fragility.synthetic.networks import RELU, Activation, ReluNetwork, forward, gradient

CHUNK = 2**20  # normals drawn at once: 8 MiB


def ratios(d: int, trials: int, generator: np.random.Generator) -> tuple[NDArray, NDArray]:
    """Squared projection ratios of a Gaussian x1 - x2 onto Gaussian gradients, each (trials,).

    Returns:
        The ratios onto span{grad f1, grad f2} and onto grad f1 - grad f2.  Only d x 2 matrices
        are factored.

    Raises:
        ValueError: ``d`` is below 2.
    """
    if d < 2:
        raise ValueError(f"the dimension must be at least 2, got {d}")
    step = max(CHUNK // (3 * d), 1)
    parts = [
        _ratios(generator.standard_normal((min(step, trials - start), d, 3)))
        for start in range(0, trials, step)
    ]
    two, one = (np.concatenate(column) for column in zip(*parts, strict=True))
    return two, one


def _ratios(draws: NDArray) -> tuple[NDArray, NDArray]:
    both, feature = draws[..., :2], draws[..., 2:]
    length = (feature**2).sum(axis=(1, 2))
    basis = np.linalg.qr(both).Q
    two = ((basis.mT @ feature) ** 2).sum(axis=(1, 2)) / length
    difference = both[..., 0] - both[..., 1]
    one = (difference * feature[..., 0]).sum(axis=1) ** 2 / (difference**2).sum(axis=1) / length
    return two, one


class Segment(NamedTuple):
    """Points x between b1 = A z+ and b2 = A z-, with x1 = b1 - x and x2 = b2 - x; each (n, d)."""

    x: NDArray
    x1: NDArray
    x2: NDArray


def segments(matrix: NDArray, n: int, generator: np.random.Generator) -> Segment:
    """Draw n points x = alpha b1 + (1 - alpha) b2, alpha uniform, as in section 6; A (d, d)."""
    d = len(matrix)
    plus = corners(d, generator.integers(2 ** (d - 1), size=n) + 2 ** (d - 1))
    b1 = points(matrix, plus)
    b2 = b1 - 2 * matrix[:, -1]
    alpha = generator.uniform(size=(n, 1))
    x = alpha * b1 + (1 - alpha) * b2
    return Segment(x, b1 - x, b2 - x)


class Spans(NamedTuple):
    """P(x2 - x1) onto span{grad f1, grad f2}, (n, d), and both squared ratios, (n,) each."""

    kept: NDArray
    two: NDArray
    one: NDArray


def projections(network: ReluNetwork, at: Segment, activation: Activation = RELU) -> Spans:
    """Project x2 - x1 (n, d) onto the gradients of the network at x."""
    rows = gradients(network, at.x, activation)
    feature = at.x2 - at.x1
    basis = np.linalg.qr(rows.mT).Q  # (n, d, 2)
    kept = (basis @ (basis.mT @ feature[..., None]))[..., 0]
    length = (feature**2).sum(axis=1)
    slope = rows[:, 0] - rows[:, 1]
    one = (slope * feature).sum(axis=1) ** 2 / (slope**2).sum(axis=1) / length
    return Spans(kept, (kept**2).sum(axis=1) / length, one)


def gradients(network: ReluNetwork, x: NDArray, activation: Activation = RELU) -> NDArray:
    """Gradients of f_1 and f_2 at the points x (n, d), as rows: (n, 2, d)."""
    _, hidden = forward(network, x, activation)
    return np.stack([gradient(network, hidden, row, activation) for row in np.eye(2)], axis=1)


class FirstOrder(NamedTuple):
    """Errors of the perturbation e = eps P(x2 - x1) at each point; shapes (n,).

    Attributes:
        error: larger over i of |f_i(x + eps x1 + e) - f_i(x + eps x2)|.
        rounding: the float64 rounding error of an error that is exactly zero, up to a small factor:
            the machine epsilon times the largest absolute sum in the forward pass.
        kinks: number of units whose sign at x + eps x1 + e or at x + eps x2 is not that at x, by
            layer (layers, n).  With 0 both points share x's linear piece: the error is exactly 0.
    """

    error: NDArray
    rounding: NDArray
    kinks: NDArray


def first_order(
    network: ReluNetwork, at: Segment, kept: NDArray, eps: float, activation: Activation = RELU
) -> FirstOrder:
    """Compare the outputs at x + eps x1 + e and at x + eps x2, with e = eps ``kept`` (n, d)."""
    ends = at.x + eps * at.x1 + eps * kept, at.x + eps * at.x2
    (here, here_u), (there, there_u) = (forward(network, end, activation) for end in ends)
    _, start_u = forward(network, at.x, activation)
    kinks = [
        (((a > 0) != (c > 0)) | ((b > 0) != (c > 0))).sum(axis=1)
        for a, b, c in zip(here_u, there_u, start_u, strict=True)
    ]
    return FirstOrder(
        np.abs(here - there).max(axis=1), _rounding(network, ends[1]), np.stack(kinks)
    )


def _rounding(network: ReluNetwork, x: NDArray) -> NDArray:
    """Machine epsilon times the forward pass on absolute values, (n,)."""
    absolute = ReluNetwork(
        *([np.abs(a) for a in part] for part in (network.weights, network.biases))
    )
    return np.finfo(float).eps * forward(absolute, np.abs(x))[0].max(axis=1)
