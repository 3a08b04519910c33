"""Networks as their parameters; a torch module only where something needs one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray


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

    Each weight is uniform in +-1/sqrt(fan-in): +-1/sqrt(d) for H1, +-1/sqrt(width) for H2.
    """
    hidden = generator.uniform(-1, 1, (width, d)) / np.sqrt(d)
    output = generator.uniform(-1, 1, (2, width)) / np.sqrt(width)
    return LinearNetwork(hidden.astype(dtype), output.astype(dtype))


def as_module(network: LinearNetwork):
    """The same network as a ``torch.nn.Sequential`` of two ``nn.Linear`` without biases."""
    import torch  # its import costs a job seconds, so only those who need it pay

    width, d = network.hidden.shape
    module = torch.nn.Sequential(
        torch.nn.Linear(d, width, bias=False), torch.nn.Linear(width, 2, bias=False)
    ).to(torch.from_numpy(network.hidden).dtype)
    with torch.no_grad():
        module[0].weight.copy_(torch.from_numpy(network.hidden))
        module[1].weight.copy_(torch.from_numpy(network.output))
    return module
