"""MNIST's 70,000 digits: the four files, checked by checksum, and the blocking of a stroke."""

import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# SHA-256 of the original files, uncompressed; a file from any source is accepted if these agree
CHECKSUMS = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
SIDE = 28


class Digits(NamedTuple):
    """Images (n, 28, 28) uint8 and labels (n,) uint8, in the files' order."""

    images: NDArray
    labels: NDArray


def is_intact(name: str, content: bytes) -> bool:
    """Whether ``content`` is the file ``name`` of MNIST, by its SHA-256."""
    return hashlib.sha256(content).hexdigest() == CHECKSUMS[name]


def read(folder: Path | str, part: str) -> Digits:
    """The 60,000 training digits ("train") or the 10,000 test digits ("t10k").

    Raises:
        ValueError: a file is missing or is not MNIST's; the message names it and the remedy.
    """
    return Digits(
        _read(Path(folder) / f"{part}-images-idx3-ubyte").reshape(-1, SIDE, SIDE),
        _read(Path(folder) / f"{part}-labels-idx1-ubyte"),
    )


def _read(path: Path) -> NDArray:
    """The entries of an IDX file behind its header: 4 bytes, and 4 for each dimension."""
    if not path.is_file():
        raise ValueError(f"{path} is missing; fetch it with: snakemake --forcerun mnist_fetch")
    content = path.read_bytes()
    if not is_intact(path.name, content):
        raise ValueError(
            f"{path} is not MNIST's file (its SHA-256 differs); delete it and fetch it again with: "
            f"snakemake --forcerun mnist_fetch"
        )
    return np.frombuffer(content, np.uint8, offset=4 + 4 * content[3]).copy()


def blocked(image: NDArray, rows: int, columns: int) -> NDArray:
    """The image (28, 28) with its first ``rows`` x ``columns`` pixels, upper left, set to 0."""
    changed = image.copy()
    changed[:rows, :columns] = 0
    return changed


def corner_masks(image: NDArray, rows: int, columns: int) -> NDArray:
    """The upper-left rectangles that block different pixels: rows and columns, shape (k, 2).

    Of all rectangles of at most ``rows`` x ``columns`` that block the same nonzero pixels only the
    smallest is listed; one that blocks no such pixel is not.  They are ordered by the l2 norm of
    the blocked pixels, ties by area, then by height.

    Args:
        image: (28, 28), background 0.
        rows, columns: largest rectangle.
    """
    removed = np.cumsum(np.cumsum(np.square(image[:rows, :columns], dtype=float), axis=0), axis=1)
    ink = np.cumsum(np.cumsum(image[:rows, :columns] > 0, axis=0), axis=1)
    r, c = np.indices(removed.shape) + 1
    same_above = np.zeros_like(ink, dtype=bool)
    same_above[1:] |= ink[1:] == ink[:-1]
    same_above[:, 1:] |= ink[:, 1:] == ink[:, :-1]
    keep = (ink > 0) & ~same_above
    order = np.lexsort((r[keep], (r * c)[keep], removed[keep]))
    return np.column_stack([r[keep], c[keep]])[order]
