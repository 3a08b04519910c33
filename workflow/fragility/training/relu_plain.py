"""Train one ReLU network by the plain loop: Adam, cross-entropy, mini-batches in random order."""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from fragility.synthetic.networks import ReluNetwork
from fragility.training.run import Settings

CHUNK = 4096  # points whose accuracy is taken at once


class Trained(NamedTuple):
    """A trained network, its share of points classified correctly, and the epochs it took."""

    network: ReluNetwork
    accuracy: float
    epochs: int


def train(
    network: ReluNetwork,
    x: NDArray,
    labels: NDArray,
    settings: Settings,
    orders: np.random.Generator,
) -> Trained:
    """Train until all points are classified correctly, for ``settings.epochs`` epochs at most.

    The accuracy is taken at the end of each epoch.

    Args:
        network: initial weights; their dtype is the dtype of training.
        x: points, (n, d).
        labels: -1 or +1, (n,).
        settings: batch size (None: all points), learning rate of Adam, largest number of epochs.
        orders: draws each epoch's order of the points.
    """
    parameters = [
        torch.from_numpy(array.copy()).requires_grad_()
        for pair in zip(network.weights, network.biases, strict=True)
        for array in pair
    ]
    points = torch.from_numpy(x).to(parameters[0].dtype)
    targets = torch.from_numpy((labels == -1).astype(np.int64))  # output 0 scores the label +1
    optimiser = torch.optim.Adam(parameters, lr=settings.learning_rate)
    epochs, accuracy = 0, 0.0
    while epochs < settings.epochs and accuracy < 1:
        order = torch.from_numpy(orders.permutation(len(x)))
        for batch in order.split(settings.batch_size or len(x)):
            optimiser.zero_grad()
            outputs = _outputs(parameters, points[batch])
            torch.nn.functional.cross_entropy(outputs, targets[batch]).backward()
            optimiser.step()
        accuracy = _accuracy(parameters, points, targets)
        epochs += 1
    arrays = [parameter.detach().numpy() for parameter in parameters]
    return Trained(ReluNetwork(arrays[::2], arrays[1::2]), accuracy, epochs)


def _outputs(parameters: list[torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """Outputs (n, 2) at x (n, d); ``parameters`` alternate between weights and biases."""
    for weight, bias in zip(parameters[:-2:2], parameters[1:-2:2], strict=True):
        x = torch.relu(torch.nn.functional.linear(x, weight, bias))
    return torch.nn.functional.linear(x, *parameters[-2:])


@torch.no_grad()
def _accuracy(parameters: list[torch.Tensor], x: torch.Tensor, targets: torch.Tensor) -> float:
    """Share of the points x (n, d) classified correctly; in parts, to hold less than gigabytes."""
    right = [
        (_outputs(parameters, part).argmax(dim=1) == target).sum()
        for part, target in zip(x.split(CHUNK), targets.split(CHUNK), strict=True)
    ]
    return int(sum(right)) / len(x)
