"""Train the digit network of section 6: NLL, Adadelta, two epochs, on whole-dataset tensors."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from fragility.images.digit_network import DigitNetwork
from fragility.images.digits import Digits
from fragility.runtime.seeds import generator


@dataclass(frozen=True)
class DigitSettings:
    """How the digit network is trained; the names are those of config.yaml.

    Attributes:
        batch_size: images per step; the last batch of an epoch may be smaller.
        learning_rate: Adadelta's, in the first epoch.
        decay: factor on the learning rate after each epoch.
        epochs: passes over the images, in a new random order each.
    """

    batch_size: int
    learning_rate: float
    decay: float
    epochs: int


def pixels(images: np.ndarray) -> torch.Tensor:
    """Images (n, 28, 28) uint8 as float32 in [0, 1], (n, 1, 28, 28)."""
    return torch.from_numpy(images).to(torch.float32).div_(255)[:, None]


def new_network(seed: int, index: int) -> DigitNetwork:
    """Network ``index`` with PyTorch's default initial weights, uniform in +-1/sqrt(fan-in)."""
    stream = generator(seed, "mnist", "initialisation", index)
    network = DigitNetwork()
    fan_in = 1.0
    with torch.no_grad():
        for parameter in network.parameters():  # each weight comes before its bias
            if parameter.dim() > 1:
                fan_in = parameter[0].numel()
            values = stream.uniform(-1, 1, parameter.shape) / np.sqrt(fan_in)
            parameter.copy_(torch.from_numpy(values))
    return network


def train(
    digits: Digits,
    settings: DigitSettings,
    seed: int,
    index: int,
    device: str,
    report: Callable[[int, int, float], None] = lambda epoch, step, loss: None,
) -> DigitNetwork:
    """Train network ``index``; ``report`` is called with epoch, step and loss after each step.

    Its initial weights, orders and dropouts depend on seed and index only.  The trained weights
    depend in their last digits on the number of threads and on the device, too.

    Returns:
        The network in evaluation mode, on the CPU.
    """
    network = new_network(seed, index).to(device).train()
    images = pixels(digits.images).to(device)
    labels = torch.from_numpy(digits.labels.astype(np.int64)).to(device)
    optimiser = torch.optim.Adadelta(network.parameters(), lr=settings.learning_rate)
    schedule = torch.optim.lr_scheduler.StepLR(optimiser, step_size=1, gamma=settings.decay)
    orders = generator(seed, "mnist", "orders", index)
    network.draw_from(generator(seed, "mnist", "dropout", index))
    for epoch in range(settings.epochs):
        order = torch.from_numpy(orders.permutation(len(images))).to(device)
        for step, batch in enumerate(order.split(settings.batch_size)):
            optimiser.zero_grad()
            scores = functional.log_softmax(network(images[batch]), dim=1)
            loss = functional.nll_loss(scores, labels[batch])
            loss.backward()
            optimiser.step()
            report(epoch, step, float(loss.detach()))
        schedule.step()
    return network.cpu().eval()


@torch.no_grad()
def accuracy(network: DigitNetwork, digits: Digits, chunk: int = 1000) -> float:
    """Share of the digits that the network classifies correctly."""
    images, labels = pixels(digits.images), torch.from_numpy(digits.labels.astype(np.int64))
    right = [
        int((network(part).argmax(dim=1) == target).sum())
        for part, target in zip(images.split(chunk), labels.split(chunk), strict=True)
    ]
    return sum(right) / len(labels)
