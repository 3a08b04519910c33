"""A digit network cheap enough to train robustly many times over: two strided convolutions."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from fragility.images.digit_network import DEVIATION, MEAN
from fragility.runtime.seeds import generator


class SmallDigitNetwork(nn.Module):
    """Two convolutions of stride 2, two fully connected layers, no dropout; logits (n, 10).

    A pass costs a hundredth of the multiply-adds of :class:`.DigitNetwork`.  Inputs are pixels in
    [0, 1], (n, 1, 28, 28): the usual normalisation is the network's first step, so that distances
    and gradients are in pixels.
    """

    def __init__(self) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):  # torch draws initial values here, never used
            self.layers = nn.Sequential(
                nn.Conv2d(1, 8, 5, stride=2), nn.ReLU(),
                nn.Conv2d(8, 16, 5, stride=2), nn.ReLU(),
                nn.Flatten(), nn.Linear(256, 64), nn.ReLU(), nn.Linear(64, 10),
            )  # fmt: skip

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Logits (n, 10) at pixels (n, 1, 28, 28)."""
        return self.layers((pixels - MEAN) / DEVIATION)


def new_small_network(seed: int, *key: str | int) -> SmallDigitNetwork:
    """A network with PyTorch's default initial weights, uniform in +-1/sqrt(fan-in).

    They depend on the seed and the key only.
    """
    stream = generator(seed, "small digit network", *key)
    network, fan_in = SmallDigitNetwork(), 1.0
    with torch.no_grad():
        for parameter in network.parameters():  # each weight comes before its bias
            if parameter.dim() > 1:
                fan_in = parameter[0].numel()
            values = stream.uniform(-1, 1, parameter.shape) / np.sqrt(fan_in)
            parameter.copy_(torch.from_numpy(values))
    return network.eval()


def tensors(networks: dict[str, SmallDigitNetwork]) -> dict[str, NDArray]:
    """The weights of named networks as one set of arrays, each called NETWORK/WEIGHT."""
    return {
        f"{name}/{key}": value.cpu().numpy()
        for name, network in networks.items()
        for key, value in network.state_dict().items()
    }


def load_small_networks(arrays: dict[str, NDArray]) -> dict[str, SmallDigitNetwork]:
    """The named networks of :func:`tensors`, in evaluation mode and fixed.

    Read them with ``load_small_networks(files.read_tensors(path))``.  The files of
    ``results/causes/digits/train`` hold one network for each way of training, called
    KIND:STRENGTH, for example "adversarial:1.5".

    Raises:
        ValueError: the names or shapes are not those of such networks.
    """
    by_network: dict[str, dict[str, torch.Tensor]] = {}
    for name, array in arrays.items():
        network, _, key = name.partition("/")
        by_network.setdefault(network, {})[key] = torch.from_numpy(array)
    return {name: _loaded(name, weights) for name, weights in by_network.items()}


def _loaded(name: str, weights: dict[str, torch.Tensor]) -> SmallDigitNetwork:
    network = SmallDigitNetwork()
    try:
        network.load_state_dict(weights)
    except RuntimeError as error:
        raise ValueError(f"{name}: no weights of the small digit network: {error}") from error
    return network.eval().requires_grad_(False)
