"""Image sets that torchvision reads."""

import inspect
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torchvision
from numpy.typing import NDArray
from torchvision.transforms import v2

# names of a set's two parts where it has an argument "split"; the first that it accepts counts
PARTS = {True: ("train", "train"), False: ("test", "val")}


class ImageSet(NamedTuple):
    """Images (n, channels, side, side) uint8 and labels (n,) int64, in the set's order."""

    images: NDArray
    labels: NDArray


class _Fetched(torchvision.datasets.MNIST):
    """MNIST, whose four files lie in the root itself, where the MNIST experiment keeps them."""

    @property
    def raw_folder(self) -> str:
        return str(self.root)


def read(
    name: str,
    folder: Path,
    train: bool,
    count: int,
    *,
    fetched: bool = False,
    download: bool = False,
) -> ImageSet:
    """The first ``count`` images of a part of a set, or all where it has fewer.

    An image that is not square is scaled to its shorter side and cut at the centre.

    Args:
        name: of the class in torchvision.datasets; "ImageFolder" has folders train and test.
        folder: the root in which torchvision looks.
        train: the training part, else the test part.
        count: how many images.
        fetched: the folder holds MNIST's four files themselves.
        download: whether torchvision may fetch the set.

    Raises:
        ValueError: the set is not there or its images differ in size; the message names the key.
    """
    try:
        opened = _open(name, Path(folder).expanduser(), train, fetched, download)
    except (RuntimeError, OSError, ValueError) as error:
        raise ValueError(
            f"dimension.dataset: torchvision finds no {name} in {folder} "
            f"({' '.join(str(error).split())}).  Correct dimension.folder, or set "
            f"dimension.download to true"
        ) from error
    # sets may be sorted by class, so an equal step through the set and not its beginning
    step = max(1, len(opened) // count) if name == "ImageFolder" else 1
    pairs = [opened[i * step] for i in range(min(count, len(opened)))]
    shapes = {tuple(image.shape) for image, _ in pairs}
    if len(shapes) != 1:
        raise ValueError(
            f"dimension.dataset: the images of {name} in {folder} have {len(shapes)} sizes, as "
            f"{sorted(shapes)[:3]}; they must have one"
        )
    images = np.stack([image.numpy() for image, _ in pairs])
    return ImageSet(images, np.array([label for _, label in pairs], dtype=np.int64))


def _open(name: str, root: Path, train: bool, fetched: bool, download: bool):
    told = {"transform": v2.Compose([v2.PILToTensor(), _square])}
    if fetched:
        return _Fetched(root, train=train, **told)
    kind = getattr(torchvision.datasets, name)
    known = inspect.signature(kind.__init__).parameters
    if download and "download" in known:
        told["download"] = True
    if name == "ImageFolder":
        return kind(root / PARTS[train][0] if train else root / "test", **told)
    if "train" in known:
        return kind(root, train=train, **told)
    for part in PARTS[train]:
        try:
            return kind(root, split=part, **told)
        except ValueError as error:  # this set calls its parts otherwise
            last = error
    raise last


def _square(image: torch.Tensor) -> torch.Tensor:
    height, width = image.shape[-2:]
    return image if height == width else v2.functional.center_crop(image, [min(height, width)] * 2)
