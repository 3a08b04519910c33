"""Figure 1 for a trained network: the straight attack from x2, and a plane through x2 and x1."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fragility.statements.section_5.simulation import Pairs, g, g_and_gradient
from fragility.synthetic.data import corners, label, points
from fragility.synthetic.networks import ReluNetwork

BISECTIONS = 50  # of a bracket shorter than ||x1 - x2||: down to rounding


def first_crossing(
    network: ReluNetwork, pairs: Pairs, direction: NDArray, longest: float, samples: int
) -> NDArray:
    """Distance from x2 along ``direction`` (n, d) to the first g = 0, (n,).

    Args:
        network: the network.
        pairs: x2, x1 and labels.
        direction: its length is the unit of the distance.
        longest: the largest distance tried.
        samples: number of values of g computed to find a change of sign, which is then bisected.

    Returns:
        The distances, NaN where no value of g is 0 or negative.
    """
    where = np.linspace(0, longest, samples + 1)[1:]
    values = np.stack([g(network, pairs.x2 + t * direction, pairs.labels) for t in where])
    first = (values <= 0).argmax(axis=0)
    high = where[first]
    low = high - longest / samples
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        inside = g(network, pairs.x2 + middle[:, None] * direction, pairs.labels) > 0
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return np.where((values <= 0).any(axis=0), high, np.nan)


class Sketch(NamedTuple):
    """The lengths and angle of Figure 1 for each pair; shapes (n,), in units of the data.

    Attributes:
        length: ||x1 - x2||.
        cosine: cos theta between -grad g(x2), the attack's direction, and x1 - x2.
        distance: from x2 straight along -grad g(x2) to g = 0 (NaN: not within ||x1 - x2||).
        crossing: fraction of the direct path at which g = 0.
    """

    length: NDArray
    cosine: NDArray
    distance: NDArray
    crossing: NDArray


def sketch(network: ReluNetwork, pairs: Pairs, samples: int) -> Sketch:
    """Measure the figure's distances and angle at n pairs; ``samples`` as in first_crossing."""
    feature = pairs.x1 - pairs.x2
    length = np.linalg.norm(feature, axis=1)
    attack = attack_direction(network, pairs)
    cosine = (attack * feature).sum(axis=1) / length
    distance = first_crossing(network, pairs, attack * length[:, None], 1, samples) * length
    return Sketch(length, cosine, distance, first_crossing(network, pairs, feature, 1, samples))


def attack_direction(network: ReluNetwork, pairs: Pairs) -> NDArray:
    """The unit vector -grad g / ||grad g|| at each x2, (n, d)."""
    _, slope = g_and_gradient(network, pairs.x2, pairs.labels)
    return -slope / np.linalg.norm(slope, axis=1, keepdims=True)


class Plane(NamedTuple):
    """The plane x2 + u first + v second, with orthonormal axes (d,)."""

    origin: NDArray
    first: NDArray
    second: NDArray

    def at(self, u: NDArray, v: NDArray) -> NDArray:
        """Points (n, d) at the coordinates u and v (n,)."""
        return self.origin + np.outer(u, self.first) + np.outer(v, self.second)


def plane(x2: NDArray, x1: NDArray, attack: NDArray) -> Plane:
    """The plane through x2, x1 and the direction of the attack, (d,) each; the attack has v >= 0.

    Raises:
        ValueError: the attack is parallel to x1 - x2, so that there is no plane.
    """
    first = (x1 - x2) / np.linalg.norm(x1 - x2)
    rest = attack - (attack @ first) * first
    if np.linalg.norm(rest) <= 1e-8 * np.linalg.norm(attack):  # half of float64's digits
        raise ValueError("the attack is parallel to x1 - x2: three points of one line")
    return Plane(x2, first, rest / np.linalg.norm(rest))


def nearest_margin(matrix: NDArray, x: NDArray, own: int) -> NDArray:
    """Distance of x (n, d) to the other class's nearest point minus that to class ``own``'s, (n,).

    The optimal classifier decides for ``own`` where this is positive.
    """
    z = corners(len(matrix))
    every = points(matrix, z)
    nearest = {
        sign: np.array([_nearest(every[label(z) == sign], one) for one in x]) for sign in (-1, 1)
    }
    return nearest[-own] - nearest[own]


def _nearest(candidates: NDArray, x: NDArray) -> float:
    return float(np.sqrt(((candidates - x) ** 2).sum(axis=1).min()))
