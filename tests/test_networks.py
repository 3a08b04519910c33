"""Linear networks: PyTorch's default initialisation, and the same network as a module."""

import numpy as np
import pytest
import torch
from scipy import stats

from fragility.runtime.seeds import generator
from fragility.synthetic.networks import LinearNetwork, as_module, linear_network

D, WIDTH = 7, 3000


@pytest.fixture(scope="module")
def network():
    return linear_network(D, WIDTH, generator(3, "test", "networks"), np.float64)


@pytest.fixture(scope="module")
def torch_layers():
    """Weights of fresh ``nn.Linear`` layers of the same shapes."""
    with torch.random.fork_rng():
        torch.manual_seed(3)
        layers = torch.nn.Linear(D, WIDTH, bias=False), torch.nn.Linear(WIDTH, 2, bias=False)
    return [layer.weight.detach().numpy() for layer in layers]


def ks(sample, fan_in):
    """P value against the uniform law on +-1/sqrt(fan_in)."""
    bound = 1 / np.sqrt(fan_in)
    return stats.kstest(np.ravel(sample), stats.uniform(-bound, 2 * bound).cdf).pvalue


def test_shapes_and_default_dtype():
    network = linear_network(4, 10, generator(3, "test"))
    assert (network.hidden.shape, network.output.shape) == ((10, 4), (2, 10))
    assert network.hidden.dtype == network.output.dtype == np.float32


def test_hidden_weights_follow_their_fan_in_and_no_other(network):
    assert ks(network.hidden, D) > 1e-3
    # twins: 21000 weights tell the scale 1/sqrt(7) from 1/sqrt(8), a KS distance of 0.03
    assert ks(network.hidden, D + 1) < 1e-6
    assert ks(network.hidden, WIDTH) < 1e-6


def test_output_weights_follow_their_fan_in_and_no_other(network):
    assert ks(network.output, WIDTH) > 1e-3
    # twins: 6000 weights tell 1/sqrt(3000) from 1/sqrt(3600), a KS distance of 0.04
    assert ks(network.output, 1.2 * WIDTH) < 1e-6
    assert ks(network.output, 2) < 1e-6


def test_no_weight_lies_outside_the_bound(network):
    assert np.abs(network.hidden).max() <= 1 / np.sqrt(D)
    assert np.abs(network.output).max() <= 1 / np.sqrt(WIDTH)


def test_the_law_is_that_of_torch_layers(network, torch_layers):
    hidden, output = torch_layers
    assert stats.ks_2samp(network.hidden.ravel(), hidden.ravel()).pvalue > 1e-3
    assert stats.ks_2samp(network.output.ravel(), output.ravel()).pvalue > 1e-3
    # twin: Glorot's scale, sqrt(6 / (fan-in + fan-out)) instead of 1/sqrt(fan-in)
    glorot = network.hidden * np.sqrt(6 / (D + WIDTH)) * np.sqrt(D)
    assert stats.ks_2samp(glorot.ravel(), hidden.ravel()).pvalue < 1e-6


def test_float32_weights_are_the_float64_ones_rounded(network):
    single = linear_network(D, WIDTH, generator(3, "test", "networks"), np.float32)
    assert np.array_equal(single.hidden, network.hidden.astype(np.float32))
    assert np.array_equal(single.output, network.output.astype(np.float32))


def test_weights_multiplies_the_layers_in_float64():
    hidden, output = np.array([[1, 2], [3, 4], [5, 6]]), np.array([[1, 0, -1], [2, 1, 0]])
    single = LinearNetwork(hidden.astype(np.float32), output.astype(np.float32))
    assert single.weights().dtype == np.float64
    assert single.weights().tolist() == [[-4, -4], [5, 8]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_module_computes_h2_h1_x(dtype):
    network = linear_network(5, 40, generator(3, "test", "module"), dtype)
    x = generator(3, "test", "x").standard_normal((20, 5)).astype(dtype)
    module = as_module(network)
    ours = module(torch.from_numpy(x)).detach().numpy()
    assert ours.dtype == dtype
    # sums of 5 and 40 terms, each of order 1, in that dtype
    assert np.allclose(ours, x @ network.weights().T, rtol=0, atol=50 * np.finfo(dtype).eps)


def test_the_module_has_two_layers_without_biases():
    module = as_module(linear_network(5, 40, generator(3, "test")))
    assert [tuple(p.shape) for p in module.parameters()] == [(40, 5), (2, 40)]


def test_training_the_module_leaves_the_network_alone():
    network = linear_network(5, 40, generator(3, "test"))
    before = network.hidden.copy(), network.output.copy()
    module = as_module(network)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.zero_()
    assert np.array_equal(network.hidden, before[0])
    assert np.array_equal(network.output, before[1])
