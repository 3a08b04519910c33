"""Accuracy, rho and cos theta_t of ReLU networks, against autograd and by hand."""

import numpy as np
import pytest
import torch
from training_runs import relu_run

from fragility.measures import compression
from fragility.synthetic.data import corners, points, segment
from fragility.synthetic.networks import ReluNetwork, forward, relu_module

DEPTHS = pytest.mark.parametrize("layers", [1, 2, 3])
# float64: sums of at most 40 terms of size 1 in four layers, some hundred units of 2e-16, divided
# by differences and gradients not 100 times smaller
ROUNDING = 1e-12


def problem(layers, d=6, width=40):
    run = relu_run(d, width, layers, np.float64)
    return run.matrix, run.network


def zero_network(d, width=5):
    weights, biases = [np.zeros((width, d)), np.zeros((2, width))], [np.zeros(width), np.zeros(2)]
    return ReluNetwork(weights, biases)


@DEPTHS
@pytest.mark.parametrize("chunk", [1, 7, 32, 64, 4096])
def test_relu_accuracy_is_the_share_of_points_that_are_right(layers, chunk):
    a, network = problem(layers)
    z = corners(6)
    outputs, _ = forward(network, points(a, z))
    right = np.where(z[:, -1] == 1, outputs[:, 0] > outputs[:, 1], outputs[:, 1] > outputs[:, 0])
    assert 0 < right.mean() < 1
    # equality, not closeness: both are counts over 2^d
    assert compression.relu_accuracy(a, network, chunk) == right.mean()


def test_a_tie_is_a_mistake():
    assert compression.relu_accuracy(np.eye(4), zero_network(4)) == 0
    # f_1 - f_2 = max(x_d, 0) at the corners themselves: right where z_d = 1, a tie where z_d = -1
    network = zero_network(4, width=1)
    network.weights[0][0, -1] = network.weights[1][0, 0] = 1
    assert compression.relu_accuracy(np.eye(4), network) == 0.5
    network.biases[1][1] = 0.5  # f_1 - f_2 is 1/2 and -1/2
    assert compression.relu_accuracy(np.eye(4), network) == 1


def slope(network, x):
    """grad f_1 - grad f_2 at one point x (d,), by autograd through the plain module."""
    inputs = torch.from_numpy(x).requires_grad_()
    jacobian = torch.autograd.functional.jacobian(relu_module(network), inputs)
    return (jacobian[0] - jacobian[1]).numpy()


@DEPTHS
def test_rho_is_the_share_that_the_projection_onto_the_gradient_keeps(layers):
    a, network = problem(layers)
    z = corners(6)[::5]
    twin = z.copy()
    z[:, -1], twin[:, -1] = 1, -1
    x1, x2 = points(a, z), points(a, twin)
    along = segment(a, z, np.array([0, 0.2, 0.5, 1]))
    shares, signs = np.empty((2, *along.shape[:2]))
    for i, at in np.ndindex(*shares.shape):
        g = slope(network, along[i, at])
        projection = np.outer(g, g) / (g @ g)
        difference = x1[i] - x2[i]
        shares[i, at] = np.linalg.norm(projection @ difference) / np.linalg.norm(difference)
        signs[i, at] = np.sign(g @ difference)
    flat = along.reshape(-1, 6)
    np.testing.assert_allclose(
        compression.rho(a, network, flat), shares.ravel(), rtol=0, atol=ROUNDING
    )
    np.testing.assert_allclose(
        compression.cos_theta_t(a, network, flat), (signs * shares).ravel(), rtol=0, atol=ROUNDING
    )
    assert np.ptp(shares) > 0.01  # the gradient is not the same everywhere
    assert set(signs.ravel()) == {-1, 1}


def test_where_a_network_is_linear_the_cosine_is_that_of_the_linear_network():
    a, network = problem(1)
    z = corners(6)
    open_ = ReluNetwork(network.weights, [network.biases[0] + 1000, network.biases[1]])
    assert forward(open_, points(a, z))[1][0].min() > 0  # every unit is active at every point
    w = network.weights[1] @ network.weights[0]
    for last, scale in ((a, 1), (a * np.array([1, 1, 1, 1, 1, -3]), -1)):
        expected = compression.cos_theta_1(last, w)
        assert expected == pytest.approx(scale * compression.cos_theta_1(a, w), abs=ROUNDING)
        found = compression.cos_theta_t(last, open_, points(a, z))
        np.testing.assert_allclose(found, expected, rtol=0, atol=ROUNDING)
        np.testing.assert_allclose(
            compression.rho(last, open_, points(a, z)), abs(expected), rtol=0, atol=ROUNDING
        )


@DEPTHS
@pytest.mark.filterwarnings("error")
def test_a_dead_network_has_no_cosine(layers):
    a, network = problem(layers)
    x = points(a, corners(6))
    dead = ReluNetwork(network.weights, [b - 1e4 for b in network.biases])
    assert np.isnan(compression.rho(a, dead, x)).all()
    assert np.isnan(compression.cos_theta_t(a, dead, x)).all()
    assert np.isfinite(compression.rho(a, network, x)).all()


def test_a_network_dead_at_some_points_has_a_cosine_at_the_others():
    network = zero_network(2, width=1)
    network.weights[0][0, 0] = network.weights[1][0, 0] = 1  # f_1 - f_2 = max(x_1, 0)
    a, x = np.array([[1.0, 1], [0, 1]]), np.array([[2.0, 0], [-2, 0], [1, 5]])
    found = compression.cos_theta_t(a, network, x)
    np.testing.assert_allclose(found, [np.sqrt(0.5), np.nan, np.sqrt(0.5)], rtol=1e-15)
