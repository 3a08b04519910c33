"""Which photos an experiment compares: classes or single photos, by the user's own words."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fragility.images import imagenet_classes, photos
from fragility.images.photos import Photo
from fragility.images.pretrained import Pretrained

PACKAGED = "packaged"  # foolbox's 20 photos, in place of a folder


def matching(folder: str, chosen: int | str) -> list[Photo]:
    """The photos of a class index, a synset or a file's name, sorted by name.

    Args:
        folder: "packaged", or a folder of photos by synset: n02102040/... or n02102040_....JPEG.
        chosen: 217, "n02102040" or "n02102040/n02102040_7.JPEG" (relative to the folder).

    Returns:
        Photos whose names are relative to the folder, so that no two have the same.

    Raises:
        ValueError: no such class or synset, no photo of it, or no such file.
    """
    chosen = int(chosen) if str(chosen).isdecimal() else chosen
    if isinstance(chosen, int) or imagenet_classes.is_synset(chosen):
        index = chosen if isinstance(chosen, int) else imagenet_classes.class_index(chosen)
        return _of_class(folder, index)
    same_class = _of_class(folder, _label(folder, chosen))
    named = [photo for photo in same_class if photo.name == chosen]
    if not named:
        raise ValueError(f"there is no photo {chosen} among {_words(folder)}")
    return named


def _of_class(folder: str, index: int) -> list[Photo]:
    synset = imagenet_classes.synset(index)
    if folder != PACKAGED:
        listed = photos.synset_photos(Path(folder).expanduser(), synset, index)
        root = Path(folder).expanduser()
        return [p._replace(name=p.path.relative_to(root).as_posix()) for p in listed]
    packaged = [photo for photo in photos.packaged_photos() if photo.label == index]
    if not packaged:
        raise ValueError(
            f"foolbox's 20 photos have none of class {index} ({imagenet_classes.name(index)}); "
            f"their classes: {', '.join(str(photo.label) for photo in photos.packaged_photos())}"
        )
    return packaged


def _label(folder: str, name: str) -> int:
    """The class named by a photo's name."""
    if folder == PACKAGED:
        for photo in photos.packaged_photos():
            if photo.name == name:
                return photo.label
    elif synset := re.match(r"n\d{8}", Path(name).name) or re.match(r"n\d{8}(?=/)", name):
        return imagenet_classes.class_index(synset[0])
    raise ValueError(
        f"{name} is no class index, no synset and no photo among {_words(folder)} whose name "
        f"contains its class"
    )


def _words(folder: str) -> str:
    return "foolbox's 20 photos" if folder == PACKAGED else f"those in {folder}"


def every(folder: str, chosen: Iterable[int | str]) -> list[Photo]:
    """All photos available: foolbox's 20, or those of the folder that were chosen; each once.

    Raises:
        ValueError: as for :func:`matching`.
    """
    if folder == PACKAGED:
        return photos.packaged_photos()
    matched = (photo for words in chosen for photo in matching(folder, words))
    return list({photo.name: photo for photo in matched}.values())


def digest(folder: str, chosen: Iterable[int | str]) -> str:
    """The SHA-256 of the names and sizes of those photos of a folder; empty for foolbox's 20.

    Raises:
        ValueError: as for :func:`matching`.
    """
    if folder == PACKAGED:
        return ""
    listed = sorted((photo.name, photo.path.stat().st_size) for photo in every(folder, chosen))
    return hashlib.sha256(repr(listed).encode()).hexdigest()


def located(folder: str, name: str) -> Path:
    """The path of the photo of that name."""
    if folder == PACKAGED:
        return next(photo.path for photo in photos.packaged_photos() if photo.name == name)
    return Path(folder).expanduser() / name


def pixels(folder: str, names: Iterable[str], model: Pretrained) -> NDArray:
    """Photos as the model takes them: float32 (n, 3, size, size) in [0, 1].

    Raises:
        ValueError: as :func:`.photos.read`.
    """
    images = [
        photos.read(located(folder, n), model.size, model.crop_fraction, model.interpolation)
        for n in names
    ]
    return np.stack(images)
