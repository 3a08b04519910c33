"""Gradients on the straight path from one input to another, and section 5's lengths from them."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

Classes = tuple[int | torch.Tensor, int | torch.Tensor]


class GradientPath(NamedTuple):
    """Gradients at x + alpha (target - x), alpha from 0 to 1, for g = f_from - f_to.

    Attributes:
        alphas: (k,).
        cosines: cos theta_t of grad g with target - x, (n, k).
        gradient_norms: ||grad g||, (n, k).
        values: g, (n, k).
        length: L = ||target - x||, (n,).
    """

    alphas: NDArray
    cosines: NDArray
    gradient_norms: NDArray
    values: NDArray
    length: NDArray

    def expected_length(self) -> NDArray:
        """M as printed, (n,): the sum of ||grad|| cos theta L/(k - 1), divided by ||grad g(x)||.

        All k points have the weight L/(k - 1), so that a constant gradient is counted k/(k - 1)
        times.
        """
        weight = self.length / (len(self.alphas) - 1)
        return (self.gradient_norms * self.cosines).sum(axis=1) * weight / self.gradient_norms[:, 0]

    def exact_length(self) -> NDArray:
        """M with the integral in place of the sum: (g(target) - g(x)) / ||grad g(x)||, (n,)."""
        return (self.values[:, -1] - self.values[:, 0]) / self.gradient_norms[:, 0]

    def back(self) -> "GradientPath":
        """The same path from the targets to the inputs, for g = f_to - f_from; no model is run."""
        return GradientPath(
            self.alphas,
            self.cosines[:, ::-1],
            self.gradient_norms[:, ::-1],
            -self.values[:, ::-1],
            self.length,
        )

    def first_order(self) -> NDArray:
        """g(x) / ||grad g(x)||: the distance to the boundary if the network were linear, (n,)."""
        return self.values[:, 0] / self.gradient_norms[:, 0]

    def relative_norms(self) -> NDArray:
        """||grad g|| divided by that at x, (n, k): 1 where the gradient's size does not change."""
        return self.gradient_norms / self.gradient_norms[:, :1]


def follow(
    model: torch.nn.Module,
    x: torch.Tensor,
    target: torch.Tensor,
    classes: Classes,
    n_alphas: int,
    chunk: int = 256,
    progress: Callable[[int], None] | None = None,
) -> GradientPath:
    """Gradients of g = f_i - f_j at ``n_alphas`` points from each x to its target, in batches.

    Args:
        model: in evaluation mode, (n, ...) to outputs (n, classes).
        x, target: inputs of one shape, (n, ...).
        classes: i, the class of x, and j, that of the target; for all inputs, or (n,) each.
        n_alphas: k, at least 2.
        chunk: points in one pass; no more gradients than these are held at a time.
        progress: called after each pass with the number of its points.
    """
    alphas = torch.linspace(0, 1, n_alphas, dtype=x.dtype, device=x.device)
    both = [torch.as_tensor(c, device=x.device).expand(len(x)) for c in classes]
    step = target - x
    direction = step.flatten(1).to(torch.float64)
    n, both_ends = len(x), torch.stack(both)
    # one tensor for all results: small ones kept between the passes would split the heap
    results = torch.empty(3, n * n_alphas, dtype=torch.float64, device=x.device)
    for part in torch.arange(n * n_alphas, device=x.device).split(chunk):
        rows = part // n_alphas
        weights = alphas[part % n_alphas].view(-1, *[1] * (x.dim() - 1))
        values, gradients = _gradients(model, x[rows] + weights * step[rows], both_ends[:, rows])
        gradients = gradients.flatten(1).to(torch.float64)
        results[0, part] = values.to(torch.float64)
        results[1, part] = gradients.norm(dim=1)
        results[2, part] = (gradients * direction[rows]).sum(dim=1)
        if progress:
            progress(len(part))
    values, norms, along = results.view(3, n, n_alphas)
    length = direction.norm(dim=1)
    arrays = (alphas, along / norms / length[:, None], norms, values, length)
    return GradientPath(*(np.asarray(array.cpu(), dtype=float) for array in arrays))


def gradient(model: torch.nn.Module, x: torch.Tensor, classes: Classes) -> torch.Tensor:
    """Gradient of f_i - f_j at each input x (n, ...), of its shape; classes as in follow."""
    both = [torch.as_tensor(c, device=x.device).expand(len(x)) for c in classes]
    return _gradients(model, x, both)[1]


def gradient_change(
    model: torch.nn.Module, x: torch.Tensor, moved: torch.Tensor, classes: Classes
) -> NDArray:
    """||grad g(moved) - grad g(x)|| / ||grad g(x)||, (n,): both size and direction of grad g count.

    Args:
        model, x, classes: as in ``follow``.
        moved: where the attacker has arrived, of the shape of x; NaN gives NaN.
    """
    before, after = (
        gradient(model, each, classes).flatten(1).to(torch.float64) for each in (x, moved)
    )
    change = (after - before).norm(dim=1) / before.norm(dim=1)
    missing = moved.isnan().flatten(1).any(dim=1)
    return change.masked_fill(missing, torch.nan).cpu().numpy()


def _gradients(model: torch.nn.Module, x: torch.Tensor, classes: Sequence[torch.Tensor]):
    at = x.detach().requires_grad_()
    outputs = model(at)
    first, second = (outputs.gather(1, c[:, None])[:, 0] for c in classes)
    values = first - second
    (gradients,) = torch.autograd.grad(values.sum(), at)
    return values.detach(), gradients


def mean_cos_with_others(products: NDArray, lengths: NDArray, pairs: NDArray) -> NDArray:
    """Mean |cos| of each pair's gradient with the differences of other inputs than its own, (n,).

    It measures how much a gradient is aligned with differences of such inputs in general.  cos
    theta_t is compared with it, as with the mean |cos| of a random direction.

    Args:
        products: inner products of each pair's unit gradient with every input, (n, m).
        lengths: distances of all inputs from one another, (m, m).
        pairs: the two inputs of each pair, as indices (n, 2); at least two others must be left.
    """
    first, second = np.triu_indices(len(lengths), 1)
    cosines = np.abs(products[:, first] - products[:, second]) / lengths[first, second]
    i, j = pairs.T[:, :, None]
    others = (first != i) & (first != j) & (second != i) & (second != j)
    return cosines.mean(axis=1, where=others)
