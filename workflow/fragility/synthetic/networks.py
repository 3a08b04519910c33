"""Linear and ReLU networks as arrays of their parameters, and as torch modules."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray
from scipy.special import expit

from fragility.synthetic.geometry import qr


@dataclass(frozen=True)
class LinearNetwork:
    """The two-layer linear network x -> H2 H1 x of section 6, without biases.

    Attributes:
        hidden: H1, shape (width, d).
        output: H2, shape (2, width); its first row scores the label +1, its second -1.
    """

    hidden: NDArray
    output: NDArray

    def weights(self) -> NDArray:
        """W = H2 H1 in float64, shape (2, d): the rows W_1 and W_2 of the paper."""
        return self.output.astype(float) @ self.hidden.astype(float)


def linear_network(
    d: int, width: int, generator: np.random.Generator, dtype: DTypeLike = np.float32
) -> LinearNetwork:
    """Draw a linear network from PyTorch's default initialisation of ``nn.Linear``.

    Each weight is uniform in +-1/sqrt(fan-in): +-1/sqrt(d) for H1 (width, d), +-1/sqrt(width) for
    H2 (2, width).
    """
    hidden = generator.uniform(-1, 1, (width, d)) / np.sqrt(d)
    output = generator.uniform(-1, 1, (2, width)) / np.sqrt(width)
    return LinearNetwork(hidden.astype(dtype), output.astype(dtype))


def with_difference(network: LinearNetwork, hidden: NDArray, difference: NDArray) -> LinearNetwork:
    """The trained network from its H1 (width, d) and w = H2[0] - H2[1] (width,).

    H2[0] + H2[1] is that of the initial ``network``: training does not change it.
    """
    total = network.output[0] + network.output[1]
    output = np.stack([total + difference, total - difference]) / 2
    return LinearNetwork(hidden, output.astype(hidden.dtype))


def theorem_6_weights(matrix: NDArray) -> NDArray:
    """The row w_{+1}^T H_{l-1} ... H_1 = Q_:,d^T / R_dd that condition (6) implies, shape (d,).

    It is the last row of A^{-1}, A (d, d); the row for -1 is its negative (proof of Theorem 6).

    Raises:
        ValueError: as :func:`fragility.synthetic.geometry.qr`.
    """
    q, r = qr(matrix)
    return q[:, -1] / r[-1, -1]


def as_module(network: LinearNetwork):
    """The same network as a ``torch.nn.Sequential`` of two ``nn.Linear`` without biases."""
    import torch  # here, since importing it takes seconds and most jobs do not need it

    width, d = network.hidden.shape
    module = torch.nn.Sequential(
        torch.nn.Linear(d, width, bias=False), torch.nn.Linear(width, 2, bias=False)
    ).to(torch.from_numpy(network.hidden).dtype)
    with torch.no_grad():
        module[0].weight.copy_(torch.from_numpy(network.hidden))
        module[1].weight.copy_(torch.from_numpy(network.output))
    return module


@dataclass(frozen=True)
class ReluNetwork:
    """A network x -> H_l s(... s(H_1 x + b_1) ...) + b_l, s the ReLU, its outputs linear.

    Attributes:
        weights: H_1 (width, d), ..., H_l (2, width); the first output scores the label +1.
        biases: b_1 (width,), ..., b_l (2,).
    """

    weights: list[NDArray]
    biases: list[NDArray]


def relu_module(network: ReluNetwork):
    """The same network as a ``torch.nn.Sequential`` of ``nn.Linear`` and ``nn.ReLU``."""
    import torch

    steps = []
    for weight, bias in zip(network.weights, network.biases, strict=True):
        layer = torch.nn.utils.skip_init(torch.nn.Linear, *weight.shape[::-1])
        layer.weight.data = torch.from_numpy(weight.copy())
        layer.bias.data = torch.from_numpy(bias.copy())
        steps += [layer, torch.nn.ReLU()]
    return torch.nn.Sequential(*steps[:-1])


class Activation(NamedTuple):
    """A function of pre-activations, elementwise, and its derivative."""

    function: Callable[[NDArray], NDArray]
    derivative: Callable[[NDArray], NDArray]


RELU = Activation(lambda u: np.maximum(u, 0), lambda u: u > 0)
# log(1 + e^u), written so that neither end overflows; a ReLU without its kink
SOFTPLUS = Activation(lambda u: np.maximum(u, 0) + np.log1p(np.exp(-np.abs(u))), expit)


def relu_network(
    d: int, width: int, layers: int, generator: np.random.Generator, dtype: DTypeLike = np.float32
) -> ReluNetwork:
    """Draw a network of ``layers`` hidden layers from ``nn.Linear``'s default initialisation.

    Each weight and each bias is uniform in +-1/sqrt(fan-in).
    """
    sizes = [d, *[width] * layers, 2]
    shapes = list(zip(sizes[1:], sizes, strict=False))
    return ReluNetwork(
        [(generator.uniform(-1, 1, (m, n)) / np.sqrt(n)).astype(dtype) for m, n in shapes],
        [(generator.uniform(-1, 1, m) / np.sqrt(n)).astype(dtype) for m, n in shapes],
    )


def forward(
    network: ReluNetwork, x: NDArray, activation: Activation = RELU
) -> tuple[NDArray, list[NDArray]]:
    """Outputs (n, 2) at the points x (n, d), and the pre-activations (n, width) of each layer."""
    below, hidden = x, []
    for weight, bias in zip(network.weights[:-1], network.biases[:-1], strict=True):
        hidden.append(below @ weight.T + bias)
        below = activation.function(hidden[-1])
    return below @ network.weights[-1].T + network.biases[-1], hidden


def gradient(
    network: ReluNetwork,
    hidden: list[NDArray],
    combination: NDArray,
    activation: Activation = RELU,
) -> NDArray:
    """Gradient by x of a combination of the outputs, shape (n, d).

    Args:
        network: the network.
        hidden: pre-activations at the points, from :func:`forward`.
        combination: weights of the two outputs, (2,) or one for each point (n, 2); f_1 is (1, 0).
        activation: as in :func:`forward`.  At a kink of the ReLU: the side where it is 0.
    """
    above = np.broadcast_to(combination, (len(hidden[0]), 2)) @ network.weights[-1]
    for weight, u in zip(network.weights[-2::-1], hidden[::-1], strict=True):
        above = (above * activation.derivative(u)) @ weight
    return above


def margins(network: ReluNetwork, x: NDArray, labels: NDArray) -> NDArray:
    """label (f_1 - f_2) at the points x (n, d), labels (n,) or one of -1 and +1: right above 0."""
    outputs, _ = forward(network, x)
    return labels * (outputs[:, 0] - outputs[:, 1])


def relu_tensors(networks: list[tuple[NDArray, ReluNetwork]]) -> dict[str, NDArray]:
    """Pairs of A (d, d) and network as arrays by name: n0.A, n0.w0, n0.b0, n0.w1, ..."""
    tensors = {}
    for i, (matrix, network) in enumerate(networks):
        tensors[f"n{i}.A"] = matrix
        for k, (weight, bias) in enumerate(zip(network.weights, network.biases, strict=True)):
            tensors |= {f"n{i}.w{k}": weight, f"n{i}.b{k}": bias}
    return tensors


def relu_networks(tensors: dict[str, NDArray]) -> list[tuple[NDArray, ReluNetwork]]:
    """The pairs of A (d, d) and network from :func:`relu_tensors`, networks in float64.

    Raises:
        ValueError: there is no network among the arrays.
    """
    if "n0.A" not in tensors:
        raise ValueError(f"no network among the tensors {sorted(tensors)[:5]}; n0.A is missing")
    pairs = []
    while f"n{len(pairs)}.A" in tensors:
        name = f"n{len(pairs)}"
        depth = sum(key.startswith(f"{name}.w") for key in tensors)
        parts = [
            [tensors[f"{name}.{kind}{k}"].astype(float) for k in range(depth)] for kind in "wb"
        ]
        pairs.append((tensors[f"{name}.A"], ReluNetwork(*parts)))
    return pairs
