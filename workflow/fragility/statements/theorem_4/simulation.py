"""Theorem 4 by experiment: networks of many linear layers on points from Gaussian generators."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

from fragility.synthetic.geometry import square

FREE_RANK = 4  # of the part of the last layer that condition (1) leaves free


class Chain(NamedTuple):
    """f(x) = last hidden[-1] ... hidden[0] x; first (n_l, d) is the hidden layers' product."""

    hidden: tuple[NDArray, ...]
    first: NDArray
    last: NDArray

    def outputs(self, x: NDArray) -> NDArray:
        """f at one point (d,) or at the columns of (d, n), layer by layer."""
        return self.last @ through(self.hidden, x)


def through(layers: tuple[NDArray, ...], x: NDArray) -> NDArray:
    """Apply layers to x (d,) or (d, n), the first one first."""
    for layer in layers:
        x = layer @ x
    return x


def gaussian_generator(d: int, generator: np.random.Generator) -> NDArray:
    """A generator matrix G, (d, d), entries of variance 1/d."""
    return generator.standard_normal((d, d)) / np.sqrt(d)


def widths(d: int, depth: int, growth: float) -> list[int]:
    """n_1 = d, n_2, ..., n_l of a network of l = depth layers, each at least one unit wider.

    Raises:
        ValueError: depth is below 2, or growth below 1.
    """
    if depth < 2 or growth < 1:
        raise ValueError(f"needs depth >= 2 and growth >= 1, got {depth} and {growth}")
    sizes = [d]
    while len(sizes) < depth:
        sizes.append(max(round(growth * sizes[-1]), sizes[-1] + 1))
    return sizes


def hidden_layers(sizes: list[int], generator: np.random.Generator) -> tuple[NDArray, ...]:
    """H_1, ..., H_{l-1}: arrays (n_{i+1}, n_i) with entries of variance 1 / n_{i+1}."""
    return tuple(
        generator.standard_normal((rows, columns)) / np.sqrt(rows)
        for rows, columns in zip(sizes[1:], sizes, strict=False)
    )


def network(
    matrix: NDArray, hidden: tuple[NDArray, ...], first: NDArray, generator: np.random.Generator
) -> Chain:
    """The last layer solved for, H_l ... H_1 X = I (condition (1)), in float64.

    Condition (1) leaves H_l free on the complement of the hidden layers' range.  A random part is
    added there, so that no result depends on that choice.

    Args:
        matrix: X, (d, d), its columns the points.
        hidden: H_1, ..., H_{l-1}, shapes (n_{i+1}, n_i).
        first: their product, (n_l, d).
        generator: random stream of the free part.

    Raises:
        ValueError: X is not square or smaller than 2 x 2; a layer is narrower than d; X is
            singular to working precision.
    """
    d = len(square(matrix))
    if min(len(layer) for layer in hidden) < d:
        raise ValueError(f"condition (1) needs at least d = {d} units in every layer")
    q, r = np.linalg.qr(through(hidden, matrix))
    if np.abs(np.diag(r)).min() <= np.finfo(float).eps * np.abs(np.diag(r)).max():
        raise ValueError(f"matrix of shape {matrix.shape} is singular to working precision")
    free = generator.standard_normal((FREE_RANK, len(q))) / np.sqrt(len(q))
    free -= (free @ q) @ q.T
    solved = solve_triangular(r, q.T)
    return Chain(hidden, first, solved + generator.standard_normal((d, FREE_RANK)) @ free)
