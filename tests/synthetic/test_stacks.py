"""A stack of networks against the networks one by one."""

import numpy as np
import pytest
import torch

from fragility.runtime.seeds import generator
from fragility.synthetic.networks import forward, gradient, relu_network
from fragility.synthetic.stacks import NetworkStack

D, N = 5, 3


@pytest.fixture(params=[1, 3])
def networks(request):
    stream = generator(2, "test", "stacks", request.param)
    return [relu_network(D, 7, request.param, stream, float) for _ in range(N)]


@pytest.fixture
def x():
    return generator(2, "test", "stacks x").standard_normal((N, 11, D))


def test_each_network_gives_its_own_outputs_at_its_own_inputs(networks, x):
    outputs = NetworkStack(networks)(torch.from_numpy(x)).detach().numpy()
    expected = np.stack([forward(net, at)[0] for net, at in zip(networks, x, strict=True)])
    assert outputs == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_slopes_are_the_gradients_of_the_difference(networks, x):
    slopes = NetworkStack(networks).slopes(torch.from_numpy(x)).numpy()
    expected = np.stack(
        [
            gradient(net, forward(net, at)[1], np.array([1.0, -1.0]))
            for net, at in zip(networks, x, strict=True)
        ]
    )
    assert slopes == pytest.approx(expected, rel=1e-10, abs=1e-12)


def test_networks_come_back_as_they_were(networks):
    for one, other in zip(NetworkStack(networks).networks(), networks, strict=True):
        for a, b in zip([*one.weights, *one.biases], [*other.weights, *other.biases], strict=True):
            assert a.dtype == b.dtype
            assert (a == b).all()
