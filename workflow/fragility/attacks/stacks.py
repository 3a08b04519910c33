"""Smallest perturbations of many ReLU networks at once, each at its own points."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from fragility.attacks.minimal import Goal, Smallest, smallest
from fragility.attacks.relu import REACH
from fragility.synthetic.networks import ReluNetwork
from fragility.synthetic.stacks import NetworkStack


class _Flat(torch.nn.Module):
    """A stack as one classifier on (N n, d): inputs in units, outputs divided by scales, (N,)."""

    def __init__(self, stack: NetworkStack, units: torch.Tensor, scales: torch.Tensor) -> None:
        super().__init__()
        self.stack, self.units, self.scales = stack, units[:, None, None], scales[:, None, None]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Outputs (N n, 2) at x (N n, d)."""
        inputs = x.reshape(len(self.units), -1, x.shape[1]) * self.units
        return (self.stack(inputs) / self.scales).reshape(-1, 2)


def smallest_of_stack(
    networks: Sequence[ReluNetwork],
    x: NDArray,
    labels: NDArray,
    *,
    units: NDArray,
    attacks: Sequence[str],
    steps: int,
    device: str = "cpu",
) -> Smallest:
    """The smallest perturbation found that flips each network at each of its points.

    As :func:`fragility.attacks.relu.smallest_perturbations`, for N networks of one shape.

    Args:
        networks: in float64; each correct at all of its points.
        x: points, (N, n, d).
        labels: -1 or +1, (n,), the same for all networks.
        units: lengths of the order of the perturbations, ||A_:,d||, (N,).
        attacks, steps: as in :func:`fragility.attacks.minimal.smallest`.
        device: "cpu" or "cuda".

    Returns:
        Perturbations (N, n, d), norms and attacks (N, n), in the units of the data.

    Raises:
        ValueError: as :func:`fragility.attacks.minimal.smallest`.
    """
    stack = NetworkStack(networks).to(device).requires_grad_(False)
    at = torch.from_numpy(x).to(device)
    lengths = torch.from_numpy(np.asarray(units, dtype=float)).to(device)
    scales = stack.difference(at).abs().mean(dim=1)
    model = _Flat(stack, lengths, scales).eval()
    inside = (at / lengths[:, None, None]).reshape(-1, x.shape[2])
    goal = Goal(torch.from_numpy(np.tile(labels < 0, len(x)).astype(np.int64)).to(device))
    reach = REACH * float(inside.abs().max())
    found = smallest(model, inside, goal, attacks=attacks, bounds=(-reach, reach), steps=steps)

    def shaped(array: NDArray) -> NDArray:
        return array.reshape(x.shape[:2]) * units[:, None]

    return Smallest(
        found.perturbation.reshape(x.shape) * units[:, None, None],
        shaped(found.norm),
        found.attack.reshape(x.shape[:2]),
        {name: shaped(norm) for name, norm in found.by_attack.items()},
    )
