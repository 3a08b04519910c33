"""Lemma 3 by simulation: R of a product of Gaussian matrices, and products of drawn factors."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

CHUNK = 2**21  # entries of the widest layer drawn at once: 16 MiB


def decomposed(
    widths: Sequence[int], draws: int, generator: np.random.Generator, *, positive: bool = True
) -> tuple[NDArray, float]:
    """R of H_{l-1} ... H_1 = Q R by QR, drawn ``draws`` times, float64.

    Args:
        widths: n_1, ..., n_l; H_i has shape (n_{i+1}, n_i).
        draws: number of matrices R.
        generator: random stream.
        positive: change the signs so that R_jj >= 0; otherwise they are LAPACK's.

    Returns:
        R's first min(widths) rows, shape (draws, min(widths), n_1), and the largest entry of the
        rows below relative to the largest of R: it is 0 in exact arithmetic.

    Raises:
        ValueError: fewer than two widths, n_1 below 2, or a width below 1.
    """
    n = _checked(widths)
    rank, parts, rest = min(n), [], 0.0
    step = max(CHUNK // max(a * b for a, b in pairwise(n)), 1)
    for start in range(0, draws, step):
        h = np.eye(n[0])
        for rows, columns in zip(n[1:], n, strict=False):
            h = generator.standard_normal((min(step, draws - start), rows, columns)) @ h
        r = np.linalg.qr(h, mode="r")
        rest = max(rest, float(np.abs(r[:, rank:]).max(initial=0) / np.abs(r).max()))
        parts.append(r[:, :rank])
    r = np.concatenate(parts)
    return (r * _signs(r) if positive else r), rest


def factors(
    widths: Sequence[int], draws: int, generator: np.random.Generator, *, shift: int = 0
) -> list[NDArray]:
    """Independent triangular factors, drawn as the lemma says: shapes (draws, r_{i+1}, r_i).

    Args:
        widths: n_1, ..., n_l; a width below n_1 gives a trapezoidal factor.
        draws: number of each factor.
        generator: random stream.
        shift: added to every chi-square degree; 0 is the lemma, anything else is wrong.
    """
    n = _checked(widths)
    ranks = np.minimum.accumulate(n)
    drawn = []
    for i, width in enumerate(n[1:]):
        factor = np.triu(generator.standard_normal((draws, ranks[i + 1], ranks[i])), 1)
        j = np.arange(ranks[i + 1])
        factor[:, j, j] = np.sqrt(generator.chisquare(width - j + shift, (draws, len(j))))
        drawn.append(factor)
    return drawn


def product(parts: Sequence[NDArray]) -> NDArray:
    """R_{l-1} ... R_1 of factors R_1, ..., R_{l-1}, shapes (draws, r_{i+1}, r_i)."""
    result = parts[0]
    for part in parts[1:]:
        result = part @ result
    return result


def independent(r: NDArray, generator: np.random.Generator) -> NDArray:
    """R (draws, r_l, n_1) with each entry's draws in another order: its law without dependence."""
    return generator.permuted(r.reshape(len(r), -1), axis=0).reshape(r.shape)


def entries(r: NDArray) -> dict[str, NDArray]:
    """Each entry of R (draws, r_l, n_1) on or above the diagonal, (draws,), by name "R[j,k]"."""
    rows, columns = np.triu_indices(r.shape[1], m=r.shape[2])
    return {
        f"R[{j + 1},{k + 1}]": r[:, j, k]
        for j, k in zip(rows.tolist(), columns.tolist(), strict=True)
    }


def joint(r: NDArray) -> dict[str, NDArray]:
    """Statistics of the whole R (draws, r_l, n_1), (draws,) each; v is diagonal with ||v|| = 1."""
    v = np.full(r.shape[2], r.shape[2] ** -0.5)
    j = np.arange(r.shape[1])
    return {
        "ln ‖Rv‖²": np.log(((r @ v) ** 2).sum(axis=1)),
        "‖R‖²": (r**2).sum(axis=(1, 2)),
        "ln det R": np.log(np.abs(r[:, j, j])).sum(axis=1),
        "ln smallest singular value": np.log(np.linalg.svd(r, compute_uv=False)[:, -1]),
    }


def _signs(r: NDArray) -> NDArray:
    j = np.arange(r.shape[1])
    return np.where(r[:, j, j] < 0, -1.0, 1.0)[:, :, None]


def _checked(widths: Sequence[int]) -> list[int]:
    if len(widths) < 2 or min(widths) < 1 or widths[0] < 2:
        raise ValueError(f"a chain has two or more widths, n_1 >= 2, none below 1; got {widths}")
    return list(widths)
