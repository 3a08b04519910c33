"""Training ReLU networks plainly: where it ends, what a step is, what it leaves alone."""

import numpy as np
import torch
from training_runs import module_of

from fragility.runtime.seeds import generator
from fragility.synthetic.data import corners, gaussian_matrix, label, points, scale_columns
from fragility.synthetic.networks import forward, relu_network
from fragility.training.relu_plain import train
from fragility.training.run import Settings


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
