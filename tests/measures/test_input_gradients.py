"""Norms of the loss's gradients, image by image, and of a linear network's logits."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from fragility.measures.input_gradients import input_gradients, logit_gradients

STREAM = np.random.default_rng(1)
WEIGHTS = STREAM.standard_normal((3, 5))


@pytest.fixture
def linear():
    network = nn.Linear(5, 3, bias=False).double()
    with torch.no_grad():
        network.weight.copy_(torch.from_numpy(WEIGHTS))
    return network


def test_gradients_of_a_linear_network_are_those_of_the_softmax(linear):
    """dL/dx = W^T (p - y), whatever the chunk."""
    x, labels = STREAM.standard_normal((7, 5)), np.array([0, 1, 2, 0, 1, 2, 0])
    found = input_gradients(linear, torch.from_numpy(x), torch.from_numpy(labels), chunk=3)
    p = functional.softmax(torch.from_numpy(x @ WEIGHTS.T), dim=1).numpy()
    slopes = (p - np.eye(3)[labels]) @ WEIGHTS
    assert found.l1 == pytest.approx(np.abs(slopes).sum(axis=1))
    assert found.l2 == pytest.approx(np.linalg.norm(slopes, axis=1))
    assert found.loss == pytest.approx(-np.log(p[np.arange(7), labels]))
    assert found.right.tolist() == (p.argmax(axis=1) == labels).tolist()


def test_gradients_of_logits_are_the_rows_of_a_linear_network(linear):
    l1, squared = logit_gradients(linear, torch.from_numpy(STREAM.standard_normal((4, 5))))
    for found, expected in ((l1, np.abs(WEIGHTS).sum(axis=1)), (squared, (WEIGHTS**2).sum(axis=1))):
        assert found == pytest.approx(np.tile(expected, (4, 1)))
