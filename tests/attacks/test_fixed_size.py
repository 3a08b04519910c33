"""Attacks of a given size on a linear network, where the best one is known."""

import numpy as np
import pytest
import torch
from torch import nn

from fragility.attacks.fixed_size import attacked, pgd

TOLD = {"steps": 10, "relative_step": 0.2, "bounds": (-1.0, 2.0)}


@pytest.fixture
def linear():
    network = nn.Sequential(nn.Flatten(), nn.Linear(16, 2, bias=False))
    stream = np.random.default_rng(1)
    with torch.no_grad():
        network[1].weight.copy_(torch.from_numpy(stream.standard_normal((2, 16))))
    x = torch.from_numpy(stream.random((40, 1, 4, 4), dtype=np.float32))
    return network.eval().requires_grad_(False), x


def test_of_two_classes_the_attack_is_the_sign_of_the_difference(linear):
    """Two classes and a linear network: every step goes along sign(w_other - w_label)."""
    network, x = linear
    labels = network(x).argmax(dim=1)
    moved = pgd(network, x, labels, 0.05, **TOLD)
    rows = network[1].weight
    best = 0.05 * (rows[1 - labels] - rows[labels]).sign().view_as(x)
    assert torch.allclose(moved, x + best, atol=1e-6)


def test_flips_and_increase_are_of_predictions_and_of_the_labels_loss(linear):
    network, x = linear
    logits = network(x)
    labels, wrong = logits.argmax(dim=1), logits.argmin(dim=1)
    distance = (logits.max(dim=1).values - logits.min(dim=1).values) / (
        (network[1].weight[0] - network[1].weight[1]).abs().sum()
    )
    epsilon = float(distance.median()) + 1e-4
    found = attacked(network, x, pgd(network, x, labels, epsilon, **TOLD), labels)
    assert found.flipped.tolist() == (distance < epsilon).tolist()
    assert (found.increase > 0).all()
    same = attacked(network, x, x, wrong)
    assert not same.flipped.any()
    assert not same.increase.any()


def test_pixels_stay_within_the_bounds(linear):
    network, x = linear
    moved = pgd(network, x, network(x).argmax(dim=1), 0.5, **TOLD | {"bounds": (0.0, 1.0)})
    assert float(moved.min()) >= 0
    assert float(moved.max()) <= 1
