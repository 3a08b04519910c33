"""Robust training of a stack: the plain loop's weights, foolbox's attack, no mixing of networks."""

import numpy as np
import pytest
import torch
from robust_training import foolbox_attacked, plain
from training_runs import relu_run

from fragility.synthetic.data import corners, label, points
from fragility.synthetic.networks import relu_module
from fragility.synthetic.stacks import NetworkStack
from fragility.training.interventions import Intervention, attacked, train
from fragility.training.run import Settings

D, WIDTH, LAYERS, STEPS = 4, 10, 2, 3
# at this rate, in float64, rounding stays below 1e-8 within twelve steps (see training_runs)
SETTINGS = Settings(batch_size=4, learning_rate=0.003, epochs=3)
EACH = {
    "usual": Intervention(),
    "attack": Intervention(radius=0.5),
    "gradient": Intervention(gradient=0.7),
    "decay": Intervention(decay=2.0),
    "angle": Intervention(angle=0.8),
    "curvature": Intervention(curvature=0.6),
    "equal margins": Intervention(equal_margins=1.0),
    "angle and curvature": Intervention(angle=0.8, curvature=0.6),
}


def runs(count):
    return [relu_run(D, WIDTH, LAYERS, np.float64, index) for index in range(count)]


def apart(one, other):
    """Largest distance of a layer's weights, relative to its size."""
    return max(
        np.linalg.norm(a - b) / np.linalg.norm(b)
        for a, b in zip([*one.weights, *one.biases], [*other.weights, *other.biases], strict=True)
    )


@pytest.mark.parametrize("name", EACH)
def test_a_stack_is_trained_as_the_plain_loop_trains_each(name):
    trained = train(runs(2), [EACH[name]] * 2, SETTINGS, STEPS, "cpu")
    for index, network in enumerate(trained):
        run = relu_run(D, WIDTH, LAYERS, np.float64, index)
        assert apart(network, plain(run, EACH[name], SETTINGS, STEPS)) < 1e-8


@pytest.mark.parametrize("name", [name for name in EACH if name != "usual"])
def test_each_part_of_the_loss_changes_the_network(name):
    """The control: what the plain loop is held to is not the same for all interventions."""
    one, other = train(runs(1) + runs(1), [EACH[name], EACH["usual"]], SETTINGS, STEPS, "cpu")
    assert apart(one, other) > 1e-4


def test_networks_of_all_interventions_are_trained_as_if_alone():
    together = train(
        [run for _ in EACH for run in runs(1)], list(EACH.values()), SETTINGS, STEPS, "cpu"
    )
    for told, network in zip(EACH.values(), together, strict=True):
        (alone,) = train(runs(1), [told], SETTINGS, STEPS, "cpu")
        assert apart(network, alone) < 1e-9


def test_the_attack_is_foolbox_s():
    drawn = runs(3)
    stack = NetworkStack([run.network for run in drawn])
    z = corners(D)
    x = torch.from_numpy(np.stack([points(run.matrix, z) for run in drawn]))
    y = torch.from_numpy(label(z).astype(float))
    radius = torch.tensor([0.1, 1.0, 3.0], dtype=torch.float64)
    e = attacked(stack, x, y, radius, 5)
    for k, run in enumerate(drawn):
        expected = foolbox_attacked(relu_module(run.network).eval(), x[k], y, float(radius[k]), 5)
        # foolbox's gradient of the cross-entropy has another size, and the same direction
        assert (x[k] + e[k]).numpy() == pytest.approx(expected.numpy(), abs=1e-9)
    norms = e.norm(dim=2)
    assert (norms <= radius[:, None] * (1 + 1e-12)).all()
    assert (norms > 0.5 * radius[:, None]).any()


def test_the_attack_lowers_the_margin():
    (run,) = runs(1)
    stack = NetworkStack([run.network])
    z = corners(D)
    x = torch.from_numpy(points(run.matrix, z))[None]
    y = torch.from_numpy(label(z).astype(float))
    e = attacked(stack, x, y, torch.tensor([0.5], dtype=torch.float64), 5)
    before, after = (y * stack.difference(at) for at in (x, x + e))
    assert (after < before).all()
    assert (y * stack.difference(x - e) > before).float().mean() > 0.8  # the other way raises it
