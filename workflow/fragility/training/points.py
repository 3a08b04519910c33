"""Train many small networks at once on points of one's own, all points in each step.

The points need not be the corners of Theorem 6's hypercube.  The loss is the logistic one,
log(1 + exp(-y s)), of s = f_1 - f_2 and labels y = -1 or +1: cross-entropy over two labels.  Each
function yields the networks at the steps asked for.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from fragility.synthetic.networks import LinearNetwork, ReluNetwork
from fragility.training.linear_torch import Adam


@torch.no_grad()
def descend(x: NDArray, labels: NDArray, shown: Sequence[int]) -> Iterator[tuple[int, NDArray]]:
    """Softmax regression by gradient descent from 0: steps and rows v = W_1 - W_2, (N, d).

    The step size is 1/L, L the greatest eigenvalue of mean(x x^T)/4, for each network.

    Args:
        x: points, (N, n, d).
        labels: -1 or +1, (N, n).
        shown: steps at which the rows are yielded, in increasing order.
    """
    points, y = torch.from_numpy(x), torch.tensor(labels, dtype=torch.float64)
    moments = points.mT @ points / x.shape[1]
    rate = 4 / torch.linalg.eigvalsh(moments)[:, -1:]
    row = torch.zeros(len(x), x.shape[2], dtype=torch.float64)
    for step in range(1, shown[-1] + 1):
        row = row - rate * _slope(points, y, row)
        if step in shown:
            yield step, row.numpy()


@torch.no_grad()
def train_linear(
    networks: Sequence[LinearNetwork],
    x: NDArray,
    labels: NDArray,
    shown: Sequence[int],
    learning_rate: float,
) -> Iterator[tuple[int, NDArray]]:
    """Networks of two linear layers by Adam: steps and rows v = W_1 - W_2, (N, d).

    The gradients are those of :mod:`fragility.training.linear`, outer products with one vector.

    Args:
        networks: N networks with their initial weights, of one width.
        x: points, (N, n, d).
        labels: -1 or +1, (N, n).
        shown: steps at which the rows are yielded, in increasing order.
        learning_rate: Adam's.
    """
    points, y = torch.from_numpy(x), torch.tensor(labels, dtype=torch.float64)
    hidden = Adam(_stack([network.hidden for network in networks]))
    difference = Adam(_stack([network.output[0] - network.output[1] for network in networks]))
    for step in range(1, shown[-1] + 1):
        w = difference.value
        slope = _slope(points, y, torch.einsum("nw,nwd->nd", w, hidden.value))
        gradient = torch.einsum("nwd,nd->nw", hidden.value, slope)
        hidden.step(w[..., None] * slope[:, None, :], learning_rate, step)
        difference.step(gradient, 2 * learning_rate, step)
        if step in shown:
            yield step, torch.einsum("nw,nwd->nd", difference.value, hidden.value).numpy()


def _slope(x: torch.Tensor, y: torch.Tensor, row: torch.Tensor) -> torch.Tensor:
    """Gradient of the mean loss by the row (N, d), at points x (N, n, d) with labels y (N, n)."""
    s = (x @ row[..., None])[..., 0]
    return (x.mT @ (-y * torch.sigmoid(-y * s))[..., None])[..., 0] / x.shape[1]


def train_relu(
    networks: Sequence[ReluNetwork],
    x: NDArray,
    labels: NDArray,
    shown: Sequence[int],
    learning_rate: float,
    device: str = "cpu",
) -> Iterator[tuple[int, list[ReluNetwork]]]:
    """ReLU networks of one shape by Adam, in the dtype of their weights: steps and networks.

    Args:
        networks: N networks with their initial weights.
        x: points, (N, n, d).
        labels: -1 or +1, (N, n).
        shown: steps at which the networks are yielded, in increasing order.
        learning_rate: Adam's.
        device: "cpu" or "cuda".
    """
    dtype = networks[0].weights[0].dtype
    points = torch.from_numpy(x.astype(dtype)).to(device)
    y = torch.from_numpy(np.array(labels, dtype)).to(device)
    parameters = [
        torch.from_numpy(np.stack(arrays)).to(device).requires_grad_()
        for arrays in zip(*([*n.weights, *n.biases] for n in networks), strict=True)
    ]
    depth = len(parameters) // 2
    weights, biases = parameters[:depth], parameters[depth:]
    optimiser = torch.optim.Adam(parameters, lr=learning_rate, fused=True)
    for step in range(1, shown[-1] + 1):
        below = points
        for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
            below = torch.relu(torch.baddbmm(bias[:, None], below, weight.mT))
        outputs = torch.baddbmm(biases[-1][:, None], below, weights[-1].mT)
        s = outputs[..., 0] - outputs[..., 1]
        losses = torch.nn.functional.softplus(-y * s).mean(dim=1)
        optimiser.zero_grad()
        losses.sum().backward()
        optimiser.step()
        if step in shown:
            arrays = [p.detach().cpu().numpy().copy() for p in parameters]
            yield (
                step,
                [
                    ReluNetwork([w[i] for w in arrays[:depth]], [b[i] for b in arrays[depth:]])
                    for i in range(len(networks))
                ],
            )


def _stack(arrays: Sequence[NDArray]) -> torch.Tensor:
    return torch.from_numpy(np.stack(arrays)).to(torch.float64)
