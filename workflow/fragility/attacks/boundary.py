"""The distance from an input to the boundary g = 0 between two classes, as attacks find it.

Other modules ask for another class; here only g = f_i - f_j counts, and inputs have no bounds, so
that the distance is that of the two accounts' identities.  Each input is measured in its own unit
g/||grad g||, the distance if g were linear, and g in its own g(x).  Every attack then starts at
margin 1 and slope 1, and the norm that it finds is kappa = delta ||grad g(x)||/g(x).
"""

import math
from collections.abc import Callable, Sequence

import foolbox
import numpy as np
import torch
from numpy.typing import NDArray

from fragility.attacks.noise import fixed_noise

HALVINGS = 20  # of the ray to an attack's result: a precision of 1e-6 of the distance
LONGER = (1.001, 1.01)  # a step onto the boundary does not cross it; one a little longer may
REACH = 1e6  # foolbox wants bounds: far beyond every perturbation, in an input's own units

Difference = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]  # inputs, their rows -> g


class _OwnUnits(torch.nn.Module):
    """Two outputs whose difference is g(x + unit e)/g(x) at e (n, ...), all rows at once."""

    def __init__(self, g: Difference, x: torch.Tensor, unit: torch.Tensor, scale: torch.Tensor):
        super().__init__()
        self.g, self.x, self.scale = g, x, scale
        self.unit = unit.view(-1, *[1] * (x.dim() - 1))
        self.rows = torch.arange(len(x), device=x.device)
        self.eval()

    def forward(self, e: torch.Tensor) -> torch.Tensor:
        half = self.margin(e) / 2
        return torch.stack([half, -half], dim=1)

    def margin(self, e: torch.Tensor) -> torch.Tensor:
        return self.g(self.x + self.unit * e, self.rows) / self.scale


def kappas(
    g: Difference,
    x: torch.Tensor,
    values: NDArray,
    gradient_norms: NDArray,
    *,
    order: float,
    attacks: Sequence[str],
    steps: int,
) -> dict[str, NDArray]:
    """By attack delta ||grad g(x)||/g(x) at each x (n, ...), (n,); NaN where g keeps its sign.

    Each perturbation was evaluated: g is negative there.

    Args:
        g: takes inputs (n, ...) and their rows to values (n,); its parameters fixed.
        x: inputs, all with g > 0.
        values: g at x, (n,).
        gradient_norms: ||grad g(x)|| in the norm dual to that of ``order``, (n,), positive.
        order: of the norm of perturbations, 2 or infinity.
        attacks: names of :data:`ATTACKS`.
        steps: gradient steps of each.

    Raises:
        ValueError: an attack is unknown; g is not positive at some x.
    """
    unknown = [name for name in attacks if name not in ATTACKS]
    if unknown:
        raise ValueError(f"unknown attacks {unknown}; known: {', '.join(ATTACKS)}")
    if not (values > 0).all():
        raise ValueError(f"g is not positive at {np.flatnonzero(~(values > 0)).tolist()}")
    scale = torch.from_numpy(values).to(x)
    model = _OwnUnits(g, x, scale / torch.from_numpy(gradient_norms).to(x), scale)
    found = {name: ATTACKS[name](model, torch.zeros_like(x), order, steps) for name in attacks}
    return {name: _norms(_pulled_back(model, e), order).cpu().numpy() for name, e in found.items()}


def projection(model: _OwnUnits, start: torch.Tensor, order: float, steps: int) -> torch.Tensor:
    """Project 0 onto the boundary of the linearised g, again and again; (n, ...), NaN if none.

    The next e is the smallest with g(e) + grad g(e) . (e' - e) = 0.  A fixed point solves
    min ||e|| on g = 0 to first order; where g is linear it is exact.  Steps shrink as 5/k.  The
    shortest iterate that flips, slightly lengthened, is returned.
    """
    e, best = start, torch.full_like(start, torch.nan)
    shortest = torch.full((len(e),), torch.inf, dtype=e.dtype, device=e.device)
    for k in range(steps):
        at = e.detach().requires_grad_()
        margin = model.margin(at)
        (slope,) = torch.autograd.grad(margin.sum(), at)
        slope = slope.contiguous()
        way = slope if order == 2 else slope.sign()
        height = margin.detach() - _dot(slope, e)
        t = height / _dot(slope, way).clamp_min(torch.finfo(e.dtype).tiny)
        step, weight = -_times(t, way), min(1.0, 5 / (k + 1))
        e = (1 - weight) * e + weight * step
        for factor in LONGER:
            longer = factor * e
            norms = _norms(longer, order)
            better = _flips(model, longer) & (norms < shortest)
            shortest = torch.where(better, norms, shortest)
            best = torch.where(_like(better, e), longer, best)
    return best


def minimum_norm(model: _OwnUnits, start: torch.Tensor, order: float, steps: int) -> torch.Tensor:
    """Foolbox's attack for the norm: DDN (Rony et al. 2019), in linf FMN (Pintor et al. 2021).

    FMN's steps have a length in l2; the largest here moves each of d entries by about 1.
    """
    if order == 2:
        attack = foolbox.attacks.DDNAttack(steps=steps)
    else:
        attack = foolbox.attacks.LInfFMNAttack(
            steps=steps, max_stepsize=math.sqrt(start[0].numel())
        )
    wrapped = foolbox.PyTorchModel(model, (-REACH, REACH), device=start.device)
    labels = torch.zeros(len(start), dtype=torch.long, device=start.device)
    with fixed_noise(start.device):
        return attack.run(wrapped, start, foolbox.criteria.Misclassification(labels))


def _pulled_back(model: _OwnUnits, adversarial: torch.Tensor) -> torch.Tensor:
    """Bisect from 0 to each adversarial e; NaN where that one does not flip."""
    low = torch.zeros(len(adversarial), dtype=adversarial.dtype, device=adversarial.device)
    high = torch.where(_flips(model, adversarial), 1.0, torch.nan).to(low)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        flips = _flips(model, _times(middle.nan_to_num(), adversarial))
        low, high = torch.where(flips, low, middle), torch.where(flips, middle, high)
    return _times(high, adversarial)


@torch.no_grad()
def _flips(model: _OwnUnits, e: torch.Tensor) -> torch.Tensor:
    return model.margin(e) < 0  # not where it is NaN


def _norms(e: torch.Tensor, order: float) -> torch.Tensor:
    return torch.linalg.vector_norm(e.flatten(1), order, dim=1)


def _dot(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (a * b).flatten(1).sum(dim=1)


def _like(values: torch.Tensor, e: torch.Tensor) -> torch.Tensor:
    return values.view(-1, *[1] * (e.dim() - 1))


def _times(t: torch.Tensor, e: torch.Tensor) -> torch.Tensor:
    return _like(t, e) * e


ATTACKS = {"minimum_norm": minimum_norm, "projection": projection}
