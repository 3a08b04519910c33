"""Lemma 3: R of H_{l-1} ... H_1 is distributed as a product of independent triangular factors.

A chain of widths n_1, ..., n_l means standard Gaussian H_i of shape (n_{i+1}, n_i).  R's diagonal
is taken positive: the factors' diagonals are square roots, so the lemma means that sign.

The lemma asks for n_{i+1} >= n_i.  Its proof needs only n_{i+1} >= n_1: H_{i+1} Q_i has n_1
columns, whatever n_i was.  Below n_1 the rank r_{i+1} = min(n_1, ..., n_{i+1}) shrinks, and the
same proof gives trapezoidal factors of shape (r_{i+1}, r_i); all functions here hold for any chain.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, polygamma


def regime(widths: Sequence[int]) -> str:
    """Which case a chain is: "grows" (the lemma's), "shrinks" (never below n_1), or "below n1"."""
    n = checked(widths)
    if n.min() < n[0]:
        return "below n1"
    return "shrinks" if (np.diff(n) < 0).any() else "grows"


def degrees(widths: Sequence[int]) -> list[NDArray]:
    """Chi-square degrees of each factor's squared diagonal: n_{i+1} - j + 1, j = 1 ... r_{i+1}.

    Returns:
        One array (r_{i+1},) per factor.

    Raises:
        ValueError: as :func:`checked`, here and in the functions below.
    """
    n = checked(widths)
    ranks = np.minimum.accumulate(n)
    return [k - np.arange(r) for k, r in zip(n[1:], ranks[1:], strict=True)]


def log_diagonal(widths: Sequence[int]) -> tuple[NDArray, NDArray]:
    """Mean and variance of ln R_jj, shapes (r_l,).

    The product's diagonal is the product of the diagonals, and ln chi-square with k degrees has
    mean psi(k / 2) + ln 2 and variance psi'(k / 2).
    """
    last = degrees(widths)[-1].size
    k = np.stack([one[:last] for one in degrees(widths)]) / 2
    return ((digamma(k) + np.log(2)) / 2).sum(axis=0), (polygamma(1, k) / 4).sum(axis=0)


def log_volume(widths: Sequence[int]) -> tuple[float, float]:
    """Mean and variance of the sum of ln R_jj, which are independent; ln det R for square R."""
    mean, variance = log_diagonal(widths)
    return float(mean.sum()), float(variance.sum())


def log_square(widths: Sequence[int]) -> tuple[float, float]:
    """Mean and variance of ln ||R v||^2 for a fixed unit vector v.

    ||R v|| = ||H v||, and each layer multiplies ||.||^2 by an independent chi-square with n_{i+1}
    degrees.  All entries of R are part of it, with the dependence between them.
    """
    k = checked(widths)[1:] / 2
    return float((digamma(k) + np.log(2)).sum()), float(polygamma(1, k).sum())


def second_moments(widths: Sequence[int]) -> NDArray:
    """E R_jk^2, shape (r_l, n_1): the product of the factors' second moments.

    Cross terms vanish, since each contains an entry above a diagonal, of mean zero, once.
    """
    ranks = np.minimum.accumulate(checked(widths))
    product = np.eye(ranks[0])
    for k, shape in zip(degrees(widths), zip(ranks[1:], ranks, strict=False), strict=True):
        factor = np.triu(np.ones(shape), 1)
        np.fill_diagonal(factor, k)
        product = factor @ product
    return product


def checked(widths: Sequence[int]) -> NDArray:
    """The widths as integers, (l,).

    Raises:
        ValueError: fewer than two widths, n_1 below 2, or a width below 1.
    """
    n = np.asarray(widths, dtype=int)
    if n.ndim != 1 or len(n) < 2:
        raise ValueError(f"a chain has at least two widths, got {widths}")
    if n[0] < 2:
        raise ValueError(f"the dimension n_1 must be at least 2, got {n[0]}")
    if n.min() < 1:
        raise ValueError(f"widths must be at least 1, got {widths}")
    return n
