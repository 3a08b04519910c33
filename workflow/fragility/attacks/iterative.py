"""The iterative attack towards a class (Kurakin et al. 2017), aimed at a given one."""

from collections.abc import Callable
from typing import NamedTuple

import torch

from fragility.attacks.minimal import Goal
from fragility.attacks.scans import outputs_and_gradient, sign_direction


class Iterated(NamedTuple):
    """Each input after the first step that flips it.

    Attributes:
        adversarial: the flipped inputs, (n, ...); NaN where no step flips.
        steps: the number of steps taken, (n,) int64; -1 where none flips.
    """

    adversarial: torch.Tensor
    steps: torch.Tensor


def iterate(
    model: torch.nn.Module,
    x: torch.Tensor,
    goal: Goal,
    *,
    step: float,
    bounds: tuple[float, float],
    steps: int,
    progress: Callable[[int], None] | None = None,
) -> Iterated:
    """Take steps of the gradient's sign until each input is classified as the goal wants.

    x moves by +-``step`` in each entry, down the target's cross-entropy (or up the label's), and is
    clipped to the bounds: the "least-likely class" attack, with the class given.  The result is
    not pulled back to the boundary, so the perturbation's length is about step sqrt(entries) for
    each step taken: it depends on the step as much as on the network.

    Args:
        model: (n, ...) to outputs (n, classes); in evaluation mode.
        x: inputs (n, ...), none of them flipped.
        goal: what counts as flipped.
        step: size of a step, in the units of an entry.
        bounds: least and largest value that an entry may take.
        steps: the largest number of steps.
        progress: called after each step with the number of inputs that have flipped.
    """
    adversarial = torch.full_like(x, torch.nan)
    taken = torch.full((len(x),), -1, device=x.device)
    at, left = x.detach(), torch.arange(len(x), device=x.device)
    for k in range(steps + 1):
        part = Goal(*(None if classes is None else classes[left] for classes in goal))
        outputs, gradient = outputs_and_gradient(model, at, part)  # of the last step's outcome, too
        hit = part.margin(outputs) < 0
        adversarial[left[hit]], taken[left[hit]] = at[hit], k
        if progress and k:
            progress(len(x) - len(left) + int(hit.sum()))
        at, left = at[~hit], left[~hit]
        if not len(left):
            break
        at = (at + step * sign_direction(gradient[~hit])).clamp(*bounds)
    return Iterated(adversarial, taken)
