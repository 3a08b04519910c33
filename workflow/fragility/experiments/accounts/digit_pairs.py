"""Digits and the nearest digits of another class, for any network of digits."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from fragility.experiments.accounts.measuring import Pairs
from fragility.images import digit_network, digits
from fragility.images.digit_training import pixels

# how a network is made from its weights; a new kind of network is one more entry
ARCHITECTURES: dict[str, Callable[[dict[str, NDArray]], torch.nn.Module]] = {
    "digit_network": digit_network.load,
}
TESTED = 2000  # test images on which a network's accuracy is told
MEANS = 10_000  # training images of the class means


class Chosen(NamedTuple):
    """Images (n, 28, 28) uint8, the nearest of another class, both labels, and class means.

    Attributes:
        x, target: images.
        first, second: their labels, (n,).
        means: mean image of each class in [0, 1], (10, 28, 28).
    """

    x: NDArray
    target: NDArray
    first: NDArray
    second: NDArray
    means: NDArray


def choose(folder: Path, images: int, pool: int) -> Chosen:
    """The first test images, each with the nearest (l2) training image of another class.

    Args:
        folder: of MNIST's four files.
        images: how many test images.
        pool: training images to choose from, from the first.
    """
    test, train = digits.read(folder, "t10k"), digits.read(folder, "train")
    x, first = test.images[:images], test.labels[:images].astype(int)
    several, labels = train.images[:pool], train.labels[:pool].astype(int)
    return nearest_of_another_class(x, first, several, labels)._replace(
        means=class_means(train.images[:MEANS], train.labels[:MEANS])
    )


def nearest_of_another_class(
    x: NDArray, first: NDArray, several: NDArray, labels: NDArray
) -> Chosen:
    """For each image x (n, ...) of label ``first`` the nearest of ``several`` of another label."""
    flat = (each.reshape(len(each), -1).astype(float) for each in (x, several))
    distances = cdist(*flat)
    distances[first[:, None] == labels[None]] = np.inf
    nearest = distances.argmin(axis=1)
    return Chosen(x, several[nearest], first, labels[nearest], np.empty(0))


def class_means(images: NDArray, labels: NDArray) -> NDArray:
    """Mean image of each class 0, 1, ..., in [0, 1], (classes, ...)."""
    return np.stack([images[labels == k].mean(axis=0) / 255 for k in range(labels.max() + 1)])


def tensors(chosen: Chosen, factor: int, device: str) -> tuple[Pairs, torch.Tensor, torch.Tensor]:
    """The pairs as float32 pixels (n, 1, 28 factor, 28 factor), and the labels of both.

    Args:
        chosen: images and labels.
        factor: each pixel is copied to a square of so many pixels a side.
        device: "cpu" or "cuda".
    """
    tilt = torch.from_numpy(chosen.means[chosen.first] - chosen.means[chosen.second])
    three = [pixels(chosen.x), pixels(chosen.target), tilt[:, None].float()]
    pairs = Pairs(*(copied(each, factor).to(device) for each in three))
    labels = (torch.from_numpy(each).to(device) for each in (chosen.first, chosen.second))
    return pairs, *labels


def copied(images: torch.Tensor, factor: int) -> torch.Tensor:
    """Images (n, 1, h, w) with each pixel copied to a square of ``factor`` pixels a side."""
    return images.repeat_interleave(factor, dim=2).repeat_interleave(factor, dim=3)


@torch.no_grad()
def accuracy(model: torch.nn.Module, folder: Path, factor: int, device: str) -> float:
    """Share of the first :data:`TESTED` test images that the network classifies correctly."""
    test = digits.read(folder, "t10k")
    right = 0
    for part in np.split(np.arange(TESTED), 10):
        outputs = model(copied(pixels(test.images[part]), factor).to(device))
        right += int((outputs.argmax(dim=1).cpu().numpy() == test.labels[part]).sum())
    return right / TESTED
