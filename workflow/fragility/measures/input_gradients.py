"""Gradients of the loss by the input, all images in batches: their l1 and l2 norms."""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional


class InputGradients(NamedTuple):
    """At each image: the loss, the norms of its gradient, whether the class is right; all (n,)."""

    loss: NDArray
    l1: NDArray
    l2: NDArray
    right: NDArray


def input_gradients(
    model: torch.nn.Module, x: torch.Tensor, labels: torch.Tensor, chunk: int = 100
) -> InputGradients:
    """Cross-entropy L at each image and ||dL/dx||_1, ||dL/dx||_2, summed over pixels and channels.

    One backward pass of the sum of the losses serves all images of a chunk, since no image's loss
    depends on another image (in evaluation mode).

    Args:
        model: (n, ...) to logits (n, classes).
        x: images (n, ...).
        labels: classes (n,).
        chunk: images in one pass.
    """
    columns = []
    for part, target in zip(x.split(chunk), labels.split(chunk), strict=True):
        at = part.detach().requires_grad_()
        logits = model(at)
        losses = functional.cross_entropy(logits, target, reduction="none")
        (slopes,) = torch.autograd.grad(losses.sum(), at)
        slopes = slopes.flatten(1)
        norms = [slopes.abs().sum(dim=1), slopes.norm(dim=1)]
        columns.append([losses.detach(), *norms, logits.argmax(dim=1) == target])
    return InputGradients(
        *(np.asarray(torch.cat(each).cpu()) for each in zip(*columns, strict=True))
    )


def logit_gradients(model: torch.nn.Module, x: torch.Tensor) -> tuple[NDArray, NDArray]:
    """||df_k/dx||_1 and ||df_k/dx||_2^2 at each image and logit k, both (n, classes)."""
    at = x.detach().requires_grad_()
    logits = model(at)
    norms = []
    for k in range(logits.shape[1]):
        (slopes,) = torch.autograd.grad(logits[:, k].sum(), at, retain_graph=True)
        slopes = slopes.flatten(1)
        norms.append((slopes.abs().sum(dim=1), slopes.square().sum(dim=1)))
    return tuple(torch.stack(each, dim=1).numpy() for each in zip(*norms, strict=True))
