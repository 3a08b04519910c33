"""Input gradients of the loss: all images of a chunk in one backward pass, and one by one.

One run, one thread, digits' size.  The last line is the ratio.
"""

import numpy as np
import torch
from plain_loop import seconds
from torch.nn import functional

from fragility.images.sized_networks import Shape, convolutional, initialise
from fragility.measures.input_gradients import input_gradients

IMAGES, SIDE = 200, 28


def plain(network, x, labels) -> np.ndarray:
    """The plain loop: one image, one backward pass; l1 norms."""
    norms = np.empty(len(x))
    for k in range(len(x)):
        at = x[k : k + 1].clone().requires_grad_()
        functional.cross_entropy(network(at), labels[k : k + 1]).backward()
        norms[k] = float(at.grad.abs().sum())
    return norms


def main() -> None:
    torch.set_num_threads(1)
    stream = np.random.default_rng(1)
    network = initialise(convolutional(Shape("strided", 8, 7), 1, SIDE, 10), stream)
    network.eval().requires_grad_(False)
    x = torch.from_numpy(stream.random((IMAGES, 1, SIDE, SIDE), dtype=np.float32))
    labels = torch.from_numpy(stream.integers(10, size=IMAGES))
    ours = input_gradients(network, x, labels).l1
    assert np.allclose(ours, plain(network, x, labels), rtol=1e-4)  # float32
    fast = seconds(lambda: input_gradients(network, x, labels))
    slow = seconds(lambda: plain(network, x, labels))
    print(
        f"one by one {1e3 * slow / IMAGES:.2f} ms, in batches {1e3 * fast / IMAGES:.2f} ms an image"
    )
    print(f"ratio: {slow / fast:.1f}")


if __name__ == "__main__":
    main()
