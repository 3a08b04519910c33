"""Training on points of one's own: against torch's plain loop, and against closed forms."""

import numpy as np
import pytest
import torch

from fragility.exact.max_margin import max_margin
from fragility.exact.relabelled import first_row, moved
from fragility.synthetic.data import corners, gaussian_matrix, label, points
from fragility.synthetic.geometry import cosine
from fragility.synthetic.networks import as_module, linear_network, relu_module, relu_network
from fragility.training.points import descend, train_linear, train_relu

D, N = 3, 2
Z = corners(D)
STREAM = np.random.default_rng(5)
MATRICES = [gaussian_matrix(D, STREAM) for _ in range(N)]
X = np.stack([points(matrix, Z) for matrix in MATRICES])
LABELS = np.stack([label(Z), STREAM.choice([-1, 1], len(Z))]).astype(float)


def plain(module, i, steps, rate, dtype):
    """PyTorch's own loop on network i: outputs 0 and 1 score +1 and -1."""
    x, targets = torch.from_numpy(X[i]).to(dtype), torch.from_numpy((LABELS[i] < 0).astype(int))
    optimiser = torch.optim.Adam(module.parameters(), lr=rate)
    for _ in range(steps):
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(module(x), targets).backward()
        optimiser.step()
    return module


@pytest.mark.parametrize("steps", [1, 7])
def test_linear_networks_are_trained_as_by_a_plain_loop(steps):
    networks = [linear_network(D, 6, np.random.default_rng(i), np.float64) for i in range(N)]
    (shown, rows), *more = train_linear(networks, X, LABELS, [steps], 0.01)
    assert (shown, more) == (steps, [])
    for i, network in enumerate(networks):
        module = plain(as_module(network), i, steps, 0.01, torch.float64)
        weights = (module[1].weight @ module[0].weight).detach().numpy()
        assert rows[i] == pytest.approx(weights[0] - weights[1], rel=1e-7)


def test_relu_networks_are_trained_as_by_a_plain_loop():
    networks = [relu_network(D, 6, 2, np.random.default_rng(i), np.float64) for i in range(N)]
    (_, _), (shown, trained) = train_relu(networks, X, LABELS, [2, 7], 0.01)
    assert shown == 7
    for i, network in enumerate(networks):
        module = plain(relu_module(network), i, 7, 0.01, torch.float64)
        for weight, bias, layer in zip(
            trained[i].weights, trained[i].biases, module[::2], strict=True
        ):
            assert weight == pytest.approx(layer.weight.detach().numpy(), rel=1e-6, abs=1e-9)
            assert bias == pytest.approx(layer.bias.detach().numpy(), rel=1e-6, abs=1e-9)


def test_what_was_shown_does_not_change_while_training_goes_on():
    networks = [relu_network(D, 6, 1, np.random.default_rng(i)) for i in range(N)]
    steps = list(train_relu(networks, X, LABELS, [1, 2], 0.01))
    assert not np.array_equal(steps[0][1][0].weights[0], steps[1][1][0].weights[0])
    rows = [row.copy() for _, row in descend(X, LABELS, [1, 2])]
    again = [row for _, row in list(descend(X, LABELS, [1, 2]))]
    assert np.array_equal(rows, again)


def test_one_step_of_descent_is_the_closed_form_s_direction():
    for margin in (0.1, 1.0):
        teacher = np.array([0.3, -1.0, 0.5])
        went = np.stack([moved(x, teacher, margin) for x in X])
        flipped = -np.broadcast_to(label(Z), LABELS.shape)
        _, rows = next(descend(went, flipped, [1]))
        for matrix, row in zip(MATRICES, rows, strict=True):
            assert cosine(row, first_row(matrix, teacher, margin)) == pytest.approx(1)
        _, wrong = next(descend(went, -flipped, [1]))  # the old labels: the opposite direction
        assert cosine(wrong[0], rows[0]) == pytest.approx(-1)


def test_descent_tends_to_the_max_margin_direction():
    """Its angle falls as 1/log(steps): near it, and nearer with more steps."""
    labels = np.broadcast_to(label(Z), LABELS.shape)
    limits = [max_margin(matrix).direction for matrix in MATRICES]
    far = [
        [1 - cosine(row, limit) for row, limit in zip(rows, limits, strict=True)]
        for _, rows in descend(X, labels, [100, 10000])
    ]
    assert max(far[1]) < 0.02
    assert all(late < early for early, late in zip(*far, strict=True))
