"""The convolutional network of section 6, "... trained on MNIST dataset"."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

MEAN, DEVIATION = 0.1307, 0.3081  # of the training pixels in [0, 1]: assumption M1


class Dropout(nn.Module):
    """Dropout of a share k/256 of entries, from a random stream of its own; identity in evaluation.

    One random byte per entry decides.  That costs less than torch's own draw, is the same on every
    device, and does not change torch's global state.

    Raises:
        ValueError: the share is no multiple of 1/256.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        if not (share * 256).is_integer():
            raise ValueError(f"the share must be a multiple of 1/256, got {share}")
        self.share = share
        self.stream: np.random.Generator | None = None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """In training mode, zero a random share of x's entries (any shape) and enlarge the others.

        Raises:
            ValueError: no stream was given to draw from.
        """
        if not self.training:
            return x
        if self.stream is None:
            raise ValueError("dropout in training mode needs a stream: network.draw_from(stream)")
        drawn = self.stream.integers(0, 256, x.shape, dtype=np.uint8)
        kept = torch.from_numpy(drawn).to(x.device) >= int(self.share * 256)
        return x * kept.to(x.dtype).mul_(1 / (1 - self.share))


class DigitNetwork(nn.Module):
    """Two convolutions, two dropouts, two fully connected layers; logits (n, 10).

    Inputs are pixels in [0, 1], (n, 1, 28, 28): the usual normalisation is the network's first
    step, so that distances and gradients are in pixels.  Max-pooling comes before the second ReLU,
    with which it commutes, so that the ReLU has a quarter of the entries.  Channels come last in
    memory, where pooling is many times faster.
    """

    def __init__(self) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):  # torch draws initial values here, never used
            self.convolutions = nn.Sequential(
                nn.Conv2d(1, 32, 3), nn.ReLU(inplace=True),
                nn.Conv2d(32, 64, 3), nn.MaxPool2d(2), nn.ReLU(inplace=True),
                Dropout(0.25), nn.Flatten(),
            )  # fmt: skip
            self.classifier = nn.Sequential(
                nn.Linear(9216, 128), nn.ReLU(inplace=True), Dropout(0.5), nn.Linear(128, 10)
            )
        self.to(memory_format=torch.channels_last)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Logits (n, 10) at pixels (n, 1, 28, 28)."""
        normalised = ((pixels - MEAN) / DEVIATION).to(memory_format=torch.channels_last)
        return self.classifier(self.convolutions(normalised))

    def draw_from(self, stream: np.random.Generator) -> None:
        """Let both dropouts draw from this stream."""
        for module in self.modules():
            if isinstance(module, Dropout):
                module.stream = stream


def load(weights: dict[str, NDArray]) -> DigitNetwork:
    """The network with these weights (arrays by torch's names), in evaluation mode and fixed.

    Raises:
        ValueError: the names or shapes are not those of this network.
    """
    network = DigitNetwork()
    try:
        network.load_state_dict({name: torch.from_numpy(w) for name, w in weights.items()})
    except RuntimeError as error:
        raise ValueError(f"these are no weights of the digit network: {error}") from error
    return network.eval().requires_grad_(False)
