"""Images of other sizes: reduced by averaging pixels, enlarged by copying them."""

import torch
from numpy.typing import NDArray
from torch.nn import functional


def pixels(images: NDArray, side: int, copies: int) -> torch.Tensor:
    """Images (n, c, s, s) uint8 as float32 in [0, 1], reduced to ``side``, each pixel then copied.

    Reduced: a pixel is the mean of the s/side x s/side pixels in its place.  Copied: it becomes
    copies x copies equal pixels.  Shape (n, c, side copies, side copies).

    Raises:
        ValueError: ``side`` does not divide s.
    """
    if images.shape[-1] % side:
        raise ValueError(f"a side of {side} does not divide the images' side, {images.shape[-1]}")
    x = torch.from_numpy(images).to(torch.float32).div_(255)
    x = functional.avg_pool2d(x, images.shape[-1] // side)
    return x.repeat_interleave(copies, dim=2).repeat_interleave(copies, dim=3)
