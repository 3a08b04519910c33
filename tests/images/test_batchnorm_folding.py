"""Folding: the same outputs and gradients, on networks where it can be done and where it cannot."""

import pytest
import timm
import torch
from torch import nn

from fragility.images.batchnorm_folding import Pointwise, folded
from fragility.runtime.seeds import generator

# float64 (eps 2e-16) behind up to some fifty layers of sums of a hundred terms: 3e-12 was seen on
# timm's; what folding could get wrong, down to the eps of a normalisation, is a thousand times this
ROUNDING = 1e-10
SIZE = 12


def filled(network, key):
    """Weights, and the moments of batch normalisations, from a stream; float64, evaluation mode."""
    stream = generator(7, "test", "folded", key)
    network = network.double().eval()
    with torch.no_grad():
        for name, value in network.state_dict().items():
            if value.is_floating_point():
                drawn = torch.from_numpy(stream.uniform(-1, 1, value.shape))
                value.copy_(drawn.abs() + 0.5 if name.endswith("running_var") else drawn)
    return network


def pixels(n=3, size=SIZE, key="pixels"):
    drawn = generator(7, "test", "folded", key).standard_normal((n, 3, size, size))
    return torch.from_numpy(drawn)


def outputs_and_gradient(network, x):
    at = x.clone().requires_grad_()
    outputs = network(at)
    (gradient,) = torch.autograd.grad((outputs**2).sum(), at)
    return outputs.detach(), gradient


def are_the_same(one, other, x):
    for ours, theirs in zip(
        outputs_and_gradient(one, x), outputs_and_gradient(other, x), strict=True
    ):
        assert theirs.abs().max() > 0
        assert (ours - theirs).abs().max() < ROUNDING * theirs.abs().max()


def kinds(network):
    return [type(module).__name__ for module in network.modules()]


def head(channels):
    return nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 4)


def plain(*, bias):
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, bias=bias), nn.BatchNorm2d(8), nn.ReLU(inplace=True),
        nn.Conv2d(8, 8, 3, groups=8, bias=bias), nn.BatchNorm2d(8), nn.ReLU6(inplace=True),
        nn.Conv2d(8, 5, 1, bias=bias), nn.BatchNorm2d(5, eps=0.1), *head(5),
    )  # fmt: skip


@pytest.mark.parametrize("bias", [False, True])
def test_outputs_and_gradients_stay(bias):
    network, x = filled(plain(bias=bias), "plain"), pixels()
    before = outputs_and_gradient(network, x)
    found = folded(network, x[:1])
    are_the_same(found, network, x)
    assert "BatchNorm2d" not in kinds(found)
    assert kinds(found).count("Conv2d") == 2
    assert kinds(found).count("Pointwise") == 1
    # the network given is left as it was
    assert kinds(network).count("BatchNorm2d") == 3
    for one, other in zip(before, outputs_and_gradient(network, x), strict=True):
        assert torch.equal(one, other)


@pytest.mark.parametrize("name", ["eps", "running_mean", "running_var", "weight", "bias"])
def test_each_part_of_a_normalisation_would_be_missed(name):
    network, x = filled(plain(bias=True), "plain"), pixels()
    found = folded(network, x[:1])(x)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            changed = getattr(module, name) * 1.01
            if name == "eps":
                module.eps = changed
            else:
                getattr(module, name).data.copy_(changed)
    assert (found - network(x)).abs().max() > 1000 * ROUNDING * found.abs().max()


def test_a_pointwise_convolution_with_strides_or_edges_or_groups_stays_one():
    for changes in ({"stride": 2}, {"padding": 1}, {"groups": 3}):
        network = filled(nn.Sequential(nn.Conv2d(3, 6, 1, **changes), *head(6)), "kinds")
        found = folded(network, pixels(1))
        assert "Pointwise" not in kinds(found)
        are_the_same(found, network, pixels())


def test_a_product_over_channels_is_the_convolution():
    convolution = nn.Conv2d(3, 7, 1).double()
    assert (Pointwise(convolution)(pixels()) - convolution(pixels())).abs().max() < ROUNDING


class Branched(nn.Module):
    """A convolution's output is normalised, and used as it is."""

    def __init__(self):
        super().__init__()
        self.first, self.normal = nn.Conv2d(3, 3, 3, padding=1), nn.BatchNorm2d(3)
        self.head = nn.Sequential(*head(3))

    def forward(self, x):
        u = self.first(x)
        return self.head(u + 3 * self.normal(u))


class Shared(Branched):
    """One convolution, normalised at its first use only."""

    def forward(self, x):
        return self.head(self.first(self.normal(self.first(x))))


class Twice(Branched):
    """One normalisation behind a convolution, and once more behind none."""

    def forward(self, x):
        return self.head(self.normal(torch.tanh(self.normal(self.first(x)))))


@pytest.mark.parametrize("kind", [Branched, Shared, Twice])
def test_what_cannot_be_folded_is_left(kind):
    network = filled(kind(), "kept")
    found = folded(network, pixels(1))
    assert "BatchNorm2d" in kinds(found)
    are_the_same(found, network, pixels())


def test_a_normalisation_without_a_convolution_before_it_is_left():
    network = filled(nn.Sequential(nn.BatchNorm2d(3), nn.Conv2d(3, 6, 3), *head(6)), "first")
    found = folded(network, pixels(1))
    assert "BatchNorm2d" in kinds(found)
    are_the_same(found, network, pixels())


# of different families: squeeze and excitation, residuals, concatenation, no batch normalisation
@pytest.mark.parametrize(
    "name", ["test_efficientnet", "test_resnet", "test_byobnet", "resnet10t", "test_convnext"]
)
def test_timm_s_networks_give_what_they_gave(name):
    network = filled(timm.create_model(name, num_classes=10), name)
    x = pixels(2, 64, name)
    found = folded(network, x[:1])
    are_the_same(found, network, x)
    left = sum(kind.startswith("BatchNorm") for kind in kinds(found))
    assert left == 0
