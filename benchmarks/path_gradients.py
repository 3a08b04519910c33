"""Gradients at eleven points from one image to another: in batches, and one after another.

One run, two threads, the digit network with random weights, 64 pairs of images.  The last line is
the ratio.
"""

import numpy as np
import torch
from plain_loop import seconds

from fragility.images.digit_training import new_network
from fragility.measures.gradient_path import follow

PAIRS, ALPHAS = 64, 11


def plain(network, x, target) -> np.ndarray:
    """The plain loop: one image, one alpha, one backward pass."""
    cosines = np.empty((PAIRS, ALPHAS))
    for i in range(PAIRS):
        for j, alpha in enumerate(np.linspace(0, 1, ALPHAS)):
            at = (x[i : i + 1] + float(alpha) * (target - x)[i : i + 1]).requires_grad_()
            outputs = network(at)
            (outputs[0, 7] - outputs[0, 1]).backward()
            step = (target - x)[i].flatten()
            slope = at.grad.flatten()
            cosines[i, j] = float(slope @ step / slope.norm() / step.norm())
    return cosines


def main() -> None:
    torch.set_num_threads(2)
    network = new_network(0, 0).eval().requires_grad_(False)
    noise = torch.Generator().manual_seed(0)
    x, target = torch.rand(2, PAIRS, 1, 28, 28, generator=noise)
    ours = follow(network, x, target, (7, 1), ALPHAS).cosines
    apart = np.abs(ours - plain(network, x, target)).max()
    slow = seconds(lambda: plain(network, x, target))
    fast = seconds(lambda: follow(network, x, target, (7, 1), ALPHAS))
    print(f"one by one: {slow / PAIRS * 1e3:.1f} ms a pair; batches: {fast / PAIRS * 1e3:.1f} ms; "
          f"cosines {apart:.1e} apart")  # fmt: skip
    print(f"ratio: {slow / fast:.1f}")


if __name__ == "__main__":
    main()
