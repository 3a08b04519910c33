"""Artificial ones out of sevens: the rule by which A_1 is made from I_7 (assumption M3)."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from fragility.images.digits import blocked, corner_masks

ONE, SEVEN = 1, 7


class Mask(NamedTuple):
    """The upper-left rectangle set to 0; NaN where no rectangle changes the class from 7 to 1."""

    rows: float
    columns: float


def smallest_masks(
    network: torch.nn.Module,
    images: NDArray,
    largest: tuple[int, int],
    chunk: int = 512,
) -> Iterator[Mask]:
    """For each seven the smallest upper-left rectangle that changes its class to 1, when blocked.

    The rectangles tried start at the upper left corner of the image and have up to ``largest`` rows
    and columns.  The smallest removes the smallest l2 norm, L: the first in the order of
    :func:`fragility.images.digits.corner_masks` whose image is classified as 1 is taken.

    Args:
        network: pixels in [0, 1], (n, 1, 28, 28), to logits; in evaluation mode.
        images: (n, 28, 28) uint8, background 0.
        largest: rows and columns of the largest rectangle.
        chunk: images in one pass.
    """
    for image in images:
        yield _smallest(network, image, corner_masks(image, *largest), chunk)


def _smallest(network: torch.nn.Module, image: NDArray, masks: NDArray, chunk: int) -> Mask:
    for start in range(0, len(masks), chunk):
        some = masks[start : start + chunk]
        candidates = np.stack([blocked(image, *mask) for mask in some])
        hits = np.flatnonzero(classify(network, candidates) == ONE)
        if len(hits):
            return Mask(*map(float, some[hits[0]]))
    return Mask(np.nan, np.nan)


@torch.no_grad()
def classify(network: torch.nn.Module, images: NDArray) -> NDArray:
    """The class of each image (n, 28, 28) uint8."""
    pixels = torch.from_numpy(images).to(torch.float32).div_(255)[:, None]
    return network(pixels).argmax(dim=1).numpy()
