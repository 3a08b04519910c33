"""The single-step attacks of section 6: one gradient, then the smallest step that succeeds."""

from collections.abc import Callable

import torch

from fragility.attacks.minimal import Goal

HALVINGS = 20  # of the grid's step


def sign_direction(gradient: torch.Tensor) -> torch.Tensor:
    """The fast gradient sign method's direction, (n, ...): entries +-1, 0 where the gradient is."""
    return gradient.sign()


def l2_direction(gradient: torch.Tensor) -> torch.Tensor:
    """Each gradient (n, ...) over its length, 0 where it is 0; no square over- or underflows."""
    shape = (-1, *[1] * (gradient.dim() - 1))
    tiny = torch.finfo(gradient.dtype).tiny
    scaled = gradient / gradient.flatten(1).abs().amax(dim=1).clamp_min(tiny).view(shape)
    return scaled / scaled.flatten(1).norm(dim=1).clamp_min(tiny).view(shape)


def scan(
    model: torch.nn.Module,
    x: torch.Tensor,
    goal: Goal,
    direction: Callable[[torch.Tensor], torch.Tensor],
    *,
    bounds: tuple[float, float],
    largest: float,
    grid: int,
) -> torch.Tensor:
    """One step along the loss's gradient at each input, of the smallest size that flips.

    The loss is the cross-entropy, of the target (descended) or of the label (climbed).  Sizes on a
    grid of ``grid`` steps up to ``largest`` are tried, then bisected; the input stays in bounds.

    Args:
        model: (n, ...) to outputs (n, classes); in evaluation mode.
        x: inputs (n, ...), none of them flipped.
        goal: what counts as flipped.
        direction: takes gradients (n, ...) to directions (n, ...).
        bounds: least and largest value that an entry may take.
        largest: the largest size of a step, in units of the direction.
        grid: number of sizes tried before bisection.

    Returns:
        Adversarial inputs that were evaluated and flip, (n, ...); NaN where no size flips.
    """
    shape = (-1, *[1] * (x.dim() - 1))
    _, gradient = outputs_and_gradient(model, x, goal)
    way = direction(gradient)

    def at(size: torch.Tensor) -> torch.Tensor:
        return (x + size.view(shape) * way).clamp(*bounds)

    @torch.no_grad()
    def flips(size: torch.Tensor) -> torch.Tensor:
        return goal.margin(model(at(size))) < 0

    low, high = torch.zeros(len(x)).to(x), torch.full((len(x),), torch.nan).to(x)
    for size in torch.linspace(0, largest, grid + 1)[1:].to(x):
        open_ = high.isnan()
        hit = flips(size.expand(len(x))) & open_
        high = torch.where(hit, size, high)
        low = torch.where(open_ & ~hit, size, low)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        hit = flips(middle.nan_to_num())
        low, high = torch.where(hit, low, middle), torch.where(hit, middle, high)
    return torch.where(high.isnan().view(shape), torch.nan, at(high.nan_to_num()))


def outputs_and_gradient(
    model: torch.nn.Module, x: torch.Tensor, goal: Goal
) -> tuple[torch.Tensor, torch.Tensor]:
    """Outputs (n, classes), and the loss's gradient up to a positive factor, the shape of ``x``.

    It points to where a flip becomes likelier.  With respect to the logits the cross-entropy has
    the gradient softmax - 1_class, which rounds to 0 where the network is confident.  Divided by
    1 - P(class) it is the softmax over the other classes minus 1_class, and never vanishes.
    """
    inputs = x.detach().requires_grad_()
    sign, classes = (1, goal.labels) if goal.targets is None else (-1, goal.targets)
    outputs = model(inputs)
    chosen = classes[:, None]
    others = outputs.detach().scatter(1, chosen, -torch.inf).softmax(dim=1)
    by_logits = others.scatter(1, chosen, -1.0)
    (gradient,) = torch.autograd.grad(sign * (by_logits * outputs).sum(), inputs)
    return outputs.detach(), gradient
