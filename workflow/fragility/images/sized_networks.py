"""Networks for inputs of any size, by topology: those whose input gradients are compared."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

# how a topology halves its maps; "global" and "dilated" keep them and pool once, at the end
HALVING = ("strided", "max", "average")
IMAGE_TOPOLOGIES = (*HALVING, "global", "dilated")


@dataclass(frozen=True)
class Shape:
    """What a convolutional network is made of; names as in config.yaml.

    Attributes:
        topology: of IMAGE_TOPOLOGIES.
        channels: of each convolution.
        final_side: of the maps before the linear layer, where a topology halves them.
        batch_norm: batch normalisation after each convolution.
        residual: each convolution that keeps the maps' size adds its input.
        padding: of torch's Conv2d, "zeros" or "reflect".
        dilation: of the dilated topology's convolutions.
        layers: convolutions of the topologies that keep their maps.
    """

    topology: str
    channels: int
    final_side: int
    batch_norm: bool = False
    residual: bool = False
    padding: str = "zeros"
    dilation: int = 1
    layers: int = 3


class _Residual(nn.Module):
    """x + inner(x)."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Of maps (n, c, s, s), of the same shape."""
        return x + self.inner(x)


def fits(side: int, final_side: int) -> bool:
    """Whether halving leads from ``side`` to ``final_side``: their quotient is a power of 2."""
    quotient, rest = divmod(side, final_side)
    return rest == 0 and quotient > 0 and quotient & (quotient - 1) == 0


def convolutional(shape: Shape, in_channels: int, side: int, classes: int) -> nn.Sequential:
    """The network, (n, in_channels, side, side) to logits (n, classes); its weights are not set.

    A first convolution keeps the size; then each halving is a convolution of stride 2, or one of
    stride 1 and a pooling of 2 x 2, until the maps have ``final_side``; a linear layer reads them.
    "global": convolutions that keep the size, and the mean over each map.  "dilated": the same with
    dilation and max-pooling, 2 x 2 after the second convolution and then over each map.

    Raises:
        ValueError: the topology is unknown, or halving does not lead to the final side.
    """
    if shape.topology not in IMAGE_TOPOLOGIES:
        raise ValueError(f"unknown topology {shape.topology!r}; known: {IMAGE_TOPOLOGIES}")
    c, layers = shape.channels, _convolution(shape, in_channels, 1)
    if shape.topology in HALVING:
        if not fits(side, shape.final_side):
            raise ValueError(f"halving a side of {side} does not lead to {shape.final_side}")
        for _ in range((side // shape.final_side).bit_length() - 1):
            if shape.residual:
                layers.append(_Residual(nn.Sequential(*_convolution(shape, c, 1))))
            layers += _convolution(shape, c, 2 if shape.topology == "strided" else 1)
            if shape.topology != "strided":
                layers.append((nn.MaxPool2d if shape.topology == "max" else nn.AvgPool2d)(2))
        features = c * shape.final_side**2
    else:
        for k in range(1, shape.layers):
            one = _convolution(shape, c, 1)
            layers += [_Residual(nn.Sequential(*one))] if shape.residual else one
            if shape.topology == "dilated" and k == 1:
                layers.append(nn.MaxPool2d(2))
        end = nn.AdaptiveAvgPool2d if shape.topology == "global" else nn.AdaptiveMaxPool2d
        layers.append(end(1))
        features = c
    network = nn.Sequential(*layers, nn.Flatten(), nn.utils.skip_init(nn.Linear, features, classes))
    return network.to(memory_format=torch.channels_last)  # half the time on a CPU


def _convolution(shape: Shape, inputs: int, stride: int) -> list[nn.Module]:
    dilation = shape.dilation if shape.topology == "dilated" else 1
    convolution = nn.utils.skip_init(
        nn.Conv2d, inputs, shape.channels, 3, stride=stride, padding=dilation, dilation=dilation,
        padding_mode=shape.padding,
    )  # fmt: skip
    normalised = [nn.BatchNorm2d(shape.channels)] if shape.batch_norm else []
    return [convolution, *normalised, nn.ReLU()]


def fully_connected(d: int, hidden_layers: int, width: int, classes: int) -> nn.Sequential:
    """ReLU network (n, d) to logits (n, classes), no biases; its weights are not set."""
    sizes = [d, *[width] * hidden_layers]
    hidden = [
        layer
        for below, above in itertools.pairwise(sizes)
        for layer in (nn.utils.skip_init(nn.Linear, below, above, bias=False), nn.ReLU())
    ]
    return nn.Sequential(*hidden, nn.utils.skip_init(nn.Linear, sizes[-1], classes, bias=False))


def initialise(network: nn.Module, stream: np.random.Generator) -> nn.Module:
    """Set He's initial weights: normal of variance 2/fan-in in every layer, biases 0.

    Fan-in is the number of weights that one output has.  Batch normalisation starts as torch's.

    Returns:
        The network.
    """
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                values = stream.standard_normal(tuple(module.weight.shape), dtype=np.float32)
                values *= np.sqrt(2 / module.weight[0].numel(), dtype=np.float32)
                module.weight.copy_(torch.from_numpy(values))
                if module.bias is not None:
                    module.bias.zero_()
    return network


def load(tensors: Mapping[str, NDArray], row: Mapping) -> nn.Sequential:
    """A saved network in evaluation mode, its weights fixed; pixels in [0, 1] to logits.

    Args:
        tensors: arrays by name, those of this network behind "CONDITION/NUMBER/".
        row: of the networks' table (scripts/dimension/train.py).

    Raises:
        ValueError: no such network is among the tensors.
    """
    shape = Shape(
        row["topology"], int(row["channels"]), int(row["final_side"]), bool(row["batch_norm"]),
        padding=row["padding"], dilation=int(row["copies"]),
    )  # fmt: skip
    side = int(row["side"]) * int(row["copies"])
    network = convolutional(shape, int(row["input_channels"]), side, int(row["classes"]))
    prefix = f"{row['name']}/{row['network']}/"
    own = {
        name.removeprefix(prefix): torch.from_numpy(np.array(value))
        for name, value in tensors.items()
        if name.startswith(prefix)
    }
    try:
        network.load_state_dict(own)
    except RuntimeError as error:
        raise ValueError(f"{prefix}: these are no weights of that network: {error}") from error
    return network.eval().requires_grad_(False)


def saved(network: nn.Module, prefix: str) -> dict[str, NDArray]:
    """The network's arrays by name, each behind ``prefix``."""
    return {f"{prefix}{name}": v.cpu().numpy() for name, v in network.state_dict().items()}
