"""Train the small digit network in ways that change how robust it becomes.

The loss of a batch is the mean cross-entropy l(x, y); Adam's steps are PyTorch's.  By kind, with s
for its strength:

- ``usual``: nothing else (s is 0);
- ``weight_decay``: s times each weight is added to its gradient;
- ``gradient_penalty``: s times the mean of ||grad_x l(x, y)||^2 is added to the loss;
- ``adversarial``: each x is replaced by the worst input that an attack finds within the l2 ball of
  radius s around it and within [0, 1] (Madry et al. 2018).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import foolbox
import numpy as np
import torch
from torch.nn import functional

from fragility.images.digit_training import pixels
from fragility.images.digits import Digits

BOUNDS = (0.0, 1.0)


class Kind(NamedTuple):
    """A way of training, and its strength (0 for the usual one)."""

    name: str
    strength: float

    def __str__(self) -> str:
        return f"{self.name}:{self.strength:g}"


@dataclass(frozen=True)
class RobustSettings:
    """How all kinds are trained; the names are those of config.yaml.

    Attributes:
        batch_size: images per step; the last batch of an epoch may be smaller.
        learning_rate: Adam's.
        epochs: passes over the images, in a new random order each.
        attack_steps: steps of the attack in adversarial training.
    """

    batch_size: int
    learning_rate: float
    epochs: int
    attack_steps: int


def kinds(strengths: dict[str, list[float]]) -> list[Kind]:
    """The usual way of training, then each other kind at each of its strengths.

    In an order of their own, since settings are compared without that of their names.

    Raises:
        ValueError: a kind is unknown.
    """
    unknown = set(strengths) - set(LOSSES)
    if unknown:
        raise ValueError(f"unknown kinds {sorted(unknown)}; known: {', '.join(LOSSES)}")
    others = [Kind(name, float(s)) for name in LOSSES for s in strengths.get(name, ())]
    return [Kind("usual", 0.0), *others]


def train(
    network: torch.nn.Module,
    x: torch.Tensor,
    labels: torch.Tensor,
    kind: Kind,
    settings: RobustSettings,
    orders: np.random.Generator,
    report: Callable[[int], None] = lambda step: None,
) -> None:
    """Train a network in place; ``report`` is called with the number of each step done, from 1.

    Args:
        network: pixels (n, 1, 28, 28) to logits, without layers that differ in training.
        x: images, (n, 1, 28, 28).
        labels: their classes, (n,) int64.
        kind: the way of training.
        settings: the rest.
        orders: random stream of the orders.
        report: told after each step.
    """
    loss = LOSSES[kind.name]
    decay = kind.strength if kind.name == "weight_decay" else 0.0
    optimiser = torch.optim.Adam(
        network.parameters(), lr=settings.learning_rate, weight_decay=decay, fused=True
    )
    step = 0
    for _ in range(settings.epochs):
        order = torch.from_numpy(orders.permutation(len(x))).to(x.device)
        for batch in order.split(settings.batch_size):
            value = loss(network, x[batch], labels[batch], kind.strength, settings)
            optimiser.zero_grad()
            value.backward()
            optimiser.step()
            step += 1
            report(step)


def _usual(network, x, labels, strength, settings) -> torch.Tensor:
    return functional.cross_entropy(network(x), labels)


def _penalised(network, x, labels, strength, settings) -> torch.Tensor:
    x = x.clone().requires_grad_()
    losses = functional.cross_entropy(network(x), labels, reduction="none")
    (slopes,) = torch.autograd.grad(losses.sum(), x, create_graph=True)
    return losses.mean() + strength * slopes.flatten(1).square().sum(dim=1).mean()


def _adversarial(network, x, labels, strength, settings) -> torch.Tensor:
    return functional.cross_entropy(network(worst(network, x, labels, strength, settings)), labels)


def worst(network, x, labels, radius: float, settings: RobustSettings) -> torch.Tensor:
    """Inputs (n, ...) of greatest loss that foolbox's l2 gradient ascent finds within a radius.

    It starts at x and takes ``attack_steps`` steps of 2.5 radius/steps.
    """
    attack = foolbox.attacks.L2ProjectedGradientDescentAttack(
        steps=settings.attack_steps, rel_stepsize=2.5 / settings.attack_steps, random_start=False
    )
    network.eval().requires_grad_(False)  # foolbox would compute the weights' gradients, too
    model = foolbox.PyTorchModel(network, BOUNDS, device=x.device)
    criterion = foolbox.criteria.Misclassification(labels)
    adversarial = attack.run(model, x, criterion, epsilon=radius)
    network.requires_grad_()
    return adversarial.detach()


LOSSES = {
    "usual": _usual,
    "weight_decay": _usual,
    "gradient_penalty": _penalised,
    "adversarial": _adversarial,
}


def as_tensors(some: Digits, device: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Pixels in [0, 1], (n, 1, 28, 28), and classes, (n,), on a device."""
    classes = torch.from_numpy(some.labels.astype(np.int64))
    return pixels(some.images).to(device), classes.to(device)


@torch.no_grad()
def accuracy(network: torch.nn.Module, x: torch.Tensor, labels: torch.Tensor) -> float:
    """Share of the images (n, 1, 28, 28) that the network classifies as labelled, (n,)."""
    right = [
        int((network(part).argmax(dim=1) == target).sum())
        for part, target in zip(x.split(2000), labels.split(2000), strict=True)
    ]
    return sum(right) / len(labels)
