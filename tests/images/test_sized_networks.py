"""Networks by topology: shapes, He's weights, saving and loading, dilation."""

import numpy as np
import pytest
import torch

from fragility.images import sized_networks
from fragility.images.resized import pixels
from fragility.images.sized_networks import Shape, convolutional, fully_connected, initialise, load


@pytest.mark.parametrize("topology", sized_networks.IMAGE_TOPOLOGIES)
@pytest.mark.parametrize("residual", [False, True])
@pytest.mark.parametrize("batch_norm", [False, True])
def test_every_topology_takes_each_size_and_its_gradient_reaches_most_pixels(
    topology, residual, batch_norm
):
    for side in (8, 16):
        shape = Shape(topology, 4, 4, batch_norm, residual, dilation=side // 8)
        network = initialise(convolutional(shape, 2, side, 5), np.random.default_rng(1))
        x = torch.randn(3, 2, side, side, generator=torch.Generator().manual_seed(1))
        at = x.requires_grad_()
        logits = network(at)
        assert logits.shape == (3, 5)
        (slopes,) = torch.autograd.grad(logits.sum(), at)
        share = float((slopes != 0).float().mean())
        # a dilated network ends in maxima of single pixels
        assert share > (0.05 if topology == "dilated" else 0.8)


def test_halving_networks_end_at_the_same_side_and_have_a_convolution_per_halving():
    for side, convolutions in ((7, 1), (14, 2), (56, 4)):
        network = convolutional(Shape("strided", 4, 7), 1, side, 10)
        assert sum(isinstance(m, torch.nn.Conv2d) for m in network) == convolutions
        assert network[-1].in_features == 4 * 49


@pytest.mark.parametrize("side", [21, 30, 4])
def test_a_side_that_does_not_halve_is_named(side):
    assert not sized_networks.fits(side, 7)
    with pytest.raises(ValueError, match=f"halving a side of {side} does not lead to 7"):
        convolutional(Shape("strided", 4, 7), 1, side, 10)


def test_initial_weights_are_he_s():
    network = initialise(convolutional(Shape("average", 40, 4), 3, 8, 10), np.random.default_rng(1))
    for layer, fan_in in ((network[0], 27), (network[2], 360), (network[-1], 640)):
        weights = layer.weight.detach().numpy()
        # a variance's relative error is sqrt(2/n)
        assert weights.var() == pytest.approx(2 / fan_in, rel=5 * np.sqrt(2 / weights.size))
        assert not layer.bias.any()


def test_fully_connected_networks_have_no_biases():
    network = initialise(fully_connected(6, 2, 5, 3), np.random.default_rng(1))
    assert [tuple(p.shape) for p in network.parameters()] == [(5, 6), (5, 5), (3, 5)]
    x = torch.randn(2, 6, generator=torch.Generator().manual_seed(1))
    assert torch.allclose(network(2 * x), 2 * network(x))


def test_a_network_that_is_saved_and_loaded_has_the_same_logits():
    shape = Shape("average", 4, 7, True)
    network = initialise(convolutional(shape, 1, 28, 10), np.random.default_rng(1)).eval()
    row = {"name": "a", "network": 0, "topology": "average", "side": 14, "copies": 2, "channels": 4,
           "final_side": 7, "batch_norm": 1, "padding": "zeros", "input_channels": 1,
           "classes": 10}  # fmt: skip
    tensors = sized_networks.saved(network, "a/0/")
    x = torch.rand(2, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    assert torch.equal(load(tensors, row)(x), network(x).detach())
    with pytest.raises(ValueError, match="b/0/: these are no weights of that network"):
        load(tensors, row | {"name": "b"})


def test_pixels_are_means_of_blocks_then_copied():
    images = np.arange(32, dtype=np.uint8).reshape(2, 1, 4, 4)
    x = pixels(images, 2, 3)
    assert x.shape == (2, 1, 6, 6)
    means = images.reshape(2, 2, 2, 2, 2).mean(axis=(2, 4)) / 255
    assert x[:, 0, ::3, ::3].numpy() == pytest.approx(means)
    assert torch.equal(x[..., 0], x[..., 2])
    with pytest.raises(ValueError, match="a side of 3 does not divide"):
        pixels(images, 3, 1)
