"""The smallest l2 perturbation that gradient-based attacks find, on any torch classifier.

An attack is a function ``(model, x, goal, bounds, steps) -> adversarial inputs``, run on all
inputs (n, ...) at once; where it fails it may return any values.  :func:`smallest` runs several,
pulls each result back along its ray to the boundary, evaluates the network there, and keeps the
smallest that flips, with the name of the attack that found it.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import foolbox
import numpy as np
import torch
from numpy.typing import NDArray

from fragility.attacks.noise import fixed_noise

HALVINGS = 30  # of the ray from an input to an attack's result, unless another number is given
NEWTON = 50  # Newton's steps at most onto a linearised boundary; a few are enough
LONGER = (1.001, 1.01)  # a step onto the boundary does not flip; one a little longer may


class Goal(NamedTuple):
    """What counts as flipped: another class than ``labels``, or ``targets`` where given; (n,)."""

    labels: torch.Tensor
    targets: torch.Tensor | None = None

    def margin(self, outputs: torch.Tensor) -> torch.Tensor:
        """How far each output (n, classes) is from flipping, (n,): flipped is below 0.

        Untargeted: f_label minus the largest other output; targeted: the largest other output
        minus f_target.  A tie is no flip.
        """
        goal = self.labels if self.targets is None else self.targets
        chosen = outputs.gather(1, goal[:, None])[:, 0]
        others = outputs.scatter(1, goal[:, None], -torch.inf).amax(dim=1)
        return chosen - others if self.targets is None else others - chosen


class Smallest(NamedTuple):
    """For each input: the smallest perturbation found, its l2 norm, and which attack found it.

    Where no attack succeeds the perturbation and the norm are NaN, and the attack is "none".

    Attributes:
        perturbation: the shape of the inputs, (n, ...).
        norm: its l2 norm, (n,), in the units of the inputs.
        attack: the attack's name, (n,) of str.
        by_attack: each attack's own norms, (n,), NaN where it fails.
    """

    perturbation: NDArray
    norm: NDArray
    attack: NDArray
    by_attack: dict[str, NDArray]


Attack = Callable[[torch.nn.Module, torch.Tensor, Goal, tuple[float, float], int], torch.Tensor]


def smallest(
    model: torch.nn.Module,
    x: torch.Tensor,
    goal: Goal,
    *,
    attacks: Sequence[str],
    bounds: tuple[float, float],
    steps: int,
    unit: float = 1.0,
    halvings: int = HALVINGS,
) -> Smallest:
    """For each input (n, ...) the smallest perturbation that flips it, of the attacks named.

    Args:
        model: takes (n, ...) to outputs (n, classes); in evaluation mode.
        x: inputs (n, ...), each of them not flipped yet.
        goal: what counts as flipped.
        attacks: names of :data:`ATTACKS`.
        bounds: least and largest value that an entry of an input may take.
        steps: gradient steps of each attack.
        unit: a power of 2 of the order of the norms: attacks work on inputs divided by it, since
            DDN's first radius is 1.
        halvings: of the ray to an attack's result; the norm is precise to 2^-halvings of it.

    Raises:
        ValueError: the unit is no power of 2; the model is in training mode (dropout would make it
            another network at each call); an attack is unknown; an input is flipped or out of
            bounds before any attack.
    """
    if not (unit > 0 and math.frexp(unit)[0] == 0.5):
        raise ValueError(f"the unit must be a power of 2, so that nothing is rounded; got {unit}")
    if any(module.training for module in model.modules()):
        raise ValueError("the model is in training mode; call model.eval() first")
    unknown = [name for name in attacks if name not in ATTACKS]
    if unknown:
        raise ValueError(f"unknown attacks {unknown}; known: {', '.join(ATTACKS)}")
    if x.min() < bounds[0] or x.max() > bounds[1]:
        raise ValueError(f"the inputs leave the bounds {bounds}")
    flipped = ~(_margin(model, x, goal) > 0)
    if flipped.any():
        raise ValueError(f"inputs {flipped.nonzero()[:, 0].tolist()} are flipped without an attack")
    scaled, limits = _Scaled(model, unit), (bounds[0] / unit, bounds[1] / unit)
    adversarial = {
        name: _pulled_back(
            model, x, unit * ATTACKS[name](scaled, x / unit, goal, limits, steps), goal, halvings
        )
        for name in attacks
    }
    norms = {name: _norms(flipping - x) for name, flipping in adversarial.items()}
    table = torch.stack(list(norms.values()))
    shortest = torch.where(table.isnan(), torch.inf, table).argmin(dim=0)
    rows = torch.arange(len(x), device=x.device)
    best = torch.stack(list(adversarial.values()))[shortest, rows] - x
    names = np.array([*attacks, "none"])
    failed = table.isnan().all(dim=0)
    return Smallest(
        best.cpu().numpy(),
        table[shortest, rows].cpu().numpy(),
        names[torch.where(failed, len(attacks), shortest).cpu().numpy()],
        {name: norm.cpu().numpy() for name, norm in norms.items()},
    )


def attack_unit(norms: NDArray) -> float:
    """The unit for :func:`smallest`: the power of 2 nearest to the median of the norms expected.

    Norms (n,) that are not positive and finite (a gradient may vanish) do not count; the unit is 1
    if none does.
    """
    known = norms[np.isfinite(norms) & (norms > 0)]
    return 2.0 ** round(float(np.log2(np.median(known)))) if len(known) else 1.0


class _Scaled(torch.nn.Module):
    """A model whose inputs are divided by ``unit``; always in evaluation mode."""

    def __init__(self, model: torch.nn.Module, unit: float) -> None:
        super().__init__()
        self.model, self.unit = model, unit
        self.eval()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.model(x * self.unit)


@torch.no_grad()
def _margin(model: torch.nn.Module, x: torch.Tensor, goal: Goal) -> torch.Tensor:
    return goal.margin(model(x))


def _norms(perturbations: torch.Tensor) -> torch.Tensor:
    return perturbations.flatten(1).norm(dim=1)


def _pulled_back(
    model: torch.nn.Module, x: torch.Tensor, adversarial: torch.Tensor, goal: Goal, halvings: int
) -> torch.Tensor:
    """Bisect from each input to its adversarial one; NaN where that one does not flip.

    The points returned were evaluated: they flip.
    """
    ray = adversarial.detach() - x
    shape = (-1, *[1] * (x.dim() - 1))
    low = torch.zeros(len(x), dtype=x.dtype, device=x.device)
    high = torch.where(_margin(model, x + ray, goal) < 0, 1.0, torch.nan).to(low)
    for _ in range(halvings):
        middle = (low + high) / 2
        flips = _margin(model, x + middle.nan_to_num().view(shape) * ray, goal) < 0
        low, high = torch.where(flips, low, middle), torch.where(flips, middle, high)
    return x + high.view(shape) * ray


def _foolbox(attack: foolbox.attacks.base.MinimizationAttack) -> Callable:
    """One of foolbox's attacks as a function of model, inputs, goal and bounds."""

    def run(model, x, goal, bounds):
        criterion = (
            foolbox.criteria.Misclassification(goal.labels)
            if goal.targets is None
            else foolbox.criteria.TargetedMisclassification(goal.targets)
        )
        wrapped = foolbox.PyTorchModel(model, bounds, device=x.device)
        with fixed_noise(x.device):
            return attack.run(wrapped, x, criterion)

    return run


def ddn(model, x, goal, bounds, steps) -> torch.Tensor:
    """Decoupled direction and norm (Rony et al. 2019), by foolbox; inputs (n, ...) to (n, ...).

    Its first radius and its steps are 1 in the units of the inputs: the unit should be of the order
    of the perturbation.
    """
    return _foolbox(foolbox.attacks.DDNAttack(steps=steps))(model, x, goal, bounds)


def carlini_wagner(model, x, goal, bounds, steps) -> torch.Tensor:
    """Carlini and Wagner's l2 attack (2017), by foolbox; inputs (n, ...) to (n, ...).

    Its Adam steps are 0.003 in the units of the inputs, and it searches for its constant in six
    steps; foolbox's own defaults give perturbations 10 % longer.
    """
    attack = foolbox.attacks.L2CarliniWagnerAttack(
        binary_search_steps=6, steps=3 * steps, stepsize=0.003, initial_const=1.0
    )
    return _foolbox(attack)(model, x, goal, bounds)


def projection(model, x, goal, bounds, steps) -> torch.Tensor:
    """Project each input (n, ...) onto the boundary of the linearised network, again and again.

    With g the margin at x + e, the next e is the smallest within the bounds that puts the
    linearisation there on the boundary (:func:`_onto_plane`).  A fixed point solves min ||e|| on
    g(x + e) = 0 to first order; where the network is linear it is exact.  Steps shrink as 5/k, so
    that the iteration does not swing between two linear pieces without end.  Inputs without a flip
    after half of the steps continue from x + e instead.  The shortest iterate that flips, slightly
    lengthened, is returned, (n, ...); NaN where none flips.
    """
    shape = (-1, *[1] * (x.dim() - 1))
    e, best = torch.zeros_like(x), torch.full_like(x, torch.nan)
    shortest = torch.full((len(x),), torch.inf, dtype=x.dtype, device=x.device)
    for k in range(steps):
        at = (x + e).requires_grad_()
        margin = goal.margin(model(at))
        (slope,) = torch.autograd.grad(margin.sum(), at)
        slope = slope.contiguous()  # as x is; a network may return it in another memory order
        margin = margin.detach()
        weight = min(1.0, 5 / (k + 1))
        step = _onto_plane(x, slope, margin - _dot(slope, e), bounds)
        if k < steps // 2:
            e = (1 - weight) * e + weight * step
        else:
            lost = shortest.isinf().view(shape)
            walk = _onto_plane(x + e, slope, 1.02 * margin, bounds)
            e = torch.where(lost, e + walk, (1 - weight) * e + weight * step)
        for factor in LONGER:
            longer = (x + factor * e).clamp(*bounds)
            norms = _norms(longer - x)
            better = (_margin(model, longer, goal) < 0) & (norms < shortest)
            shortest = torch.where(better, norms, shortest)
            best = torch.where(better.view(shape), longer, best)
    return best


def _onto_plane(
    x: torch.Tensor, slope: torch.Tensor, height: torch.Tensor, bounds: tuple[float, float]
) -> torch.Tensor:
    """The smallest e with slope . e = -height and x + e within the bounds, shape of x.

    It is clamp(x - t slope) - x for the t that reaches the plane; where no t does, the e that comes
    nearest to it.  The distance still missing is concave and piecewise linear in t, so Newton's
    steps never overshoot, and they end.
    """
    tiny = torch.finfo(x.dtype).tiny
    t = height / _dot(slope, slope).clamp_min(tiny)
    for _ in range(NEWTON):
        e = _step(x, t, slope, bounds)
        missing = height + _dot(slope, e)
        free = (x + e > bounds[0]) & (x + e < bounds[1])
        weight = _dot(slope * free, slope)
        short = (missing.abs() > 1e-6 * height.abs()) & (weight > 0)
        if not short.any():
            return e
        t = torch.where(short, t + missing / weight.clamp_min(tiny), t)
    return _step(x, t, slope, bounds)


def _step(
    x: torch.Tensor, t: torch.Tensor, slope: torch.Tensor, bounds: tuple[float, float]
) -> torch.Tensor:
    """The step from x against the slope, t (n,) times it, cut off at the bounds."""
    return (x - t.view(-1, *[1] * (x.dim() - 1)) * slope).clamp(*bounds) - x


def _dot(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Inner product of each pair, (n,)."""
    return (a * b).flatten(1).sum(dim=1)


ATTACKS: dict[str, Attack] = {
    "ddn": ddn,
    "carlini_wagner": carlini_wagner,
    "projection": projection,
}
