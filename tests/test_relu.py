"""ReLU networks: initial law, outputs and gradients against autograd, tensors, training."""

import numpy as np
import pytest
import torch
from scipy import stats

from fragility.runtime.seeds import generator
from fragility.synthetic.data import corners, gaussian_matrix, label, points, scale_columns
from fragility.synthetic.networks import (
    RELU,
    SOFTPLUS,
    forward,
    gradient,
    relu_network,
    relu_networks,
    relu_tensors,
)
from fragility.training.relu_plain import train
from fragility.training.run import Settings

# float64 sums of at most 40 terms of size 1 in three layers: some hundred units of 2e-16
ROUNDING = 1e-12


def network(d=5, width=40, layers=2, dtype=float):
    return relu_network(d, width, layers, generator(0, "test", "relu", d, width, layers), dtype)


def module_of(net, activation):
    """The plain torch twin."""
    steps = []
    for weight, bias in zip(net.weights, net.biases, strict=True):
        layer = torch.nn.Linear(weight.shape[1], weight.shape[0], dtype=torch.float64)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(weight))
            layer.bias.copy_(torch.from_numpy(bias))
        steps += [layer, activation()]
    return torch.nn.Sequential(*steps[:-1])


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize(
    ("ours", "theirs"), [(RELU, torch.nn.ReLU), (SOFTPLUS, torch.nn.Softplus)], ids=["relu", "soft"]
)
def test_outputs_and_gradients_are_torch_s(layers, ours, theirs):
    net = network(layers=layers)
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
    net, x = network(), np.ones((2, 5))
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
    wrong = stats.uniform(-1.2 / 3, 2.4 / 3)  # twin: a bound a fifth too large, fan-in 9
    assert stats.kstest(net.weights[0].ravel(), wrong.cdf).pvalue < 1e-6


def test_tensors_hold_the_networks():
    pairs = [(np.eye(5), network()), (2 * np.eye(4), network(d=4, layers=1))]
    back = relu_networks(relu_tensors(pairs))
    assert [len(net.weights) for _, net in back] == [3, 2]
    for (matrix, net), (a, found) in zip(pairs, back, strict=True):
        np.testing.assert_array_equal(matrix, a)
        for one, two in zip(net.weights + net.biases, found.weights + found.biases, strict=True):
            np.testing.assert_array_equal(one, two)


def test_tensors_without_a_network_are_refused_by_name():
    with pytest.raises(ValueError, match=r"n0\.A"):
        relu_networks({"weights": np.eye(2)})


def run(settings, d=6, width=60, dtype=np.float32):
    a = scale_columns(gaussian_matrix(d, generator(3, "test", "relu data")), 5)
    z = corners(d)
    initial = relu_network(d, width, 1, generator(3, "test", "relu initial"), dtype)
    trained = train(initial, points(a, z), label(z), settings, generator(3, "test", "orders"))
    return initial, points(a, z), label(z), trained


def test_training_ends_when_every_point_is_right():
    _, x, labels, trained = run(Settings(8, 0.003, 200))
    assert trained.accuracy == 1
    assert trained.epochs < 200
    outputs, _ = forward(trained.network, x)
    assert (np.sign(outputs[:, 0] - outputs[:, 1]) == labels).all()


def test_an_inaccurate_network_is_told_as_such():
    _, x, labels, trained = run(Settings(64, 1e-6, 2))
    outputs, _ = forward(trained.network, x)
    assert trained.epochs == 2
    assert trained.accuracy == np.mean(np.sign(outputs[:, 0] - outputs[:, 1]) == labels) < 1


def test_one_step_is_torch_s():
    initial, x, labels, trained = run(Settings(None, 0.01, 1), dtype=float)
    module = module_of(initial, torch.nn.ReLU)
    optimiser = torch.optim.Adam(module.parameters(), lr=0.01)
    targets = torch.from_numpy((labels == -1).astype(np.int64))
    torch.nn.functional.cross_entropy(module(torch.from_numpy(x)), targets).backward()
    optimiser.step()
    # Adam divides a gradient by its own size, so rounding 1e-16 of gradients above 1e-6 counts;
    # a step of another rate would differ by 1e-2
    found = trained.network.weights[0]
    np.testing.assert_allclose(found, module[0].weight.detach().numpy(), rtol=0, atol=1e-7)
    assert np.abs(found - initial.weights[0]).max() > 5e-3


def test_training_leaves_the_initial_weights_alone():
    initial, *_ = run(Settings(8, 0.003, 1))
    again = relu_network(6, 60, 1, generator(3, "test", "relu initial"))
    np.testing.assert_array_equal(initial.weights[0], again.weights[0])
