"""Many ReLU networks of one shape as one torch module, by batched matrix products."""

from collections.abc import Sequence

import numpy as np
import torch

from fragility.synthetic.networks import ReluNetwork


class NetworkStack(torch.nn.Module):
    """N networks side by side: outputs (N, n, 2) at inputs (N, n, d), each network at its own.

    Weights are (N, out, in), biases (N, 1, out), in the dtype of the networks' arrays.

    Attributes:
        weights, biases: a parameter per layer.
    """

    def __init__(self, networks: Sequence[ReluNetwork]) -> None:
        super().__init__()
        self.weights = _stacked([network.weights for network in networks])
        self.biases = _stacked([[b[None] for b in network.biases] for network in networks])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Outputs (N, n, 2) at x (N, n, d)."""
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            x = torch.relu(torch.baddbmm(bias, x, weight.mT))
        return torch.baddbmm(self.biases[-1], x, self.weights[-1].mT)

    def difference(self, x: torch.Tensor) -> torch.Tensor:
        """f_1 - f_2 (N, n) at x (N, n, d): positive where a network says +1."""
        outputs = self(x)
        return outputs[..., 0] - outputs[..., 1]

    def slopes(self, x: torch.Tensor, *, differentiable: bool = False) -> torch.Tensor:
        """Gradients of f_1 - f_2 by the input at x (N, n, d), of its shape.

        Args:
            x: inputs.
            differentiable: whether the result can itself be differentiated by the weights.
        """
        at = x.detach().requires_grad_()
        (slope,) = torch.autograd.grad(self.difference(at).sum(), at, create_graph=differentiable)
        return slope

    def networks(self) -> list[ReluNetwork]:
        """The networks, as arrays."""
        weights, biases = (
            [parameter.detach().cpu().numpy() for parameter in parameters]
            for parameters in (self.weights, self.biases)
        )
        return [
            ReluNetwork([w[i] for w in weights], [b[i, 0] for b in biases])
            for i in range(len(weights[0]))
        ]


def _stacked(arrays: list[list[np.ndarray]]) -> torch.nn.ParameterList:
    layers = zip(*arrays, strict=True)
    return torch.nn.ParameterList(torch.from_numpy(np.stack(layer)) for layer in layers)
