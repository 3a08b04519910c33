"""Photos with ImageNet's labels: finding them, reading them as timm does."""

import importlib.util
import math
import re
import struct
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
