"""Two-layer linear networks without biases, trained on all 2^d points by one of three optimisers.

The loss is the cross-entropy of two classes.  Of the output layer only the difference of its rows
matters: f_1 - f_2 = w . H x, with H (width, d) and w (width,).
"""

import numpy as np
import torch
from numpy.typing import NDArray

from fragility.synthetic.data import corners, label, points

OPTIMISERS = ("SGD", "Adam", "Adam with decay")
MOMENTUM = 0.9


def train(
    matrices: NDArray,
    hidden: NDArray,
    output: NDArray,
    optimiser: str,
    *,
    learning_rate: float,
    decay: float,
    steps: int,
) -> NDArray:
    """Train N networks side by side, in the dtype of their weights.

    SGD divides its learning rate by the mean squared norm of a network's points, without which it
    diverges; it has momentum 0.9.

    Args:
        matrices: A of each network, (N, d, d).
        hidden, output: initial H (N, width, d) and w (N, width).
        optimiser: one of :data:`OPTIMISERS`.
        learning_rate: of the optimiser.
        decay: rate of decoupled weight decay, for "Adam with decay".
        steps: full-batch steps.

    Returns:
        W_1 - W_2 = w H of each network in float64, (N, d).

    Raises:
        ValueError: the optimiser is unknown.
    """
    if optimiser not in OPTIMISERS:
        raise ValueError(f"unknown optimiser {optimiser!r}; known: {', '.join(OPTIMISERS)}")
    z = corners(matrices.shape[1])
    signed = np.stack([label(z)[:, None] * points(a, z) for a in matrices])
    size = np.sqrt((signed**2).sum(axis=2).mean(axis=1))[:, None, None]
    h, w = torch.from_numpy(hidden.copy()), torch.from_numpy(output[:, None].copy())
    x = torch.from_numpy(signed).to(h.dtype)
    weights = [h.requires_grad_(), w.requires_grad_()]
    if optimiser == "SGD":
        method = torch.optim.SGD(weights, lr=learning_rate, momentum=MOMENTUM)
        factor = torch.from_numpy(1 / size**2).to(h.dtype)
    else:
        shrinking = decay if optimiser == "Adam with decay" else 0.0
        method = torch.optim.AdamW(weights, lr=learning_rate, weight_decay=shrinking)
        factor = torch.ones(len(x), 1, 1, dtype=h.dtype)
    for _ in range(steps):
        method.zero_grad()
        margins = x @ (w @ h).mT
        (torch.nn.functional.softplus(-margins).mean(dim=1, keepdim=True) * factor).sum().backward()
        method.step()
    return (w.detach().double() @ h.detach().double())[:, 0].numpy()
