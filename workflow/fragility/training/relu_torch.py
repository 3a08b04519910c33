"""Training many ReLU networks of one shape at once, by batched matrix products on any device.

The plain loop (``relu_plain``) with a leading axis for the N networks: weights are (N, out, in),
activations (N, batch, units).  The networks do not affect one another: in the gradient of the sum
of losses each network has its own part, and Adam treats each entry by itself.
"""

import numpy as np
import torch
from numpy.typing import NDArray

from fragility.synthetic.data import corners, label, points
from fragility.synthetic.networks import ReluNetwork
from fragility.training.run import Run, Settings, epoch_order


def train_together(
    runs: list[Run[ReluNetwork]], settings: Settings, device: str
) -> list[ReluNetwork]:
    """Train all ``runs`` (of one d, shape and dtype) side by side, in their initial dtype."""
    parameters = [_stacked(arrays, device) for arrays in zip(*map(_arrays, runs), strict=True)]
    optimiser = torch.optim.Adam(parameters, lr=settings.learning_rate, fused=True)
    d = len(runs[0].matrix)
    z = corners(d)
    x = torch.stack([torch.from_numpy(points(run.matrix, z)) for run in runs])
    x = x.to(device, parameters[0].dtype)
    targets = torch.from_numpy((label(z) == -1).astype(np.int64)).to(device)  # output 0 scores +1
    which = torch.arange(len(runs), device=device)[:, None]
    for parameter in parameters:
        parameter.requires_grad_()
    for _ in range(settings.epochs):
        orders = torch.from_numpy(np.stack([epoch_order(run) for run in runs])).long().to(device)
        for batch in orders.split(settings.batch_size or 2**d, dim=1):
            optimiser.zero_grad()
            outputs = _outputs(parameters, x[which, batch])
            losses = torch.nn.functional.cross_entropy(
                outputs.flatten(0, 1), targets[batch].flatten(), reduction="sum"
            )
            (losses / batch.shape[1]).backward()
            optimiser.step()
    trained = [parameter.detach().cpu().numpy() for parameter in parameters]
    return [
        ReluNetwork([w[i] for w in trained[::2]], [b[i, 0] for b in trained[1::2]])
        for i in range(len(runs))
    ]


def _arrays(run: Run[ReluNetwork]) -> list[NDArray]:
    """Weights (out, in) and biases (1, out), alternating."""
    pairs = zip(run.network.weights, run.network.biases, strict=True)
    return [array for weight, bias in pairs for array in (weight, bias[None])]


def _stacked(arrays: tuple[NDArray, ...], device: str) -> torch.Tensor:
    return torch.from_numpy(np.stack(arrays)).to(device)


def _outputs(parameters: list[torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """Outputs (N, n, 2) at x (N, n, d)."""
    for weight, bias in zip(parameters[:-2:2], parameters[1:-2:2], strict=True):
        x = torch.relu(torch.baddbmm(bias, x, weight.mT))
    return torch.baddbmm(parameters[-1], x, parameters[-2].mT)
