"""From one input to another: the gradient along the way, and what section 5 makes of it."""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray


class Path(NamedTuple):
    """Along x + alpha (target - x), alpha from 0 to 1, for g = f_from - f_to.

    Attributes:
        alphas: (k,).
        cosines: cos theta_t of grad g with target - x, (n, k).
        slopes: norms of grad g, (n, k).
        values: g, (n, k).
        length: L = ||target - x||, (n,).
    """

    alphas: NDArray
    cosines: NDArray
    slopes: NDArray
    values: NDArray
    length: NDArray

    def expected_length(self) -> NDArray:
        """M as printed, (n,): the sum of ||grad|| cos theta L/(k - 1) over ||grad g(x)||.

        All k points carry the weight L/(k - 1), so that a constant gradient is counted k/(k - 1)
        times.
        """
        weight = self.length / (len(self.alphas) - 1)
        return (self.slopes * self.cosines).sum(axis=1) * weight / self.slopes[:, 0]

    def exact_length(self) -> NDArray:
        """M with the integral in place of the sum: (g(target) - g(x)) / ||grad g(x)||, (n,)."""
        return (self.values[:, -1] - self.values[:, 0]) / self.slopes[:, 0]

    def first_order(self) -> NDArray:
        """g(x) / ||grad g(x)||: the distance to the boundary if the network were linear, (n,)."""
        return self.values[:, 0] / self.slopes[:, 0]


def follow(
    model: torch.nn.Module,
    x: torch.Tensor,
    target: torch.Tensor,
    classes: tuple[int, int],
    n_alphas: int,
    chunk: int = 256,
) -> Path:
    """Gradients of g = f_i - f_j at ``n_alphas`` points from each x to its target, in batches.

    Args:
        model: in evaluation mode, (n, ...) to outputs (n, classes).
        x, target: inputs of one shape, (n, ...).
        classes: i, the class of x, and j, that of the target.
        n_alphas: k, at least 2.
        chunk: inputs in one pass.
    """
    alphas = torch.linspace(0, 1, n_alphas, dtype=x.dtype, device=x.device)
    n, shape = len(x), x.shape[1:]
    step = target - x
    weights = alphas.view(1, -1, *[1] * len(shape))
    line = (x[:, None] + weights * step[:, None]).flatten(0, 1)
    parts = [_gradients(model, part, classes) for part in line.split(chunk)]
    values, gradients = (torch.cat(column) for column in zip(*parts, strict=True))
    gradients = gradients.view(n, n_alphas, -1).to(torch.float64)
    direction = step.flatten(1).to(torch.float64)
    length, slopes = direction.norm(dim=1), gradients.norm(dim=2)
    along = (gradients * direction[:, None]).sum(dim=2)
    arrays = (alphas, along / slopes / length[:, None], slopes, values.view(n, n_alphas), length)
    return Path(*(np.asarray(array.cpu(), dtype=float) for array in arrays))


def gradient(model: torch.nn.Module, x: torch.Tensor, classes: tuple[int, int]) -> torch.Tensor:
    """Gradient of f_i - f_j at each input, the shape of ``x``."""
    return _gradients(model, x, classes)[1]


def _gradients(model: torch.nn.Module, x: torch.Tensor, classes: tuple[int, int]):
    at = x.detach().requires_grad_()
    outputs = model(at)
    values = outputs[:, classes[0]] - outputs[:, classes[1]]
    (gradients,) = torch.autograd.grad(values.sum(), at)
    return values.detach(), gradients
