"""Attacks on many networks at once: as on each alone; exact where networks are linear."""

import numpy as np
import pytest

from fragility.attacks.relu import smallest_perturbations
from fragility.attacks.stacks import smallest_of_stack
from fragility.runtime.seeds import generator
from fragility.synthetic.data import corners, gaussian_matrix, label, points
from fragility.synthetic.networks import ReluNetwork, theorem_6_weights

D = 4
SETTINGS = {"attacks": ("ddn", "projection"), "steps": 20}


def correct_network(matrix, shift, scale=1.0):
    """s(w.x + b) - s(-w.x + b') with w of Theorem 6: correct, and bent where a unit turns off."""
    w = theorem_6_weights(matrix)
    stream = generator(1, "test", "attacked stacks", float(shift))
    other = 0.05 * stream.standard_normal(D)
    hidden = np.stack([w + other, -w + other])
    return ReluNetwork(
        [hidden, scale * np.array([[1.0, 0], [0, 1]])], [shift * np.ones(2), np.zeros(2)]
    )


@pytest.fixture
def stacked():
    matrices = [gaussian_matrix(D, generator(1, "test", "stack", i)) for i in range(3)]
    z = corners(D)
    x = np.stack([points(a, z) for a in matrices])
    units = np.array([np.linalg.norm(a[:, -1]) for a in matrices])
    networks = [correct_network(a, 1.5 + 0.5 * i) for i, a in enumerate(matrices)]
    return networks, x, label(z).astype(int), units


def test_each_network_is_attacked_as_if_it_were_alone(stacked):
    networks, x, labels, units = stacked
    found = smallest_of_stack(networks, x, labels, units=units, **SETTINGS)
    for k, network in enumerate(networks):
        alone = smallest_perturbations(network, x[k], labels, unit=units[k], **SETTINGS)
        # step sizes depend on the unit only; sums differ in the last digits
        assert found.norm[k] == pytest.approx(alone.norm, rel=1e-5, nan_ok=True)
        assert np.isfinite(alone.norm).mean() > 0.7


def test_a_network_scaled_by_ten_needs_the_same_perturbations(stacked):
    networks, x, labels, units = stacked
    larger = [
        ReluNetwork([n.weights[0], 10 * n.weights[1]], [n.biases[0], 10 * n.biases[1]])
        for n in networks
    ]
    one = smallest_of_stack(networks, x, labels, units=units, **SETTINGS)
    ten = smallest_of_stack(larger, x, labels, units=units, **SETTINGS)
    assert ten.norm == pytest.approx(one.norm, rel=1e-6, nan_ok=True)


def test_linear_networks_need_what_their_margins_say():
    matrices = [gaussian_matrix(D, generator(4, "test", "stack", i)) for i in range(2)]
    z = corners(D)
    x = np.stack([points(a, z) for a in matrices])
    w = [theorem_6_weights(a) for a in matrices]
    # s(u + 100) - s(-u + 100) = 2 u as long as |u| < 100
    networks = [
        ReluNetwork([np.stack([v, -v]), np.eye(2)], [np.full(2, 100.0), np.zeros(2)]) for v in w
    ]
    found = smallest_of_stack(networks, x, label(z), units=np.ones(2), **SETTINGS)
    expected = np.stack([np.full(len(z), 1 / np.linalg.norm(v)) for v in w])
    assert found.norm == pytest.approx(expected, rel=1e-4)  # DDN steps a little beyond the boundary
