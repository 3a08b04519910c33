"""Two accounts of fragility as identities of one distance, and each term's share of its variance.

For an input x, an input x' of another class, g the difference of the two logits with g(x) > 0 and
g(x) > g(x'), delta is the distance from x to the boundary g = 0.  Both identities are free of the
network's scale:

    size of gradients:    log delta = log a - log size + log kappa
    angle of gradients:   log delta = log L + log C + log change + log a + log kappa + quadrature

with the margin a = g(x)/(g(x) - g(x')), size = ||grad g(x)||/(g(x) - g(x')), L = ||x' - x||, the
change of the gradient's size on the way = S/||grad g(x)||, S the mean of ||grad g|| from x to x', C
the mean cosine of grad g with x - x' weighted by ||grad g||, and kappa = delta ||grad g(x)||/g(x),
which is 1 where g is linear.  The first holds by definition.  In the second S and C are integrals
along the way, computed by Simpson's rule; "quadrature" is the log of what they miss.  So
-log size = log L + log C + log change + quadrature.

Perturbations may be measured in any l_p norm: gradients then have the dual norm, and C is
grad g . (x - x') / (||grad g||_q ||x - x'||_p).
"""

from collections.abc import Callable, Sequence
from itertools import combinations
from math import comb, inf
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.integrate import simpson

NORMS = {"l2": 2.0, "linf": inf}
ANGLE_TERMS = ("length", "angle", "change", "margin", "curvature", "quadrature")
SIZE_TERMS = ("size", "margin", "curvature")
ROUNDING = 1e-6  # shares below are those of a term that only rounding, or an attack's, varies


class Way(NamedTuple):
    """What g = f_i - f_j does on the straight way from each input to its target.

    Attributes:
        values: g at k equally spaced points, (n, k).
        rise: grad g . (x - target) at them, (n, k).
        norms: ||grad g|| in the dual of each norm of :data:`NORMS`, (n, k).
        lengths: ||target - x|| in each norm, (n,).
    """

    values: NDArray
    rise: NDArray
    norms: dict[str, NDArray]
    lengths: dict[str, NDArray]

    def thinned(self, points: int) -> "Way":
        """The same way by fewer points, (k - 1)/(points - 1) of them skipped at a time.

        Raises:
            ValueError: that is no whole number.
        """
        step, rest = divmod(self.values.shape[1] - 1, points - 1)
        if rest:
            raise ValueError(f"{points} points are no part of {self.values.shape[1]}")
        norms = {name: norm[:, ::step] for name, norm in self.norms.items()}
        return Way(self.values[:, ::step], self.rise[:, ::step], norms, self.lengths)


def dual(order: float) -> float:
    """The order q of the norm dual to that of order p: 1/p + 1/q = 1."""
    return inf if order == 1 else 1.0 if order == inf else order / (order - 1)


def go(
    g: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    x: torch.Tensor,
    target: torch.Tensor,
    points: int,
    chunk: int = 256,
) -> Way:
    """Values and gradients of g at ``points`` points from each x to its target, in batches.

    Args:
        g: takes inputs (m, ...) and their rows among the n, ints (m,), to values (m,).
        x, target: inputs of one shape, (n, ...).
        points: k, odd and at least 3.
        chunk: points in one pass.
    """
    n, step = len(x), target - x
    alphas = torch.linspace(0, 1, points, dtype=x.dtype, device=x.device)
    back = -step.flatten(1).double()
    results = torch.empty(2 + len(NORMS), n * points, dtype=torch.float64, device=x.device)
    for part in torch.arange(n * points, device=x.device).split(chunk):
        rows = part // points
        weights = alphas[part % points].view(-1, *[1] * (x.dim() - 1))
        at = (x[rows] + weights * step[rows]).requires_grad_()
        values = g(at, rows)
        (slopes,) = torch.autograd.grad(values.sum(), at)
        slopes = slopes.flatten(1).double()
        results[0, part] = values.detach().double()
        results[1, part] = (slopes * back[rows]).sum(dim=1)
        for row, order in enumerate(NORMS.values(), start=2):
            results[row, part] = torch.linalg.vector_norm(slopes, dual(order), dim=1)
    values, rise, *norms = results.view(-1, n, points).cpu().numpy()
    lengths = {
        name: torch.linalg.vector_norm(back, order, dim=1).cpu().numpy()
        for name, order in NORMS.items()
    }
    return Way(values, rise, dict(zip(NORMS, norms, strict=True)), lengths)


def terms(way: Way, norm: str, kappa: NDArray) -> dict[str, NDArray]:
    """The logarithms of delta and of every term, (n,) each, by name.

    NaN where the identities do not apply: g(x) is not positive, g(x) is not above g(x'), or the
    quadrature gives no positive C.

    Args:
        way: from each input to its target.
        norm: "l2" or "linf".
        kappa: delta ||grad g(x)|| / g(x), (n,).

    Raises:
        ValueError: there are fewer than 3 points, or their number is even.
    """
    points = way.values.shape[1]
    if points < 3 or points % 2 == 0:
        raise ValueError(f"Simpson's rule needs an odd number of points from 3 on, got {points}")
    norms, length, g = way.norms[norm], way.lengths[norm], way.values[:, 0]
    fall = way.values[:, 0] - way.values[:, -1]
    step = 1 / (points - 1)
    size = simpson(norms, dx=step, axis=1)
    along = simpson(way.rise, dx=step, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {
            "size": np.log(norms[:, 0] / fall),
            "margin": np.log(g / fall),
            "curvature": np.log(kappa),
            "length": np.log(length),
            "angle": np.log(along / (size * length)),
            "change": np.log(size / norms[:, 0]),
            "quadrature": np.log(fall / along),
            "delta": np.log(kappa * g / norms[:, 0]),
        }
    applies = (g > 0) & (fall > 0) & (along > 0)
    return {name: np.where(applies, value, np.nan) for name, value in found.items()}


def shapley_shares(covariance: NDArray) -> NDArray:
    """Share of each of k terms in the variance of their sum, (..., k), from (..., k, k).

    It is cov(term, sum)/var(sum): Shapley's value of the game in which a set of terms is worth the
    variance of its sum, since what terms have in common is halved between them.  Shares add up to
    1; one is negative where a term moves against the sum.  NaN where the sum does not vary.
    """
    total = covariance.sum(axis=(-2, -1))
    varies = total > 1e-20 * np.trace(covariance, axis1=-2, axis2=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = covariance.sum(axis=-1) / total[..., None]
    shares = np.where(np.abs(shares) < ROUNDING, 0.0, shares)
    return np.where(varies[..., None], shares, np.nan)


def lmg_shares(covariance: NDArray) -> NDArray:
    """Share of R^2 of the regression of the sum on its k terms, (..., k) (Lindeman, Merenda, Gold).

    Shapley's value of the game in which a set of terms is worth the R^2 of the sum regressed on
    them.  Never negative; a term that hardly varies can have a large share if it follows the sum.
    """
    k = covariance.shape[-1]
    with_sum, total = covariance.sum(axis=-1), covariance.sum(axis=(-2, -1))
    # a ridge far below rounding's effect on shares keeps terms without variance out
    ridge = 1e-12 * np.trace(covariance, axis1=-2, axis2=-1)[..., None, None] + 1e-300
    covariance = covariance + ridge * np.eye(k)
    worth = {(): np.zeros(covariance.shape[:-2])}
    for some in (s for m in range(1, k + 1) for s in combinations(range(k), m)):
        c = with_sum[..., some]
        solved = np.linalg.solve(covariance[..., some, :][..., some], c[..., None])[..., 0]
        worth[some] = (c * solved).sum(axis=-1)
    shares = np.zeros(with_sum.shape)
    for some, value in worth.items():
        for i in set(range(k)) - set(some):
            more = worth[tuple(sorted((*some, i)))] - value
            shares[..., i] += more / (k * comb(k - 1, len(some)))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(total[..., None] > 0, shares / total[..., None], np.nan)


def covariance(rows: NDArray, weights: NDArray | None = None) -> NDArray:
    """Covariance of the columns of rows (n, k), (k, k); with weights (m, n) one each, (m, k, k)."""
    if weights is None:
        return covariance(rows, np.ones((1, len(rows))))[0]
    centred = rows - rows.mean(axis=0)
    outer = (centred[:, :, None] * centred[:, None, :]).reshape(len(rows), -1)
    total = weights.sum(axis=1)[:, None]
    means = weights @ centred / total
    k = rows.shape[1]
    return (weights @ outer / total).reshape(-1, k, k) - means[:, :, None] * means[:, None, :]


def stacked(found: dict[str, NDArray], names: Sequence[str]) -> NDArray:
    """The terms of an identity with their signs, (n, k), so that their sum is log delta."""
    signs = {"size": -1.0}
    return np.stack([signs.get(name, 1.0) * np.asarray(found[name]) for name in names], axis=1)
