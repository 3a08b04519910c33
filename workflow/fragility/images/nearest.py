"""The nearest of many images in the l2 norm: exact, in blocks of bounded memory."""

from collections.abc import Callable, Iterable
from itertools import islice

import numpy as np
from numpy.typing import NDArray

SLICE = 2048  # pixels summed in one float32 product; the sums of products are added in float64
PAIR = 48  # bytes of memory for each pair of a source and a target


def nearest(
    sources: Iterable[NDArray],
    targets: NDArray,
    block_bytes: int = 1 << 28,
    progress: Callable[[int], None] | None = None,
) -> NDArray:
    """For each source the index of the target nearest to it in the l2 norm, int64 (n,).

    Squared distances come from float32 matrix products over :data:`SLICE` pixels at a time, added
    up in float64.  Their rounding error has a known bound, so all targets that may still be the
    nearest are compared again, in float64.  Ties go to the lowest index.

    Args:
        sources: n arrays of one shape and dtype: a list, an iterator, one array, a memory map.
        targets: (m, ...), an array or a memory map.
        block_bytes: memory to work in; one source, two images in float64 and a few numbers for
            each target are always held.
        progress: called with the number of sources done, after each block of them.

    Raises:
        ValueError: there is no target; shapes or dtypes differ; a pixel is not finite.
    """
    if not len(targets):
        raise ValueError("there is no target to be near to")
    targets = np.asarray(targets)
    flat = targets.reshape(len(targets), -1)
    squares = np.zeros(len(flat))
    for k in range(0, flat.shape[1], SLICE):
        for i in range(0, len(flat), 16):
            squares[i : i + 16] += np.square(flat[i : i + 16, k : k + SLICE], dtype=float).sum(1)
    _check_size(squares, "target")
    indices: list[int] = []
    rows = iter(sources)
    while (block := _next_block(rows, targets.shape[1:], block_bytes // 2)) is not None:
        candidates = _candidates(block, flat, squares, block_bytes // 2)
        pairs = zip(block, candidates, strict=True)
        indices += [_nearest_of(row, flat, near) for row, near in pairs]
        if progress:
            progress(len(indices))
    return np.array(indices, dtype=np.int64)


def _next_block(rows, shape: tuple[int, ...], limit: int) -> NDArray | None:
    """As many of the next sources as fit into ``limit`` bytes, at least one; (b, pixels)."""
    first = next(rows, None)
    if first is None:
        return None
    if first.shape != shape:
        raise ValueError(f"a source has the shape {first.shape}, the targets have {shape}")
    # of small sources fewer than would fit, so that 256 targets fit as well
    block = np.empty((max(1, limit // (first.nbytes + 256 * PAIR)), first.size), first.dtype)
    block[0], filled = first.ravel(), 1
    for row in islice(rows, len(block) - 1):
        if (row.shape, row.dtype) != (shape, first.dtype):
            raise ValueError(
                f"sources differ: {shape} of {first.dtype} and {row.shape} of {row.dtype}"
            )
        block[filled] = row.ravel()
        filled += 1
    return block[:filled]


def _check_size(squares: NDArray, what: str) -> None:
    """Raise a ValueError if squared norms (n,) are too large for float32 products."""
    held = squares < 1e36  # not for nan
    if not held.all():
        raise ValueError(f"{what} {np.argmin(held)} has pixels that are not finite, or too large")


def _candidates(block: NDArray, flat: NDArray, squares: NDArray, limit: int) -> list[NDArray]:
    """For each source the targets that may be its nearest, in ascending order."""
    n, pixels = block.shape
    depth = min(pixels, SLICE)
    own = np.array([np.square(row, dtype=float).sum() for row in block])
    _check_size(own, "in its block, source")
    # a float32 product of k terms is off by k u |s| |t| at most, in any order (u = 2^-24); eight
    # more terms are for rounding other dtypes to float32; float64's own rounding is added
    single, double = (depth + 8) * 2.0**-24 * 1.01, pixels * 2.0**-51
    step = max(1, (limit - 8 * n * depth) // (PAIR * n + 8 * depth))
    smallest = np.full(n, np.inf)  # upper bound on the smallest squared distance minus |s|^2
    kept: list[tuple[NDArray, NDArray, NDArray]] = []
    for start in range(0, len(flat), step):
        part, square = flat[start : start + step], squares[start : start + step]
        products = np.zeros((n, len(part)))
        for k in range(0, pixels, SLICE):
            products += _single(block[:, k : k + SLICE]) @ _single(part[:, k : k + SLICE]).T
        error = np.outer(2 * single * np.sqrt(own), np.sqrt(square))
        error += double * (square + own[:, None])
        distances = np.subtract(square, 2 * products, out=products)
        smallest = np.minimum(smallest, (distances + error).min(1))
        lowest = np.subtract(distances, error, out=distances)
        source, target = np.nonzero(lowest <= smallest[:, None])
        kept.append((source, target + start, lowest[source, target]))
    source, target, lowest = (np.concatenate(column) for column in zip(*kept, strict=True))
    near = lowest <= smallest[source]
    order = np.argsort(source[near], kind="stable")  # targets stay in ascending order
    ends = np.searchsorted(source[near][order], np.arange(1, n))
    return np.split(target[near][order], ends)


def _single(values: NDArray) -> NDArray:
    """The values in float32, without a copy if they are float32 already."""
    return values.astype(np.float32, copy=False)


def _nearest_of(source: NDArray, flat: NDArray, candidates: NDArray) -> int:
    """The candidate nearest to the source, the first of several; compared in float64."""
    if len(candidates) == 1:
        return int(candidates[0])
    distances = [
        np.square(np.subtract(flat[i], source, dtype=float)).sum() for i in candidates.tolist()
    ]
    return int(candidates[np.argmin(distances)])
