"""The collapsed training step for many networks at once, on any torch device.

The same arithmetic as ``linear_cpu``, batched over N networks: H1 is (N, width, d).  It is meant
for a GPU, which one network alone would leave mostly idle; it runs on the CPU too, for tests.
"""

import numpy as np
import torch

from fragility.synthetic.networks import LinearNetwork, with_difference
from fragility.training.linear_cpu import BETA_1, BETA_2, EPS
from fragility.training.run import Run, Settings, epoch_order


@torch.no_grad()
def train_together(runs: list[Run], settings: Settings, device: str) -> list[LinearNetwork]:
    """Train all ``runs`` (of one d, width and dtype) side by side, in their initial dtype."""
    dtype = torch.from_numpy(runs[0].network.hidden).dtype
    d = len(runs[0].matrix)

    def stacked(arrays) -> torch.Tensor:
        return torch.from_numpy(np.stack(arrays)).to(device, dtype)

    matrix = stacked([run.matrix for run in runs])
    hidden = Adam(stacked([run.network.hidden for run in runs]))
    difference = Adam(stacked([run.network.output[0] - run.network.output[1] for run in runs]))
    bits = torch.arange(d, device=device)
    batch_size = settings.batch_size or 2**d
    step = 0
    for _ in range(settings.epochs):
        orders = torch.from_numpy(np.stack([epoch_order(run) for run in runs])).to(device)
        for batch in orders.split(batch_size, dim=1):
            step += 1
            z = (((batch[..., None] >> bits) & 1) * 2 - 1).to(dtype)  # (N, batch, d)
            w = difference.value
            row = torch.einsum("nw,nwd->nd", w, hidden.value)
            s = torch.einsum("nbk,njk,nj->nb", z, matrix, row)
            delta = -z[..., -1] * torch.sigmoid(-z[..., -1] * s)
            q = torch.einsum("njk,nbk,nb->nj", matrix, z, delta) / batch.shape[1]
            gradient = torch.einsum("nwd,nd->nw", hidden.value, q)
            hidden.step(w[..., None] * q[:, None, :], settings.learning_rate, step)
            difference.step(gradient, 2 * settings.learning_rate, step)
    return [
        with_difference(run.network, h, w)
        for run, h, w in zip(
            runs, hidden.value.cpu().numpy(), difference.value.cpu().numpy(), strict=True
        )
    ]


class Adam:
    """A tensor (any shape) and its Adam moments; ``step`` changes it by PyTorch's arithmetic."""

    def __init__(self, value: torch.Tensor) -> None:
        self.value = value
        self.mean = torch.zeros_like(value)
        self.square = torch.zeros_like(value)

    def step(self, gradient: torch.Tensor, learning_rate: float, t: int) -> None:
        """Apply step number ``t`` (from 1) for the gradient, of the tensor's shape."""
        self.mean.lerp_(gradient, 1 - BETA_1)
        self.square.mul_(BETA_2).addcmul_(gradient, gradient, value=1 - BETA_2)
        root = (self.square / (1 - BETA_2**t)).sqrt_().add_(EPS)
        self.value = self.value.addcdiv(self.mean, root, value=-learning_rate / (1 - BETA_1**t))
