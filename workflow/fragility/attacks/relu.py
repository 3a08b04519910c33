"""Smallest perturbations of a ReLU network at points of Theorem 6's data (section 6, Table 4)."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from fragility.attacks.minimal import Goal, Smallest, smallest
from fragility.synthetic.networks import ReluNetwork, margins, relu_module

REACH = 4  # largest size of an entry, divided by that of the points: in effect no limit


class InUnits(torch.nn.Module):
    """The network on inputs divided by ``unit``, its outputs divided by ``scale``: same decisions.

    The attacks step by fixed lengths, and their losses go flat where margins are large.
    """

    def __init__(self, network: torch.nn.Module, unit: float, scale: float) -> None:
        super().__init__()
        self.network, self.unit, self.scale = network, unit, scale

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Outputs (n, 2) at x (n, d)."""
        return self.network(x * self.unit) / self.scale


def smallest_perturbations(
    network: ReluNetwork,
    x: NDArray,
    labels: NDArray,
    *,
    unit: float,
    attacks: Sequence[str],
    steps: int,
    device: str = "cpu",
) -> Smallest:
    """The smallest perturbation found that flips each point (n, d); in the units of the data.

    Args:
        network: in float64, so that the boundary is resolved; correct at all the points.
        x: points, (n, d).
        labels: -1 or +1, (n,).
        unit: a length of the order of the perturbations, ||A_:,d||.
        attacks, steps: as in :func:`fragility.attacks.minimal.smallest`.
        device: "cpu" or "cuda".

    Raises:
        ValueError: as :func:`fragility.attacks.minimal.smallest`.
    """
    scale = float(np.abs(margins(network, x, labels)).mean())
    model = InUnits(relu_module(network), unit, scale).to(device).eval().requires_grad_(False)
    goal = Goal(torch.from_numpy((labels < 0).astype(np.int64)).to(device))
    inside = torch.from_numpy(x / unit).to(device)
    reach = REACH * float(inside.abs().max())
    scaled = smallest(model, inside, goal, attacks=attacks, bounds=(-reach, reach), steps=steps)
    by_attack = {name: norm * unit for name, norm in scaled.by_attack.items()}
    return Smallest(scaled.perturbation * unit, scaled.norm * unit, scaled.attack, by_attack)


class SideBySide(torch.nn.Module):
    """N ReLU networks without biases, of one shape, each on its own inputs.

    Args:
        weights: H_1, ..., H_l, each (N, outputs, inputs).
    """

    def __init__(self, weights: Sequence[torch.Tensor]) -> None:
        super().__init__()
        self.weights = weights

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Outputs (N n, classes) at x (N n, d); each n inputs in a row are one network's."""
        below = x.view(len(self.weights[0]), -1, x.shape[1]).mT
        for weight in self.weights[:-1]:
            below = (weight @ below).relu()
        return (self.weights[-1] @ below).mT.reshape(len(x), -1)


def smallest_perturbations_together(
    weights: Sequence[NDArray],
    x: NDArray,
    *,
    unit: float,
    attacks: Sequence[str],
    steps: int,
    device: str = "cpu",
) -> NDArray:
    """Norms of the smallest perturbations found that change the decisions of N networks, (N, n).

    Args:
        weights: of networks without biases, as in :class:`SideBySide`.
        x: each network's own points, (N, n, d).
        unit: a length of the order of the perturbations.
        attacks, steps: as in :func:`fragility.attacks.minimal.smallest`.
        device: "cpu" or "cuda".
    """
    points = torch.from_numpy(x.reshape(-1, x.shape[-1]) / unit).to(device)
    tensors = [torch.from_numpy(weight).to(device) for weight in weights]
    best, second = SideBySide(tensors)(points).topk(2, dim=1).values.T
    scale = (best - second).view(len(x), -1).mean(dim=1)[:, None, None]
    model = SideBySide([*tensors[:-1], tensors[-1] / scale]).eval()
    reach = REACH * float(points.abs().max())
    goal = Goal(model(points).argmax(dim=1))
    found = smallest(model, points, goal, attacks=attacks, bounds=(-reach, reach), steps=steps)
    return found.norm.reshape(x.shape[:2]) * unit
