"""Theorem 1 by experiment: two-layer linear networks that satisfy condition (1), attacked."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

from fragility.synthetic.data import gaussian_matrix
from fragility.synthetic.geometry import qr, square

FREE_RANK = 4
STEP = 1e-6  # beyond and short of the boundary; margins are then far above float64's rounding
NORMAL = "normal"
# other laws of X's entries, of variance 1; the first two are positive, as pixels are
OTHERS = {
    "uniform": lambda stream, shape: stream.uniform(0, np.sqrt(12), shape),
    "exponential": lambda stream, shape: stream.standard_exponential(shape),
    "student": lambda stream, shape: stream.standard_t(3, shape) / np.sqrt(3),
}


class Network(NamedTuple):
    """f(x) = last (first x): first is H1, shape (m, d); last is H2, shape (d, m)."""

    first: NDArray
    last: NDArray

    def outputs(self, x: NDArray) -> NDArray:
        """f at one point (d,) or at the columns of (d, n): two layers, one after the other."""
        return self.last @ (self.first @ x)


def entries(law: str, d: int, generator: np.random.Generator) -> NDArray:
    """X, (d, d), with independent entries: standard normal, or by a law of ``OTHERS``."""
    return gaussian_matrix(d, generator) if law == NORMAL else OTHERS[law](generator, (d, d))


def network(matrix: NDArray, width: int, generator: np.random.Generator) -> Network:
    """A random first layer and a last layer solved for, H2 H1 X = I (condition (1)), in float64.

    With m > d condition (1) leaves H2 free on the complement of H1's range.  A random part (of
    low rank, which takes little time) is added there, so that no result depends on that choice.

    Args:
        matrix: X, (d, d), its columns the points.
        width: m, the number of hidden units.
        generator: random stream.

    Raises:
        ValueError: X is not square or smaller than 2 x 2; m is below d, where H2 H1 does not have
            the rank that condition (1) needs; X is singular to working precision.
    """
    d = len(square(matrix))
    if width < d:
        raise ValueError(f"condition (1) needs m >= d hidden units, got m = {width}, d = {d}")
    first = generator.standard_normal((width, d)) / np.sqrt(width)
    q, r = np.linalg.qr(first @ matrix)
    if np.abs(np.diag(r)).min() <= np.finfo(float).eps * np.abs(np.diag(r)).max():
        raise ValueError(f"matrix of shape {matrix.shape} is singular to working precision")
    free = generator.standard_normal((FREE_RANK, width)) / np.sqrt(width)
    free -= (free @ q) @ q.T
    return Network(
        first, solve_triangular(r, q.T) + generator.standard_normal((d, len(free))) @ free
    )


def paper_perturbation(matrix: NDArray) -> tuple[NDArray, NDArray]:
    """The proof's e = Q b at x_d, and -R_dd Q_:,d alone: vectors (d,), from X (d, d).

    Raises:
        ValueError: as :func:`fragility.synthetic.geometry.qr`.
    """
    q, r = qr(matrix)
    b = np.array([r[-2, -2] - r[-2, -1], -r[-1, -1]])
    return q[:, -2:] @ b, q[:, -1] * b[1]


def pair_distances(points: NDArray) -> NDArray:
    """Squared distances between the rows of ``points`` (n, d), shape (n, n)."""
    gram = points @ points.T
    return np.maximum(np.diag(gram)[:, None] + np.diag(gram) - 2 * gram, 0)


def trial(matrix: NDArray, net: Network) -> dict[str, float]:
    """All measures on one X (d, d) and one network, by the names of check.py's columns."""
    error = np.abs(net.outputs(matrix) - np.eye(len(matrix))).max()
    return (
        {"condition_error": error} | attack(matrix, net) | smallest(matrix, net) | optimal(matrix)
    )


def attack(matrix: NDArray, net: Network) -> dict[str, float]:
    """The paper's e at x_d, X (d, d): its norm, the error of the outputs, the decision."""
    e, last = paper_perturbation(matrix)
    f = net.outputs(matrix[:, -1] + e)
    return {
        "observed_perturbation": np.linalg.norm(e),
        "output_error": np.abs(f[-2:] - [1, 0]).max(),
        "flips": int(f.argmax() != len(f) - 1),
        "hits_target": int(f.argmax() == len(f) - 2),
        "last_direction_flips": int(net.outputs(matrix[:, -1] + last).argmax() != len(f) - 1),
    }


def smallest(matrix: NDArray, net: Network) -> dict[str, float]:
    """Smallest flipping perturbations by W = H2 H1, X (d, d); tried a little longer and shorter."""
    weights = net.last @ net.first
    squares = pair_distances(weights)
    rival = squares[-1].argmax()
    step = (weights[rival] - weights[-1]) / squares[-1, rival]
    beyond, short = (
        net.outputs(matrix[:, -1] + factor * step).argmax() != len(weights) - 1
        for factor in (1 + STEP, 1 - STEP)
    )
    return {
        "observed_smallest": 1 / np.sqrt(squares[-1, rival]),
        "observed_smallest_all": 1 / np.sqrt(squares.max()),
        "exact": int(beyond and not short),
    }


def optimal(matrix: NDArray) -> dict[str, float]:
    """Half the distance from x_d, X (d, d), to the nearest other point; the smallest distance."""
    squares = pair_distances(matrix.T)
    np.fill_diagonal(squares, np.inf)
    closest = np.sqrt(squares.min(axis=1))
    return {"observed_radius": closest[-1] / 2, "observed_distance": closest.min()}
