"""A lower bound on the smallest perturbation: linear relaxation of each ReLU over a ball (CROWN).

Zhang et al. (2018), for the l2 ball and a network of any depth.  On ||e|| <= r every
pre-activation lies in [l, u]; there the ReLU lies above any line through 0 of slope in [0, 1] and
below the chord from l to u.  Replacing each ReLU by one of these lines, from the output down,
bounds the margin from below by a linear function of e.  Its least value on the ball is its value
at the centre minus r times its slope.  Where that is positive no perturbation of norm r flips.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fragility.synthetic.networks import ReluNetwork

HALVINGS = 12  # of the radius: the bound is sound for any number of them


class Lines(NamedTuple):
    """Lines below and above a layer's ReLUs on an interval of pre-activations; each (units,)."""

    low_slope: NDArray
    high_slope: NDArray
    high_intercept: NDArray


def certified_radius(network: ReluNetwork, x: NDArray, label: int, upper: float) -> float:
    """A radius, up to ``upper``, within which no perturbation of x flips, found by bisection.

    Args:
        network: two outputs, the first scores the label +1.
        x: a point, (d,).
        label: the label that the network gives it, -1 or +1.
        upper: where to stop: the norm of a perturbation that does flip.

    Returns:
        A sound lower bound in the units of the data, to 2^-12 of ``upper``; 0 if the network does
        not give x that label.
    """
    return certified_class_radius(network, x, _output(label), upper)


def certified_class_radius(network: ReluNetwork, x: NDArray, index: int, upper: float) -> float:
    """:func:`certified_radius` for a network of any number of outputs, its decision ``index``."""
    if class_margin_bound(network, x, index, 0.0) <= 0:
        return 0.0
    low, high = 0.0, upper
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if class_margin_bound(network, x, index, middle) > 0:
            low = middle
        else:
            high = middle
    return low


def margin_bound(network: ReluNetwork, x: NDArray, label: int, radius: float) -> float:
    """A lower bound on label (f_1 - f_2) at x + e, for a point x (d,) and all ||e|| <= radius."""
    return class_margin_bound(network, x, _output(label), radius)


def class_margin_bound(network: ReluNetwork, x: NDArray, index: int, radius: float) -> float:
    """A lower bound on f_index minus the largest other output, as in :func:`margin_bound`."""
    lines: list[Lines] = []
    for weight, bias in zip(network.weights[:-1], network.biases[:-1], strict=True):
        low = _lower(network, lines, weight, bias, x, radius)
        high = -_lower(network, lines, -weight, -bias, x, radius)
        lines.append(_lines(low, high))
    others = np.arange(len(network.biases[-1])) != index
    differences = network.weights[-1][index] - network.weights[-1][others]
    offsets = network.biases[-1][index] - network.biases[-1][others]
    return float(_lower(network, lines, differences, offsets, x, radius).min())


def _output(label: int) -> int:
    """The output that scores a label, -1 or +1."""
    return 0 if label > 0 else 1


def _lower(network, lines: list[Lines], rows: NDArray, offset: NDArray, x, radius) -> NDArray:
    """Lower bounds (m,) of rows . (layer below) + offset over the ball; rows (m, units)."""
    for weight, bias, line in zip(
        network.weights[len(lines) - 1 :: -1] if lines else [],
        network.biases[len(lines) - 1 :: -1] if lines else [],
        lines[::-1],
        strict=True,
    ):
        negative = np.minimum(rows, 0)
        offset = offset + negative @ line.high_intercept
        rows = np.maximum(rows, 0) * line.low_slope + negative * line.high_slope
        offset = offset + rows @ bias
        rows = rows @ weight
    return rows @ x + offset - radius * np.linalg.norm(rows, axis=1)


def _lines(low: NDArray, high: NDArray) -> Lines:
    """The chord as upper line; as lower line 0 or the identity, whichever leaves less area."""
    mixed = (low < 0) & (high > 0)
    chord = np.where(mixed, high / np.where(mixed, high - low, 1), (low >= 0).astype(float))
    return Lines(
        low_slope=np.where(mixed, (high > -low).astype(float), chord),
        high_slope=chord,
        high_intercept=np.where(mixed, -chord * low, 0.0),
    )
