"""l-infinity attacks of a given size, by foolbox's PGD: who flips, and how much the loss grows."""

from typing import NamedTuple

import foolbox
import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional


class Attacked(NamedTuple):
    """At each image: whether the prediction changed, and the loss after minus before; both (n,)."""

    flipped: NDArray
    increase: NDArray


def pgd(
    model: torch.nn.Module,
    x: torch.Tensor,
    labels: torch.Tensor,
    epsilon: float,
    *,
    steps: int,
    relative_step: float,
    bounds: tuple[float, float],
) -> torch.Tensor:
    """Images after projected gradient ascent on the loss in the l-infinity ball, no random start.

    Args:
        model: in evaluation mode, (n, ...) to logits.
        x: images (n, ...).
        labels: classes (n,) whose loss grows.
        epsilon: radius of the ball, in pixels.
        steps: of the gradient's sign.
        relative_step: length of a step over epsilon.
        bounds: least and largest value of a pixel.
    """
    attack = foolbox.attacks.LinfPGD(rel_stepsize=relative_step, steps=steps, random_start=False)
    fmodel = foolbox.PyTorchModel(model, bounds=bounds, device=x.device)
    return attack.run(fmodel, x, labels, epsilon=epsilon).detach()


@torch.no_grad()
def attacked(
    model: torch.nn.Module, x: torch.Tensor, moved: torch.Tensor, labels: torch.Tensor
) -> Attacked:
    """What ``moved`` images do to the predictions and the loss at ``x``."""
    before, after = model(x), model(moved)
    flipped = before.argmax(dim=1) != after.argmax(dim=1)
    gain = [functional.cross_entropy(f, labels, reduction="none") for f in (after, before)]
    return Attacked(*(np.asarray(each.cpu()) for each in (flipped, gain[0] - gain[1])))
