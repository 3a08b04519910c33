"""Training on Theorem 1's data: against autograd, by network, by checkpoint."""

import numpy as np
import pytest
import torch

from fragility.measures.one_hot import condition_distance
from fragility.runtime.seeds import generator
from fragility.training.one_hot import Stack, train

RATE, D, N = 0.003, 5, 4
# float32 (eps 6e-8): Adam's first steps amplify rounding, by less than 1e3 in 30 steps
TOLERANCE = 1e-4


def stack(layers, relu, decay=(0, 0.1, 0, 0.1)):
    """Four networks: both losses, with and without decay, on two matrices."""
    stream = generator(0, "test", "one-hot training", layers, int(relu))
    sizes = [D, *[8] * (layers - 1), D]
    return Stack(
        [stream.uniform(-1, 1, (N, m, n)) for m, n in zip(sizes[1:], sizes[:-1], strict=True)],
        stream.standard_normal((2, D, D)).repeat(2, axis=0),
        np.array([False, False, True, True]),
        np.array(decay, float),
        relu,
    )  # fmt: skip


def by_autograd(stack, i, steps):
    """One network in the plain loop anyone would write, in float64."""
    layers = [torch.tensor(layer[i], requires_grad=True) for layer in stack.layers]
    optimiser = torch.optim.Adam(layers, lr=RATE)
    x, classes = torch.tensor(stack.points[i]), torch.arange(D)
    for _ in range(steps):
        below = x
        for layer in layers[:-1]:
            below = (layer @ below).relu() if stack.relu else layer @ below
        outputs = (layers[-1] @ below).T
        loss = (
            ((outputs - torch.eye(D)) ** 2).sum(dim=1).mean() / 2
            if stack.squared[i]
            else torch.nn.functional.cross_entropy(outputs, classes)
        )
        loss = loss + stack.decay[i] / 2 * sum((layer**2).sum() for layer in layers)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return [layer.detach().numpy() for layer in layers]


def far(one, other):
    return max(np.abs(a - b).max() for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("layers, relu", [(1, False), (3, False), (2, True), (4, True)])
def test_the_written_out_gradients_are_autograd_s(layers, relu):
    told = stack(layers, relu)
    ((_, trained),) = train(told, [30], RATE)
    ((_, changed),) = train(told._replace(decay=told.decay + 0.05), [30], RATE)
    for i in range(N):
        expected = by_autograd(told, i, 30)
        assert far([layer[i] for layer in trained], expected) < TOLERANCE
        assert far([layer[i] for layer in changed], expected) > 10 * TOLERANCE


def test_checkpoints_and_other_networks_change_nothing():
    told = stack(2, True)
    ((_, at_once),) = train(told, [20], RATE)
    on_the_way = dict(train(told, [0, 3, 20], RATE))
    assert list(on_the_way) == [0, 3, 20]
    assert far(on_the_way[20], at_once) == 0
    assert far(on_the_way[0], told.layers) < 1e-7  # float32
    alone = Stack([layer[:1] for layer in told.layers], *(part[:1] for part in told[1:4]), True)
    ((_, one),) = train(alone, [20], RATE)
    assert far([layer[:1] for layer in at_once], one) < TOLERANCE


def test_the_squared_loss_leads_to_condition_1_and_the_cross_entropy_does_not():
    told = stack(1, False, decay=(0, 0, 0, 0))
    ((_, (weights,)),) = train(told, [4000], 0.01)
    distances = condition_distance(weights @ told.points)
    assert (distances[2:] < 0.05).all()
    assert (distances[:2] > 0.2).all()
