"""Linear and ReLU networks: initial law, outputs and gradients against torch's, Theorem 6's."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from training_runs import PRECISION, module_of, relu_run

from fragility.runtime.seeds import generator
from fragility.synthetic.data import corners, gaussian_matrix, label, points
from fragility.synthetic.networks import (
    RELU,
    SOFTPLUS,
    LinearNetwork,
    as_module,
    forward,
    gradient,
    linear_network,
    margins,
    relu_module,
    relu_network,
    relu_networks,
    relu_tensors,
    theorem_6_weights,
)

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
    # controls: 21000 weights tell the scale 1/sqrt(7) from 1/sqrt(8), a KS distance of 0.03
    assert ks(network.hidden, D + 1) < 1e-6
    assert ks(network.hidden, WIDTH) < 1e-6


def test_output_weights_follow_their_fan_in_and_no_other(network):
    assert ks(network.output, WIDTH) > 1e-3
    # negative controls: 6000 weights tell 1/sqrt(3000) from 1/sqrt(3600), a KS distance of 0.04
    assert ks(network.output, 1.2 * WIDTH) < 1e-6
    assert ks(network.output, 2) < 1e-6


def test_no_weight_lies_outside_the_bound(network):
    assert np.abs(network.hidden).max() <= 1 / np.sqrt(D)
    assert np.abs(network.output).max() <= 1 / np.sqrt(WIDTH)


def test_the_law_is_that_of_torch_layers(network, torch_layers):
    hidden, output = torch_layers
    assert stats.ks_2samp(network.hidden.ravel(), hidden.ravel()).pvalue > 1e-3
    assert stats.ks_2samp(network.output.ravel(), output.ravel()).pvalue > 1e-3
    # negative control: Glorot's scale, sqrt(6 / (fan-in + fan-out)) instead of 1/sqrt(fan-in)
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


EPS = np.finfo(float).eps


def gaussian(d, index=0):
    return gaussian_matrix(d, generator(4, "test", "theory", d, index))


matrices = st.builds(gaussian, st.integers(2, 10), st.integers(0, 1000))


@given(matrices)
def test_theorem_6_weights_are_the_last_row_of_the_inverse(a):
    inverse = np.linalg.inv(a)
    tolerance = 10 * len(a) * EPS * np.linalg.cond(a) * np.linalg.norm(inverse)
    assert np.allclose(theorem_6_weights(a), inverse[-1], rtol=0, atol=tolerance)


@given(matrices)
def test_theorem_6_weights_satisfy_condition_6_at_every_corner(a):
    z = corners(len(a))
    outputs = points(a, z) @ theorem_6_weights(a)
    assert np.allclose(outputs, label(z), rtol=0, atol=50 * EPS * len(a) * np.linalg.cond(a))


# float64 sums of at most 40 terms of size 1 in three layers: some hundred units of 2e-16
ROUNDING = 1e-12


def relu(d=5, width=40, layers=2, dtype=float):
    return relu_network(d, width, layers, generator(0, "test", "relu", d, width, layers), dtype)


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize(
    ("ours", "theirs"), [(RELU, torch.nn.ReLU), (SOFTPLUS, torch.nn.Softplus)], ids=["relu", "soft"]
)
def test_outputs_and_gradients_are_torch_s(layers, ours, theirs):
    net = relu(layers=layers)
    x = generator(0, "test", "relu points").standard_normal((30, 5))
    inputs = torch.from_numpy(x).requires_grad_()
    expected = module_of(net, theirs)(inputs)
    outputs, hidden = forward(net, x, ours)
    np.testing.assert_allclose(outputs, expected.detach().numpy(), rtol=0, atol=ROUNDING)
    combination = np.array([1.0, -2.0])
    (expected @ torch.from_numpy(combination)).sum().backward()
    found = gradient(net, hidden, combination, ours)
    np.testing.assert_allclose(found, inputs.grad.numpy(), rtol=0, atol=ROUNDING)
    assert len(hidden) == layers


def test_softplus_does_not_overflow():
    u = np.array([-1e4, 0, 1e4])
    np.testing.assert_allclose(SOFTPLUS.function(u), [0, np.log(2), 1e4])


def test_a_gradient_may_be_told_apart_by_point():
    net, x = relu(), np.ones((2, 5))
    _, hidden = forward(net, x)
    rows = gradient(net, hidden, np.eye(2))
    np.testing.assert_allclose(rows[1], gradient(net, hidden, np.array([0.0, 1.0]))[0], atol=1e-15)
    assert not np.allclose(rows[0], rows[1])


def test_initial_weights_and_biases_have_the_law_of_torch_s_linear():
    net = relu_network(9, 400, 2, generator(0, "test", "law"))
    for weight, bias in zip(net.weights, net.biases, strict=True):
        bound = 1 / np.sqrt(weight.shape[1])
        for values in (weight.ravel(), bias):
            # six tests; together they fail one correct run in a thousand
            law = stats.uniform(-bound, 2 * bound)
            assert stats.kstest(values, law.cdf).pvalue > 1e-3 / 6
    wrong = stats.uniform(-1.2 / 3, 2.4 / 3)  # control: a bound a fifth too large, fan-in 9
    assert stats.kstest(net.weights[0].ravel(), wrong.cdf).pvalue < 1e-6


def test_tensors_hold_the_networks():
    pairs = [(np.eye(5), relu()), (2 * np.eye(4), relu(d=4, layers=1))]
    back = relu_networks(relu_tensors(pairs))
    assert [len(net.weights) for _, net in back] == [3, 2]
    for (matrix, net), (a, found) in zip(pairs, back, strict=True):
        np.testing.assert_array_equal(matrix, a)
        for one, two in zip(net.weights + net.biases, found.weights + found.biases, strict=True):
            np.testing.assert_array_equal(one, two)


def test_tensors_without_a_network_are_refused_by_name():
    with pytest.raises(ValueError, match=r"n0\.A"):
        relu_networks({"weights": np.eye(2)})


DEPTHS = pytest.mark.parametrize("layers", [1, 2, 3])


def problem(layers, dtype):
    """A matrix and a ReLU network, d = 6, as they are before training."""
    run = relu_run(6, 40, layers, dtype)
    return run.matrix, run.network


@DEPTHS
@pytest.mark.parametrize("dtype", PRECISION, ids=lambda dtype: dtype.__name__)
def test_the_module_gives_the_network_s_outputs(layers, dtype):
    a, network = problem(layers, dtype)
    x = points(a, corners(6)).astype(dtype)
    found = relu_module(network)(torch.from_numpy(x)).detach().numpy()
    outputs, _ = forward(network, x)
    assert found.dtype == outputs.dtype == dtype
    # sums of at most 40 terms of size at most 10, in that dtype
    np.testing.assert_allclose(found, outputs, rtol=0, atol=1000 * np.finfo(dtype).eps)
    assert np.ptp(outputs, axis=0).min() > 0.05


@DEPTHS
def test_a_margin_is_positive_where_the_label_s_output_is_the_larger(layers):
    a, network = problem(layers, np.float64)
    x, labels = points(a, corners(6)), label(corners(6))
    choices = relu_module(network)(torch.from_numpy(x)).argmax(dim=1).numpy()
    right = choices == (labels == -1)  # output 0 scores the label +1
    found = margins(network, x, labels)
    assert np.array_equal(found > 0, right)
    assert {True, False} == set(right)
    assert np.array_equal(margins(network, x, -labels), -found)
    assert np.array_equal(margins(network, x, 1), labels * found)
    outputs, _ = forward(network, x)
    assert np.array_equal(margins(network, x, 1), outputs[:, 0] - outputs[:, 1])
