"""Train multi-layer linear networks with any number of classes, many side by side (Theorem 5)."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray


def train(
    layers: Sequence[NDArray], x: NDArray, labels: NDArray, steps: int, learning_rate: float
) -> list[NDArray]:
    """Minimise the cross-entropy by full-batch Adam, with PyTorch's defaults and a learning rate.

    Adam treats each weight by itself, so the N networks do not affect one another.

    Args:
        layers: initial H_1, ..., H_l of N networks, each (N, outputs, inputs); not changed.
        x: each network's own points, (N, n, d).
        labels: the points' classes, (n,), the same for all networks.
        steps: Adam steps.
        learning_rate: Adam's.

    Returns:
        The trained layers (trained in float32) as float64, in the shapes given.
    """
    weights = [torch.tensor(np.asarray(h), dtype=torch.float32, requires_grad=True) for h in layers]
    points = torch.tensor(np.swapaxes(x, 1, 2), dtype=torch.float32)  # (N, d, n)
    classes = torch.tensor(np.broadcast_to(labels, (len(x), len(labels))).copy())
    optimiser = torch.optim.Adam(weights, lr=learning_rate)
    for _ in range(steps):
        outputs = points
        for weight in weights:
            outputs = weight @ outputs
        # the sum over networks of each one's mean loss: its gradient is each network's own
        loss = torch.nn.functional.cross_entropy(outputs, classes) * len(x)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return [weight.detach().numpy().astype(float) for weight in weights]
