"""The same classifier in fewer passes over memory, for its outputs and gradients in evaluation.

In evaluation a batch normalisation is a scale and a shift for each channel, so it can be folded
into the convolution before it.  A convolution of one pixel is a matrix product over channels; done
as a convolution, torch on one thread copies its inputs first.
"""

import copy

import torch
from timm.layers import BatchNormAct2d
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_weights


class Pointwise(nn.Module):
    """A convolution of one pixel as a matrix product; with channels last in memory, without a copy.

    Attributes:
        weight: (out, in).
        bias: (out,), or None.
    """

    def __init__(self, convolution: nn.Conv2d) -> None:
        super().__init__()
        self.weight = nn.Parameter(convolution.weight.detach()[:, :, 0, 0].contiguous())
        self.bias = convolution.bias

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(n, in, height, width) to (n, out, height, width)."""
        product = nn.functional.linear(x.permute(0, 2, 3, 1), self.weight, self.bias)
        return product.permute(0, 3, 1, 2)


@torch.no_grad()
def folded(network: nn.Module, example: torch.Tensor) -> nn.Module:
    """The network with batch normalisations folded and pointwise convolutions as products.

    Args:
        network: in evaluation mode; it is not changed.
        example: an input (1, 3, size, size), to find which layer takes which one's output.

    Returns:
        A network whose outputs at the example differ by at most a thousandth of the largest; a copy
        of the network given if folding changes more, as where a convolution's output is used twice.
    """
    faster = copy.deepcopy(network)
    for convolution, name in _followed(faster, example):
        normalisation = faster.get_submodule(name)
        convolution.weight, convolution.bias = fuse_conv_bn_weights(
            convolution.weight, convolution.bias,
            normalisation.running_mean, normalisation.running_var, normalisation.eps,
            normalisation.weight, normalisation.bias,
        )  # fmt: skip
        faster.set_submodule(name, _behind(normalisation))
    for name, module in list(faster.named_modules()):
        if isinstance(module, nn.Conv2d) and _is_pointwise(module):
            faster.set_submodule(name, Pointwise(module))
    for module in faster.modules():
        if getattr(module, "inplace", False):
            module.inplace = False  # overwriting a product's view costs autograd at least a copy
    expected = network(example)
    apart = (faster(example) - expected).abs().max()
    return faster if apart <= 1e-3 * expected.abs().max() else copy.deepcopy(network)


def _followed(network: nn.Module, example: torch.Tensor) -> list[tuple[nn.Conv2d, str]]:
    """Convolutions whose output a batch normalisation takes, with the normalisation's name."""
    made, pairs, calls, hooks = {}, [], {}, []

    def convolved(module, inputs, output):
        made[id(output)] = (module, output)  # kept, so that no other tensor takes its id
        calls[module] = calls.get(module, 0) + 1

    def normalised(name):
        def look(module, inputs, output):
            if id(inputs[0]) in made:
                pairs.append((made[id(inputs[0])][0], name))
            calls[module] = calls.get(module, 0) + 1

        return look

    for name, module in network.named_modules():
        if isinstance(module, nn.Conv2d):
            hooks.append(module.register_forward_hook(convolved))
        elif type(module) in (nn.BatchNorm2d, BatchNormAct2d):
            hooks.append(module.register_forward_hook(normalised(name)))
    network(example)
    for hook in hooks:
        hook.remove()
    return [
        (convolution, name)
        for convolution, name in pairs
        if calls[convolution] == calls[network.get_submodule(name)] == 1
    ]


def _behind(normalisation: nn.Module) -> nn.Module:
    """The activation that a batch normalisation applies after scaling and shifting."""
    if isinstance(normalisation, BatchNormAct2d):
        return normalisation.act
    return nn.Identity()


def _is_pointwise(convolution: nn.Conv2d) -> bool:
    sizes = convolution.kernel_size, convolution.stride
    padded = convolution.padding not in ((0, 0), "same", "valid")
    return sizes == ((1, 1), (1, 1)) and convolution.groups == 1 and not padded
