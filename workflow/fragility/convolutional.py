"""The convolutional network of section 6, "... trained on MNIST dataset"."""

import torch
from numpy.typing import NDArray
from torch import nn

MEAN, DEVIATION = 0.1307, 0.3081  # of the training pixels in [0, 1]: assumption M1


class DigitNetwork(nn.Module):
    """Two convolutions, two dropouts, two fully connected layers; logits (n, 10).

    Inputs are pixels in [0, 1], (n, 1, 28, 28): the usual normalisation is the network's first
    step, so that distances and gradients are in pixels.  Max-pooling stands before the second
    ReLU, with which it commutes, on a quarter of the entries.
    """

    def __init__(self) -> None:
        super().__init__()
        self.convolutions = nn.Sequential(
            nn.Conv2d(1, 32, 3), nn.ReLU(inplace=True),
            nn.Conv2d(32, 64, 3), nn.MaxPool2d(2), nn.ReLU(inplace=True),
            nn.Dropout(0.25), nn.Flatten(),
        )  # fmt: skip
        self.classifier = nn.Sequential(
            nn.Linear(9216, 128), nn.ReLU(inplace=True), nn.Dropout(0.5), nn.Linear(128, 10)
        )

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Logits (n, 10) at pixels (n, 1, 28, 28)."""
        return self.classifier(self.convolutions((pixels - MEAN) / DEVIATION))


def load(weights: dict[str, NDArray]) -> DigitNetwork:
    """The network with these weights, in evaluation mode, its parameters fixed.

    Raises:
        ValueError: the names or shapes are not those of this network.
    """
    network = DigitNetwork()
    try:
        network.load_state_dict({name: torch.from_numpy(w) for name, w in weights.items()})
    except RuntimeError as error:
        raise ValueError(f"these are no weights of the digit network: {error}") from error
    return network.eval().requires_grad_(False)
