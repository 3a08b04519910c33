"""Training the digit network: our time, PyTorch's well-known example's, and a lower bound.

One run, two threads, a twentieth of an epoch on MNIST-shaped noise (speed does not depend on the
pixels), times as for two full epochs.  The lower bound ("floor") counts the multiply-adds of both
convolutions and both dense layers, forward and for both gradients, at the rate that this machine's
convolution (the second layer, forward) and matrix product reach in the same run.  The last line is
the ratio.
"""

import numpy as np
import torch
from plain_loop import seconds
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader

from fragility.images.digit_training import DigitSettings, train
from fragility.images.digits import Digits

IMAGES, BATCH, THREADS = 3008, 64, 2
SCALE = 2 * 60000 / IMAGES  # to two epochs of all images


class Example(nn.Module):
    """The network as the example writes it: normalised inputs, ReLU before pooling."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 32, 3), nn.Conv2d(32, 64, 3)
        self.dropout1, self.dropout2 = nn.Dropout(0.25), nn.Dropout(0.5)
        self.fc1, self.fc2 = nn.Linear(9216, 128), nn.Linear(128, 10)

    def forward(self, x):
        """Logarithms of probabilities."""
        x = functional.relu(self.conv2(functional.relu(self.conv1(x))))
        x = torch.flatten(self.dropout1(functional.max_pool2d(x, 2)), 1)
        x = self.fc2(self.dropout2(functional.relu(self.fc1(x))))
        return functional.log_softmax(x, dim=1)


def plain(digits: Digits) -> None:
    """One epoch with a loader that turns one image after another into a tensor, and Adadelta."""
    pairs = [(image, int(label)) for image, label in zip(*digits, strict=True)]

    def collate(batch):
        images = [torch.from_numpy(image).float().div(255).sub(0.1307).div(0.3081)[None]
                  for image, _ in batch]  # fmt: skip
        return torch.stack(images), torch.tensor([label for _, label in batch])

    loader = DataLoader(pairs, batch_size=BATCH, shuffle=True, collate_fn=collate)
    network = Example()
    optimiser = torch.optim.Adadelta(network.parameters(), lr=1.0)
    for images, labels in loader:
        optimiser.zero_grad()
        functional.nll_loss(network(images), labels).backward()
        optimiser.step()


def main() -> None:
    torch.set_num_threads(THREADS)
    noise = np.random.default_rng(0)
    digits = Digits(
        noise.integers(0, 256, (IMAGES, 28, 28), dtype=np.uint8),
        noise.integers(0, 10, IMAGES, dtype=np.uint8),
    )
    settings = DigitSettings(BATCH, 1.0, 0.7, epochs=1)
    train(Digits(digits.images[:64], digits.labels[:64]), settings, 0, 0, "cpu")  # warms up
    slow = seconds(lambda: plain(digits)) * SCALE
    fast = seconds(lambda: train(digits, settings, 0, 0, "cpu")) * SCALE

    convolutions = 26 * 26 * 32 * 9 + 24 * 24 * 64 * 32 * 9
    dense = 9216 * 128 + 128 * 10
    x, w = torch.randn(BATCH, 32, 26, 26), torch.randn(64, 32, 3, 3)
    with torch.no_grad():
        rate = BATCH * 24 * 24 * 64 * 32 * 9 / seconds(lambda: functional.conv2d(x, w))
        a = torch.randn(1024, 1024)
        product = 1024**3 / seconds(lambda: a @ a)
    total = 3 * 2 * 60000  # forward, and both gradients, of two epochs
    floor = total * (convolutions / rate + dense / product)
    print(f"plain example: {slow:.0f} s for two epochs; ours: {fast:.0f} s; {THREADS} threads")
    print(f"{total * (convolutions + dense):.2e} multiply-adds; this machine's convolution runs at "
          f"{rate / 1e9:.0f}e9 a second, its matrix product at {product / 1e9:.0f}e9")  # fmt: skip
    print(f"floor: {floor:.0f} s; we take {fast / floor:.1f} times it")
    print(f"ratio: {slow / fast:.1f}")


if __name__ == "__main__":
    main()
