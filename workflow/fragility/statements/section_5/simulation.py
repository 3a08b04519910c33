"""Section 5 by numerical integration: the direct path (8) and the attacker's path (9).

Everywhere g = f_2 - f_1, Class 2 the class of the starting point x2, so that g(x2) > 0 > g(x1).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fragility.synthetic.data import corners, label, points
from fragility.synthetic.networks import RELU, Activation, ReluNetwork, forward, gradient


class Pairs(NamedTuple):
    """Points x2 (n, d), their nearest points x1 of the other class (n, d), labels of x2 (n,)."""

    x2: NDArray
    x1: NDArray
    labels: NDArray


def nearest_pairs(matrix: NDArray, z: NDArray) -> Pairs:
    """The nearest of all 2^(d-1) points of the other class, for each corner z (n, d)."""
    d = len(matrix)
    every = corners(d)
    x2, labels = points(matrix, z), label(z)
    x1 = np.empty_like(x2)
    for sign in (-1, 1):
        own, others = labels == sign, points(matrix, every[label(every) == -sign])
        # ||a - b||^2 up to ||a||^2, which does not change the order
        squares = (others**2).sum(axis=1) - 2 * x2[own] @ others.T
        x1[own] = others[squares.argmin(axis=1)]
    return Pairs(x2, x1, labels)


def g(network: ReluNetwork, x: NDArray, labels: NDArray) -> NDArray:
    """The function g = f_2 - f_1 at x (n, d), for starting points of classes ``labels`` (n,)."""
    outputs, _ = forward(network, x)
    return labels * (outputs[:, 0] - outputs[:, 1])


def g_and_gradient(
    network: ReluNetwork, x: NDArray, labels: NDArray, activation: Activation = RELU
) -> tuple[NDArray, NDArray]:
    """Values of g (n,) and its gradient (n, d) at the points x (n, d)."""
    outputs, hidden = forward(network, x, activation)
    combination = np.stack([labels, -labels], axis=1).astype(float)
    value = labels * (outputs[:, 0] - outputs[:, 1])
    return value, gradient(network, hidden, combination, activation)


class DirectPath(NamedTuple):
    """||grad g|| and cos theta_gamma at k points of the path from x2 to x1; shapes (n, k)."""

    norms: NDArray
    cosines: NDArray


def direct_path(network: ReluNetwork, pairs: Pairs, where: NDArray) -> DirectPath:
    """The direct path of n pairs; ``where`` (k,) are fractions of its length in [0, 1]."""
    direction = pairs.x1 - pairs.x2
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    norms, cosines = (np.empty((len(direction), len(where))) for _ in range(2))
    for k, fraction in enumerate(where):
        x = fraction * pairs.x1 + (1 - fraction) * pairs.x2
        _, slope = g_and_gradient(network, x, pairs.labels)
        norms[:, k] = np.linalg.norm(slope, axis=1)
        cosines[:, k] = (slope * direction).sum(axis=1) / norms[:, k]
    return DirectPath(norms, cosines)


def line_integrals(network: ReluNetwork, pairs: Pairs, n: int) -> dict[str, NDArray]:
    """Equation (8) by three sums over n points, each (n_pairs,).

    midpoint: n intervals; trapezoid: n points, both ends with half weight; paper: n points, both
    ends with the full weight L / (n - 1), as in section 6.
    """
    length = np.linalg.norm(pairs.x1 - pairs.x2, axis=1)
    middle = direct_path(network, pairs, (np.arange(n) + 0.5) / n)
    ends = direct_path(network, pairs, np.linspace(0, 1, n))
    inside = middle.norms * middle.cosines
    values = ends.norms * ends.cosines
    every = values.sum(axis=1)
    return {
        "midpoint": inside.mean(axis=1) * length,
        "trapezoid": (every - (values[:, 0] + values[:, -1]) / 2) * length / (n - 1),
        "paper": every * length / (n - 1),
    }


def split_integral(network: ReluNetwork, pairs: Pairs) -> NDArray:
    """Equation (8) exactly, (n,): the integrand of one hidden ReLU layer is constant between kinks.

    Raises:
        ValueError: the network has another number of hidden layers.
    """
    if len(network.weights) != 2:
        raise ValueError(f"one hidden layer expected, got {len(network.weights) - 1}")
    weight, bias = network.weights[0], network.biases[0]
    integrals = np.empty(len(pairs.x2))
    for i, (x2, x1, sign) in enumerate(zip(*pairs, strict=True)):
        step = x1 - x2
        with np.errstate(divide="ignore", invalid="ignore"):
            crossings = -(weight @ x2 + bias) / (weight @ step)
        inside = np.sort(crossings[(crossings > 0) & (crossings < 1)])
        cuts = np.concatenate([[0.0], inside, [1.0]])
        middles = x2 + (cuts[1:] + cuts[:-1])[:, None] / 2 * step
        _, slope = g_and_gradient(network, middles, np.full(len(middles), sign))
        integrals[i] = np.diff(cuts) @ (slope @ step)
    return integrals


class Attack(NamedTuple):
    """The attacker's path from each x2; shapes (n,), NaN where the change of g is not reached.

    Attributes:
        z, z_flip: its length until g has changed by D, and until g is 0.
        chord, chord_flip: the distances from x2 at these two moments.
        low, high, mean, deviation: of ||grad g|| along the path to D.
    """

    z: NDArray
    z_flip: NDArray
    chord: NDArray
    chord_flip: NDArray
    low: NDArray
    high: NDArray
    mean: NDArray
    deviation: NDArray


def attack(network: ReluNetwork, pairs: Pairs, step: float, longest: float) -> Attack:
    """Walk x <- x - h grad g / ||grad g|| with h = ``step`` ||x1 - x2||, all pairs side by side.

    The last step ends where g, linear along it, takes the value wanted.

    Args:
        network: the network.
        pairs: x2, x1 and labels.
        step: length of a step, in units of ||x1 - x2||.
        longest: length after which the walk of a pair stops, in the same units.
    """
    lengths, moments = _walk(network, pairs, step, longest)
    low, high, total, squares, steps = moments
    mean = total / steps
    deviation = np.sqrt(np.maximum(squares / steps - mean**2, 0))
    return Attack(*lengths, low, high, mean, deviation)


def _walk(
    network: ReluNetwork, pairs: Pairs, step: float, longest: float
) -> tuple[NDArray, NDArray]:
    """The walk of :func:`attack`: z, z_flip, chord, chord_flip (4, n), and five moments (5, n)."""
    n = len(pairs.x2)
    h = step * np.linalg.norm(pairs.x1 - pairs.x2, axis=1)
    goals = np.stack([g(network, pairs.x1, pairs.labels), np.zeros(n)])
    lengths = np.full((4, n), np.nan)
    moments = np.outer([np.inf, -np.inf, 0, 0, 0], np.ones(n))
    x, walking = pairs.x2.copy(), np.arange(n)
    for count in range(int(np.ceil(longest / step))):
        value, slope = g_and_gradient(network, x[walking], pairs.labels[walking])
        norms = np.linalg.norm(slope, axis=1)
        _note(moments, walking, norms)
        stride = -h[walking, None] * slope / np.maximum(norms, np.finfo(float).tiny)[:, None]
        after = g(network, x[walking] + stride, pairs.labels[walking])
        for k, goal in enumerate(goals[:, walking]):
            ends = np.isnan(lengths[k, walking]) & (after <= goal)
            part, who = (value - goal)[ends] / (value - after)[ends], walking[ends]
            gone = x[who] + part[:, None] * stride[ends] - pairs.x2[who]
            lengths[k, who] = (count + part) * h[who]
            lengths[2 + k, who] = np.linalg.norm(gone, axis=1)
        x[walking] += stride
        walking = walking[np.isnan(lengths[0, walking])]
        if not len(walking):
            break
    return lengths, moments


def _note(moments: NDArray, walking: NDArray, norms: NDArray) -> None:
    """Keep minimum, maximum, sum, sum of squares and number of the gradient norms, in place."""
    moments[0, walking] = np.minimum(moments[0, walking], norms)
    moments[1, walking] = np.maximum(moments[1, walking], norms)
    moments[2:, walking] += np.stack([norms, norms**2, np.ones(len(walking))])


class Refined(NamedTuple):
    """The attack with the smallest step tried, that step, and how far halving it last moved z."""

    attack: Attack
    step: float
    moved: NDArray


def refined_attack(
    network: ReluNetwork, pairs: Pairs, step: float, halvings: int, longest: float, precision: float
) -> Refined:
    """Halve the step until z changes by less than ``precision`` (relative) for every pair.

    After ``halvings`` the last result is returned; ``moved`` is the last relative change of z.
    """
    old = attack(network, pairs, step, longest)
    for _ in range(halvings):
        step /= 2
        new = attack(network, pairs, step, longest)
        moved = np.abs(new.z / old.z - 1)
        old = new
        if not (moved > precision).any():  # a pair that does not reach D has NaN and does not count
            break
    return Refined(old, step, moved)
