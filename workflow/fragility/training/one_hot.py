"""Train networks without biases that tell d points of d classes apart, many side by side.

A network is x -> H_l s(... s(H_1 x)), s the identity or the ReLU.  The loss is the mean over the
points of the cross-entropy, or of half the squared distance from the one-hot output (condition (1)
of Theorem 1), plus decay / 2 times the sum of the squared weights.  Its gradients are written out:
with u_k the pre-activations, delta_l = softmax(f) - I or f - I, divided by the number of points,

    dL/dH_k = delta_k s(u_{k-1})^T + decay H_k,   delta_{k-1} = (H_k^T delta_k) s'(u_{k-1}).
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

LOSSES = ("cross-entropy", "squared")


class Stack(NamedTuple):
    """N networks of one shape to be trained, each on its own points.

    Attributes:
        layers: initial H_1, ..., H_l, each (N, outputs, inputs); not changed.
        points: each network's X, its points as columns, (N, d, n); point i has class i.
        squared: whether a network's loss is the squared one, (N,) bool; else the cross-entropy.
        decay: weight decay, (N,).
        relu: whether there is a ReLU between the layers.
    """

    layers: Sequence[NDArray]
    points: NDArray
    squared: NDArray
    decay: NDArray
    relu: bool


@torch.no_grad()
def train(
    stack: Stack, checkpoints: Sequence[int], learning_rate: float, device: str = "cpu"
) -> Iterator[tuple[int, list[NDArray]]]:
    """Full-batch Adam in float32 with PyTorch's defaults; yields (step, layers) at the checkpoints.

    Adam treats each weight by itself, so the networks do not affect one another.

    Args:
        stack: the networks.
        checkpoints: numbers of steps, ascending; 0 is the initial network.
        learning_rate: Adam's.
        device: "cpu" or "cuda".
    """

    def tensor(array) -> torch.Tensor:
        return torch.tensor(np.asarray(array), dtype=torch.float32, device=device)

    weights = [tensor(layer) for layer in stack.layers]
    points, decay = tensor(stack.points), tensor(stack.decay)[:, None, None]
    squared = tensor(stack.squared)[:, None, None] > 0
    wanted = torch.eye(points.shape[2], device=device)
    optimiser = torch.optim.Adam(weights, lr=learning_rate, fused=True)
    for weight in weights:
        weight.grad = torch.empty_like(weight)
    done = 0
    for step in checkpoints:
        for _ in range(step - done):
            _gradients(weights, points, wanted, squared, decay, stack.relu)
            optimiser.step()
        done = step
        yield step, [weight.cpu().numpy().astype(float) for weight in weights]


def _gradients(weights, points, wanted, squared, decay, relu: bool) -> None:
    """Write each weight's gradient."""
    below = [points]
    for weight in weights[:-1]:
        u = torch.bmm(weight, below[-1])
        below.append(u.relu_() if relu else u)
    outputs = torch.bmm(weights[-1], below[-1])
    delta = torch.where(squared, outputs, outputs.softmax(dim=1)).sub_(wanted).div_(len(wanted))
    for k in range(len(weights) - 1, -1, -1):
        torch.baddbmm(decay * weights[k], delta, below[k].mT, out=weights[k].grad)
        if k:
            delta = torch.bmm(weights[k].mT, delta)
            if relu:
                delta *= below[k] > 0
