"""Networks to train and how far two of them are apart: shared by the tests on CPU and on GPU."""

import numpy as np
import torch

from fragility.images.digit_training import DigitSettings
from fragility.images.digits import Digits
from fragility.runtime.seeds import generator
from fragility.synthetic.data import gaussian_matrix, scale_columns
from fragility.synthetic.networks import linear_network, relu_network
from fragility.training.run import Run

# Learning rate, and the relative error that rounding leaves.  Adam divides each gradient by its
# own size and so amplifies a rounding error.  In float64 (eps 2e-16) the formulas are held to 1e-9
# at the project's own rate, in float32 (eps 1e-7) to 1e-4 at the smaller rate.
#
# Linear networks: some hundred steps amplify by some 1e5 within 20 epochs at rate 0.01, by less
# than 100 at 0.001.
#
# ReLU networks: initial weights shaken by an eps came out 5e-14 and 3e-6 apart at most (20 draws
# of each case of training/test_relu.py, some dozens of steps), while the control, a rate off by a
# hundredth, is 8e-4 away at least.  More points in deeper networks would not do: a pre-activation
# that rounding carries over 0 wakes a unit, and Adam moves it by a full step at once; that
# happened in float32 at d = 10.
PRECISION = {np.float64: (0.01, 1e-9), np.float32: (0.001, 1e-4)}

DIGIT_SEED = 7
DIGIT_SETTINGS = DigitSettings(batch_size=16, learning_rate=0.5, decay=0.3, epochs=2)  # 16, 16, 8


def linear_run(d, width, dtype, index=0):
    """A run with fresh streams: training uses a run's orders up."""
    a = gaussian_matrix(d, generator(7, "test", "training", d, index))
    network = linear_network(d, width, generator(7, "test", "initial", d, index), dtype)
    return Run(scale_columns(a, 5), network, generator(7, "test", "orders", d, index))


def relu_run(d, width, layers, dtype, index=0):
    """A run with fresh streams: training uses a run's orders up."""
    a = gaussian_matrix(d, generator(7, "test", "relu training", d, index))
    initial = generator(7, "test", "relu initial", d, layers, index)
    orders = generator(7, "test", "relu orders", d, index)
    return Run(scale_columns(a, 5), relu_network(d, width, layers, initial, dtype), orders)


def random_digits(n=40):
    """Made-up images, each with a bright row of its label's height."""
    stream = generator(DIGIT_SEED, "test", "training digits", n)
    labels = stream.integers(0, 10, n, dtype=np.uint8)
    images = stream.integers(0, 100, (n, 28, 28), dtype=np.uint8)
    images[np.arange(n), 5 + labels] += 150
    return Digits(images, labels)


def linear_error(network, reference):
    """Largest relative error of H1, H2 and W."""
    pairs = [
        (network.hidden, reference.hidden),
        (network.output, reference.output),
        (network.weights(), reference.weights()),
    ]
    return max(np.linalg.norm(ours - theirs) / np.linalg.norm(theirs) for ours, theirs in pairs)


def relu_error(network, reference):
    """Largest relative error of a layer's weights or biases."""
    pairs = zip(network.weights + network.biases, reference.weights + reference.biases, strict=True)
    return max(np.linalg.norm(ours - theirs) / np.linalg.norm(theirs) for ours, theirs in pairs)


def module_of(net, activation):
    """The plain torch version."""
    steps = []
    for weight, bias in zip(net.weights, net.biases, strict=True):
        layer = torch.nn.Linear(weight.shape[1], weight.shape[0], dtype=torch.float64)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(weight))
            layer.bias.copy_(torch.from_numpy(bias))
        steps += [layer, activation()]
    return torch.nn.Sequential(*steps[:-1])
