"""Photos with ImageNet's labels: finding them, reading them as timm does, the nearest of many."""

import importlib.util
import math
import re
import struct
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

EXTENSIONS = (".jpg", ".jpeg", ".png")
INTERPOLATIONS = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "box": Image.Resampling.BOX,
    "hamming": Image.Resampling.HAMMING,
    "lanczos": Image.Resampling.LANCZOS,
}
GREY = 1 / 255  # one grey level of 8 bits, for pixels in [0, 1]
SLICE = 2048  # pixels summed in one float32 product; the sums of products are added in float64
PAIR = 48  # bytes of memory for each pair of a source and a target


class Photo(NamedTuple):
    """A photo's file name, its class (ImageNet's index, 0 to 999) and its path."""

    name: str
    label: int
    path: Path


def packaged_photos() -> list[Photo]:
    """The 20 photos that come with foolbox, in the order of their numbers.

    Raises:
        ValueError: foolbox is not installed, or not with its 20 photos.
    """
    package = importlib.util.find_spec("foolbox")  # which does not import it
    folder = Path(package.origin).parent / "data" if package else Path("foolbox/data")
    names = [re.fullmatch(r"imagenet_\d\d_(\d+)\.jpg", path.name) for path in _listed(folder)]
    photos = [Photo(match[0], int(match[1]), folder / match[0]) for match in names if match]
    if len(photos) != 20:
        raise ValueError(
            f"foolbox's 20 photos are not in {folder}; install it with: make environment"
        )
    return photos


def synset_photos(folder: Path | str, synset: str, label: int) -> list[Photo]:
    """The photos of one synset, by name: those of its subfolder, or else those that start with it.

    Args:
        folder: holds n02102040/... or n02102040_1.JPEG, ...
        synset: WordNet's number, such as n02102040.
        label: the class index that belongs to it.

    Raises:
        ValueError: no photo of that synset is there; the message names both.
    """
    folder = Path(folder)
    paths = _listed(folder / synset) or [
        path for path in _listed(folder) if re.match(rf"{re.escape(synset)}(?![0-9])", path.name)
    ]
    if not paths:
        raise ValueError(
            f"no photos of {synset} in {folder}: there is neither a folder {folder / synset} with "
            f"{', '.join(EXTENSIONS)} files in it nor a file there whose name starts with {synset}"
        )
    return [Photo(path.name, label, path) for path in paths]


def _listed(folder: Path) -> list[Path]:
    """The images right inside a folder, hidden ones left out, by name; none if it is not there."""
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in EXTENSIONS and path.name[0] != "." and path.is_file()
    )


def read(path: Path | str, size: int, crop_fraction: float, interpolation: str) -> NDArray:
    """A photo's pixels as timm prepares them for evaluation: float32 (3, size, size) in [0, 1].

    Its shorter side is resized to size / crop_fraction, rounded down; then comes the central crop.
    EXIF orientation is not applied and colour profiles are not read: timm and torchvision do
    neither.  Transparent pixels are put on white, and greys of 16 bits are scaled to 8.

    Args:
        path: the photo.
        size: height and width of the result.
        crop_fraction: share of the resized photo's shorter side that is kept, in (0, 1].
        interpolation: one of :data:`INTERPOLATIONS`.

    Raises:
        ValueError: the file is missing, cut short, no image, or of pixels that have no colour
            (the message names it); the fraction or the interpolation is out of range.
    """
    if not 0 < crop_fraction <= 1:
        raise ValueError(f"the crop fraction must be in (0, 1], got {crop_fraction}")
    if interpolation not in INTERPOLATIONS:
        raise ValueError(
            f"the interpolation must be one of {', '.join(INTERPOLATIONS)}, got {interpolation!r}"
        )
    try:
        with Image.open(path) as file:
            image = _coloured(file)
    except (OSError, SyntaxError, ValueError, struct.error, Image.DecompressionBombError) as error:
        raise ValueError(f"{path} is no readable image ({error})") from error
    shorter, side = min(image.size), math.floor(size / crop_fraction)
    if shorter != side:
        width, height = (side * length // shorter for length in image.size)
        image = image.resize((width, height), INTERPOLATIONS[interpolation])
    left, top = (round((length - size) / 2) for length in image.size)
    cropped = image.crop((left, top, left + size, top + size))
    return np.ascontiguousarray(np.asarray(cropped, np.float32).transpose(2, 0, 1)) / np.float32(
        255
    )


def _coloured(image: Image.Image) -> Image.Image:
    """The image in 8-bit RGB."""
    if image.mode.startswith("I;16"):  # Pillow's own conversion depends on its version
        grey = np.asarray(image, np.float64) / 257
        image = Image.fromarray(np.rint(grey).astype(np.uint8))
    if image.mode in ("I", "F"):
        raise ValueError(f"mode {image.mode}: the range of its pixels is not known")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")


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
