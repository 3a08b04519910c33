"""Training of image networks with a penalty on the input gradient or on attacked images.

With L the mean cross-entropy, g_i the gradient of image i's loss by its d pixels, q = 1 or 2, and p
its dual (infinity or 2), the strength lam is a size in l-infinity, and eps = lam d^(1 - 1/q) is the
size of an lp perturbation that looks alike:

- penalty: L + eps/2 mean_i ||g_i||_q;
- augmentation: (L(x) + L(x + e))/2 with one step e_i of lp norm eps along g_i;
- pgd: the same with e from projected gradient ascent in the l-infinity ball of radius lam.

The first two are equal up to terms of the order lam^2.
"""

from collections.abc import Callable
from dataclasses import dataclass

import foolbox
import numpy as np
import torch
from torch.nn import functional

METHODS = ("usual", "penalty_l1", "penalty_l2", "augmentation_l1", "augmentation_l2", "pgd")


@dataclass(frozen=True)
class TrainingSettings:
    """How a network is trained; names as in config.yaml.

    Attributes:
        epochs, batch_size, learning_rate, momentum: of stochastic gradient descent.
        halve_every: epochs after which the learning rate is halved, again and again.
        method: of METHODS.
        strength: lam, in pixels; not used by "usual".
        steps, relative_step: of PGD.
        bounds: least and largest value of a pixel that PGD moves.
    """

    epochs: int
    batch_size: int
    learning_rate: float
    momentum: float
    halve_every: int
    method: str
    strength: float
    steps: int
    relative_step: float
    bounds: tuple[float, float]


def losses(
    network: torch.nn.Module, x: torch.Tensor, labels: torch.Tensor, settings: TrainingSettings
) -> torch.Tensor:
    """The training loss, a scalar that can be differentiated by the weights, all of them trained.

    Args:
        network: (n, ...) to logits (n, classes).
        x: images (n, ...).
        labels: classes (n,).
        settings: the method and its strength.

    Raises:
        ValueError: the method is unknown.
    """
    kind, _, norm = settings.method.partition("_")
    if settings.method not in METHODS:
        raise ValueError(f"unknown method {settings.method!r}; known: {', '.join(METHODS)}")
    if kind == "usual":
        return functional.cross_entropy(network(x), labels)
    if kind == "pgd":
        moved = _pgd(network, x, labels, settings)
    else:
        at = x.detach().requires_grad_()
        loss = functional.cross_entropy(network(at), labels)
        # gradients of the mean loss are those of each image's over n
        (slopes,) = torch.autograd.grad(loss, at, create_graph=kind == "penalty")
        slopes = len(x) * slopes.flatten(1)
        size = settings.strength * (1 if norm == "l1" else slopes.shape[1] ** 0.5)
        if kind == "penalty":
            return loss + size / 2 * slopes.norm(p=int(norm[1]), dim=1).mean()
        step = slopes.sign() if norm == "l1" else functional.normalize(slopes, dim=1, eps=1e-30)
        moved = x + size * step.view_as(x)
    # the mean over both halves is half the sum of their means
    return functional.cross_entropy(network(torch.cat([x, moved])), labels.repeat(2))


def _pgd(network, x, labels, settings: TrainingSettings) -> torch.Tensor:
    was_training = network.training
    # the attack moves no running mean and adds nothing to the weights' gradients
    network.eval().requires_grad_(False)
    attack = foolbox.attacks.LinfPGD(
        rel_stepsize=settings.relative_step, steps=settings.steps, random_start=False
    )
    model = foolbox.PyTorchModel(network, bounds=settings.bounds, device=x.device)
    moved = attack.run(model, x, labels, epsilon=settings.strength).detach()
    network.train(was_training).requires_grad_(True)
    return moved


def first_order_gap(
    network: torch.nn.Module, x: torch.Tensor, labels: torch.Tensor, norm: str, strength: float
) -> float:
    """Mean over images of |augmented loss minus penalised loss|, at one strength.

    Args:
        network: float64, in evaluation mode.
        x: images (n, ...), float64.
        labels: classes (n,).
        norm: "l1" or "l2".
        strength: lam.
    """
    told = {
        kind: TrainingSettings(1, 1, 1, 0, 1, f"{kind}_{norm}", strength, 1, 1, (-np.inf, np.inf))
        for kind in ("penalty", "augmentation")
    }
    gaps = []
    for image, label in zip(x.split(1), labels.split(1), strict=True):
        found = [float(losses(network, image, label, each).detach()) for each in told.values()]
        gaps.append(abs(found[1] - found[0]))
    return float(np.mean(gaps))


def train(
    network: torch.nn.Module,
    x: torch.Tensor,
    labels: torch.Tensor,
    settings: TrainingSettings,
    stream: np.random.Generator,
    report: Callable[[], object] = lambda: None,
) -> torch.nn.Module:
    """Train in place by SGD, images in a new random order in each epoch.

    Args:
        network: with its initial weights, on the device of x.
        x: training images (n, ...).
        labels: classes (n,).
        settings: of the training.
        stream: of the orders.
        report: called after each epoch.

    Returns:
        The network, in evaluation mode.
    """
    network.train()
    optimiser = torch.optim.SGD(
        network.parameters(), lr=settings.learning_rate, momentum=settings.momentum
    )
    schedule = torch.optim.lr_scheduler.StepLR(optimiser, settings.halve_every, gamma=0.5)
    for _ in range(settings.epochs):
        order = torch.from_numpy(stream.permutation(len(x))).to(x.device)
        for batch in order.split(settings.batch_size):
            optimiser.zero_grad()
            losses(network, x[batch], labels[batch], settings).backward()
            optimiser.step()
        schedule.step()
        report()
    return network.eval()
