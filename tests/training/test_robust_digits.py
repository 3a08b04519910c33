"""Ways of training digits: each loss against a hand computation, on networks of one layer."""

import numpy as np
import pytest
import torch

from fragility.images.digits import Digits
from fragility.training.robust_digits import (
    LOSSES,
    Kind,
    RobustSettings,
    accuracy,
    as_tensors,
    kinds,
    train,
    worst,
)

SETTINGS = RobustSettings(batch_size=4, learning_rate=0.01, epochs=2, attack_steps=5)
STREAM = np.random.default_rng(0)
X = torch.from_numpy(STREAM.uniform(0.4, 0.6, (10, 1, 28, 28))).float()
LABELS = torch.from_numpy(STREAM.integers(0, 10, 10))


def linear(seed=1):
    torch.manual_seed(seed)
    return torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 10)).eval()


def trained(kind, seed=0):
    network = linear()
    train(network, X, LABELS, kind, SETTINGS, np.random.default_rng(seed))
    return network[1].weight.detach()


def cross_entropies(network, x):
    outputs = network(x)
    return torch.logsumexp(outputs, 1) - outputs[torch.arange(len(x)), LABELS]


def test_the_penalty_is_the_mean_squared_norm_of_the_loss_s_gradient():
    network = linear()
    chances = network(X).softmax(1)
    chances[torch.arange(10), LABELS] -= 1
    slopes = chances @ network[1].weight  # of the cross-entropy by x
    expected = cross_entropies(network, X).mean() + 3 * slopes.square().sum(1).mean()
    found = LOSSES["gradient_penalty"](network, X, LABELS, 3.0, SETTINGS)
    assert float(found) == pytest.approx(float(expected), rel=1e-5)


def test_adversarial_inputs_lie_at_the_radius_and_have_the_greatest_loss_of_a_linear_network():
    """With two classes the loss grows along one direction only."""
    network = linear()
    with torch.no_grad():
        network[1].weight[2:] = 0
        network[1].bias[2:] = -100  # two classes are left
    labels = LABELS % 2
    far = worst(network, X, labels, 0.5, SETTINGS) - X
    assert far.flatten(1).norm(dim=1).tolist() == pytest.approx([0.5] * 10, rel=1e-4)
    direction = network[1].weight[1] - network[1].weight[0]
    sign = 1 - 2 * labels.float()
    along = far.flatten(1) @ direction / direction.norm() * sign
    assert along.tolist() == pytest.approx([0.5] * 10, rel=1e-3)
    assert all(p.requires_grad for p in network.parameters())  # it can still be trained


def test_adversarial_inputs_stay_within_the_pixels_range():
    dark = torch.zeros(10, 1, 28, 28)
    found = worst(linear(), dark, LABELS, 2.0, SETTINGS)
    assert (found.min(), found.max() <= 1) == (0, True)


def test_the_adversarial_loss_is_that_of_the_worst_inputs():
    network = linear()
    found = LOSSES["adversarial"](network, X, LABELS, 0.5, SETTINGS)
    expected = cross_entropies(network, worst(network, X, LABELS, 0.5, SETTINGS)).mean()
    assert float(found) == pytest.approx(float(expected))
    assert float(found) > float(cross_entropies(network, X).mean())


def test_each_kind_s_strength_changes_what_is_learned_and_strength_nought_does_not():
    usual = trained(Kind("usual", 0.0))
    for name in ("weight_decay", "gradient_penalty", "adversarial"):
        assert not torch.allclose(trained(Kind(name, 0.5)), usual, atol=1e-5), name
    for name in ("weight_decay", "gradient_penalty"):
        assert torch.allclose(trained(Kind(name, 0.0)), usual, atol=1e-6), name


def test_weight_decay_shrinks_the_weights():
    assert trained(Kind("weight_decay", 10.0)).norm() < 0.9 * trained(Kind("usual", 0.0)).norm()


def test_training_depends_on_the_orders_alone_and_reports_each_step():
    usual, steps = Kind("usual", 0.0), []
    assert torch.equal(trained(usual), trained(usual))
    assert not torch.equal(trained(usual), trained(usual, seed=1))
    train(linear(), X, LABELS, usual, SETTINGS, np.random.default_rng(0), steps.append)
    assert steps == [1, 2, 3, 4, 5, 6]  # ten images, four at a time, twice


def test_the_order_of_kinds_is_not_that_of_the_configuration():
    told = {"weight_decay": [0.1], "gradient_penalty": [3], "adversarial": [1, 2.5]}
    assert kinds(told) == kinds(dict(sorted(told.items())))


def test_kinds_begin_with_the_usual_one_and_an_unknown_one_is_an_error():
    told = kinds({"weight_decay": [0.1], "adversarial": [1, 2.5]})
    assert list(map(str, told)) == [
        "usual:0",
        "weight_decay:0.1",
        "adversarial:1",
        "adversarial:2.5",
    ]
    with pytest.raises(ValueError, match=r"unknown kinds \['dropout'\]; known: usual, weight"):
        kinds({"dropout": [1]})


def test_accuracy_counts_right_images():
    network = linear()
    classes = network(X).argmax(1)
    assert accuracy(network, X, classes) == 1
    classes[:3] = (classes[:3] + 1) % 10
    assert accuracy(network, X, classes) == pytest.approx(0.7)


def test_digits_become_pixels_from_nought_to_one():
    images = np.full((2, 28, 28), 255, np.uint8)
    x, labels = as_tensors(Digits(images, np.array([3, 4], np.uint8)), "cpu")
    assert (x.shape, float(x.min()), labels.tolist()) == ((2, 1, 28, 28), 1.0, [3, 4])
