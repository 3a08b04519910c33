"""Training ReLU networks with interventions: against attacks, or with penalties.

Each network's loss is the mean over a batch of points x with labels y of

    l(y s(x + e)) + gradient m ||dl/dx|| + angle (1 - cos(grad s(x'), a))
                  + curvature (1 - cos(grad s(x), grad s(x''))),

with s = f_1 - f_2, a = A_:,d, m = ||a|| and l the cross-entropy log(1 + exp(-y s)), or
(y s - 1)^2 where equal margins are asked for.  e is the attack within radius m (Madry et al. 2018);
x' = x - 2 t y a, t uniform in [0, 1], lies between x and its partner of the other class; x'' lies
at a random place at distance m from x.  To first order in the radius an attack adds the gradient
penalty of that strength (Simon-Gabriel et al. 2019).  Weight decay is decoupled from Adam.  The
strengths rise linearly from 0 in the first third of the steps, the learning rate falls linearly
to 0 in the last third.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cosine_similarity, softplus

from fragility.synthetic.data import corners, label, points
from fragility.synthetic.networks import ReluNetwork
from fragility.synthetic.stacks import NetworkStack
from fragility.training.run import Run, Settings, epoch_order

STRIDE = 2.5  # the attack's steps are STRIDE / (number of steps) of its radius: it can turn back
TINY = 1e-12  # in the units of the data: a norm that nothing here resolves


@dataclass(frozen=True)
class Intervention:
    """What is changed in one network's training; all 0: usual training.

    Attributes:
        radius: of the attack, divided by ||A_:,d||.
        gradient: strength of the penalty on the l2 norm of the loss's gradient by the input, which
            is taken times ||A_:,d||; to first order the same as that radius.
        decay: weights and biases shrink by this rate times the learning rate in each step.
        angle: strength of the penalty on the angle of grad (f_1 - f_2) with A_:,d.
        curvature: strength of the penalty on the angle between gradients ||A_:,d|| apart.
        equal_margins: 1 for squared loss with the same margin at all points, 0 for cross-entropy.
    """

    radius: float = 0.0
    gradient: float = 0.0
    decay: float = 0.0
    angle: float = 0.0
    curvature: float = 0.0
    equal_margins: float = 0.0


def train(
    runs: Sequence[Run[ReluNetwork]],
    interventions: Sequence[Intervention],
    settings: Settings,
    attack_steps: int,
    device: str,
) -> list[ReluNetwork]:
    """Train each of ``runs`` (of one d, shape and dtype) with its intervention.

    Networks with the same parts of the loss are trained side by side; they do not affect one
    another.

    Args:
        runs: matrices, initial weights, random streams of orders and places.
        interventions: one for each run.
        settings: batch size, first learning rate of Adam, epochs.
        attack_steps: gradient steps of each attack.
        device: "cpu" or "cuda".

    Returns:
        The trained networks, in the order of ``runs``.
    """
    kinds: dict[tuple[bool, ...], list[int]] = {}
    for index, intervention in enumerate(interventions):
        kinds.setdefault(tuple(value > 0 for value in astuple(intervention)), []).append(index)
    trained: dict[int, ReluNetwork] = {}
    for chosen in kinds.values():
        networks = _together(
            [runs[i] for i in chosen],
            [interventions[i] for i in chosen],
            settings,
            attack_steps,
            device,
        )
        trained |= zip(chosen, networks, strict=True)
    return [trained[i] for i in range(len(runs))]


def attacked(
    stack: NetworkStack, x: torch.Tensor, y: torch.Tensor, radius: torch.Tensor, steps: int
) -> torch.Tensor:
    """Projected gradient ascent on each loss within a ball: e of the shape of x, ||e|| <= radius.

    Foolbox's ``L2PGD`` without a random start and with ``rel_stepsize = 2.5 / steps``.  The ascent
    direction of the loss is that of -y s, which does not vanish where the loss does.

    Args:
        stack: N networks.
        x: inputs, (N, n, d).
        y: labels -1 and +1, broadcast against (N, n).
        radius: of each network's ball, (N,).
        steps: gradient steps.
    """
    limit = radius[:, None, None]
    e = torch.zeros_like(x)
    for _ in range(steps):
        ascent = -y[..., None] * stack.slopes(x + e)
        e = e + limit * STRIDE / steps * _unit(ascent)
        e = e * (limit / e.norm(dim=2, keepdim=True).clamp_min(TINY)).clamp(max=1)
    return e


def _together(
    runs: Sequence[Run[ReluNetwork]],
    interventions: Sequence[Intervention],
    settings: Settings,
    attack_steps: int,
    device: str,
) -> list[ReluNetwork]:
    """Train networks whose losses have the same parts."""
    stack = NetworkStack([run.network for run in runs]).to(device)
    parameters = list(stack.parameters())
    optimiser = torch.optim.Adam(parameters, lr=settings.learning_rate, fused=True)
    loss = _Loss(stack, runs, interventions, attack_steps)
    n_points = 2 ** len(runs[0].matrix)
    batch_size = settings.batch_size or n_points
    n_steps = settings.epochs * -(-n_points // batch_size)
    for step, batch in enumerate(_batches(runs, settings.epochs, batch_size)):
        strength = min(1.0, 3 * (step + 1) / n_steps)
        rate = settings.learning_rate * min(1.0, 3 * (n_steps - step) / n_steps)
        optimiser.param_groups[0]["lr"] = rate
        optimiser.zero_grad()
        loss(batch, strength).backward()
        optimiser.step()
        loss.shrink(parameters, rate * strength)
    return stack.networks()


def _batches(runs: Sequence[Run], epochs: int, batch_size: int):
    """Indices of points (N, batch), each run's own, epoch after epoch."""
    for _ in range(epochs):
        orders = np.stack([epoch_order(run) for run in runs]).astype(np.int64)
        for start in range(0, orders.shape[1], batch_size):
            yield orders[:, start : start + batch_size]


class _Loss:
    """The sum of the networks' losses on a batch, for networks with the same parts."""

    def __init__(
        self,
        stack: NetworkStack,
        runs: Sequence[Run[ReluNetwork]],
        interventions: Sequence[Intervention],
        attack_steps: int,
    ) -> None:
        weight = stack.weights[0]
        self.stack, self.runs, self.attack_steps = stack, runs, attack_steps
        self.to = {"device": weight.device, "dtype": weight.dtype}
        z = corners(len(runs[0].matrix))
        self.x = self._tensor(np.stack([points(run.matrix, z) for run in runs]))
        self.labels = self._tensor(label(z))
        self.feature = self._tensor(np.stack([run.matrix[:, -1] for run in runs]))
        self.m = self.feature.norm(dim=1)
        strengths = self._tensor(np.array([astuple(each) for each in interventions]))
        self.radius, self.gradient, self.decay, self.angle, self.curvature, _ = strengths.T
        self.equal_margins = bool(interventions[0].equal_margins)

    def __call__(self, batch: NDArray, strength: float) -> torch.Tensor:
        """The loss on the points of these indices (N, batch), strengths times ``strength``."""
        indices = torch.from_numpy(batch).to(self.x.device)
        x = self.x[torch.arange(len(self.x), device=self.x.device)[:, None], indices]
        y = self.labels[indices]
        total = self._fit(x, y, strength)
        if self.angle.any():
            total = total + strength * self.angle * self._off_feature(x, y)
        if self.curvature.any():
            total = total + strength * self.curvature * self._bend(x)
        return total.sum()

    def shrink(self, parameters: list[torch.Tensor], rate: float) -> None:
        """Weight decay, in place."""
        if self.decay.any():
            factor = (1 - rate * self.decay)[:, None, None]
            with torch.no_grad():
                for parameter in parameters:
                    parameter.mul_(factor)

    def _fit(self, x: torch.Tensor, y: torch.Tensor, strength: float) -> torch.Tensor:
        """Mean loss (N,) at the attacked points, with the penalty on its gradient."""
        if self.radius.any():
            x = x + attacked(self.stack, x, y, strength * self.radius * self.m, self.attack_steps)
        penalised = bool(self.gradient.any())
        x = x.detach().requires_grad_(penalised)
        margin = y * self.stack.difference(x)
        losses = (margin - 1) ** 2 if self.equal_margins else softplus(-margin)
        mean = losses.mean(dim=1)
        if not penalised:
            return mean
        (slope,) = torch.autograd.grad(losses.sum(), x, create_graph=True)
        # not differentiable at 0, where the loss's gradient vanishes
        norms = (slope.square().sum(dim=2) + TINY).sqrt()
        return mean + strength * self.gradient * self.m * norms.mean(dim=1)

    def _off_feature(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Mean (N,) of 1 - cos(grad s, a) at random places between the points' classes."""
        t = self._tensor(np.stack([run.orders.random(x.shape[1]) for run in self.runs]))
        between = x - (2 * t * y)[..., None] * self.feature[:, None]
        slopes = self.stack.slopes(between, differentiable=True)
        return 1 - cosine_similarity(slopes, self.feature[:, None], dim=2).mean(dim=1)

    def _bend(self, x: torch.Tensor) -> torch.Tensor:
        """Mean (N,) of 1 - cos(grad s(x), grad s(x'')), x'' at distance m in a random direction."""
        drawn = [run.orders.standard_normal(x.shape[1:]) for run in self.runs]
        away = self.m[:, None, None] * _unit(self._tensor(np.stack(drawn)))
        here = self.stack.slopes(x, differentiable=True)
        there = self.stack.slopes(x + away, differentiable=True)
        return 1 - cosine_similarity(here, there, dim=2).mean(dim=1)

    def _tensor(self, array: NDArray) -> torch.Tensor:
        return torch.from_numpy(array).to(**self.to)


def _unit(vectors: torch.Tensor) -> torch.Tensor:
    """Each vector (..., d) divided by its norm; a zero vector stays."""
    return vectors / vectors.norm(dim=-1, keepdim=True).clamp_min(TINY)
