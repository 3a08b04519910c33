"""The iterative attack: the length it must have on a linear network, and where it stops."""

import numpy as np
import pytest
import torch

from fragility.attacks.iterative import iterate
from fragility.attacks.minimal import Goal
from fragility.runtime.seeds import generator

WIDE = (-1e6, 1e6)
ROUNDING = 1e-12  # float64 (eps 2e-16), sums of a hundred terms of size 1


def linear(weights, bias):
    weights, bias = (torch.as_tensor(np.asarray(values, float)) for values in (weights, bias))
    model = torch.nn.Linear(weights.shape[1], len(weights), dtype=torch.float64)
    with torch.no_grad():
        model.weight.copy_(weights)
        model.bias.copy_(bias)
    return model.eval()


def smooth(d=6, classes=4, key="smooth"):
    stream = generator(7, "test", "iterative", key)
    layers = torch.nn.Linear(d, 20), torch.nn.Tanh(), torch.nn.Linear(20, classes)
    model = torch.nn.Sequential(*layers).double().eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.from_numpy(stream.standard_normal(parameter.shape)))
    return model


def away(model, n, key="x", d=6):
    """Inputs, what the model takes each for, and for each a class that it is not taken for."""
    x = torch.from_numpy(generator(7, "test", "iterative", key).standard_normal((n, d)))
    with torch.no_grad():
        labels = model(x).argmax(dim=1)
    return x, Goal(labels, (labels + 1) % 4)


def attack(model, x, goal, step=0.1, bounds=WIDE, steps=50, progress=None):
    return iterate(model, x, goal, step=step, bounds=bounds, steps=steps, progress=progress)


def by_definition(model, x, target, step, bounds, steps):
    """One input: x - step sign(grad of the cross-entropy of the target)."""
    at = x.clone()
    for k in range(1, steps + 1):
        inputs = at.clone().requires_grad_()
        loss = torch.nn.functional.cross_entropy(model(inputs[None]), target[None])
        (slope,) = torch.autograd.grad(loss, inputs)
        at = (at - step * slope.sign()).clamp(*bounds)
        with torch.no_grad():
            if model(at[None]).argmax() == target:
                return at, k
    return torch.full_like(x, torch.nan), -1


# --- linear networks ---


@pytest.mark.parametrize("targeted", [True, False], ids=["targeted", "untargeted"])
@pytest.mark.parametrize("step", [0.001, 0.01, 1.0])
def test_on_a_linear_network_it_is_as_long_as_its_steps(step, targeted):
    """Every step has the same signs: s sqrt(n) k, k the first that passes g / (s |w|_1)."""
    n = 100
    w = generator(7, "test", "iterative", "w").standard_normal(n)
    x = torch.from_numpy(generator(7, "test", "iterative", "points").standard_normal((5, n)))
    g = x.numpy() @ w - 3
    signed = np.sign(g)  # class 0 where g > 0
    labels = torch.from_numpy((g < 0).astype(int))
    goal = Goal(labels, 1 - labels if targeted else None)
    found = attack(linear([w, 0 * w], [-3, 0]), x, goal, step, steps=10_000)
    k = np.floor(np.abs(g) / (step * np.abs(w).sum())) + 1
    assert found.steps.tolist() == k.tolist()
    perturbation = found.adversarial - x
    lengths = perturbation.norm(dim=1).numpy()
    np.testing.assert_allclose(lengths, step * np.sqrt(n) * k, rtol=1e-9)
    np.testing.assert_allclose(
        perturbation, -signed[:, None] * step * k[:, None] * np.sign(w), rtol=1e-9
    )
    # which is not the distance: that is |g| / ||w||
    assert (lengths > 1.2 * np.abs(g) / np.linalg.norm(w)).all()
    if step < 0.01:
        assert k.max() > 50  # else the count would not have been tried


def test_entries_without_a_slope_stay_where_they_are():
    model = linear([[1.0, 0, -2, 0], [0, 0, 0, 0]], [0.0, 0])
    x = torch.tensor([[1.0, 5, -1, 7]], dtype=torch.float64)
    found = attack(model, x, Goal(torch.tensor([0]), torch.tensor([1])), 0.6)
    # g = 3, 1.8 less at each step: past 0 at the second
    np.testing.assert_allclose(found.adversarial, [[-0.2, 5, 0.2, 7]], atol=ROUNDING)
    assert found.steps.tolist() == [2]


# --- the first step that flips ---


@pytest.mark.parametrize("bounds", [WIDE, (-1.5, 1.5)], ids=["wide", "tight"])
def test_each_input_is_taken_as_a_plain_loop_takes_it_alone(bounds):
    model = smooth()
    x, goal = away(model, 40)
    x = x.clamp(*bounds)
    with torch.no_grad():
        labels = model(x).argmax(dim=1)
    goal = Goal(labels, (labels + 1) % 4)
    found = attack(model, x, goal, 0.05, bounds, steps=30)
    for i in range(len(x)):
        at, k = by_definition(model, x[i], goal.targets[i], 0.05, bounds, 30)
        assert found.steps[i] == k
        np.testing.assert_allclose(found.adversarial[i], at, atol=ROUNDING)
    assert len(found.steps.unique()) > 5
    assert (found.steps == -1).any()  # both kinds are there


def test_it_stops_at_the_first_step_that_flips_and_not_before():
    model = smooth()
    x, goal = away(model, 40)
    found = attack(model, x, goal, 0.05)
    some = found.steps > 0
    with torch.no_grad():
        assert (model(found.adversarial[some]).argmax(dim=1) == goal.targets[some]).all()
    shorter = int(found.steps.max()) - 1
    again = attack(model, x, goal, 0.05, steps=shorter)
    late = found.steps == found.steps.max()
    assert late.any()
    assert (again.steps[late] == -1).all()
    assert torch.equal(again.steps[~late], found.steps[~late])


def test_where_it_does_not_arrive_it_is_nan_and_counts_no_steps():
    """Class 2 is 100 behind and nothing brings it forward; the others go on."""
    model = linear([[1.0, 0], [-1, 0], [0, 0]], [0.0, 0, -100])
    x = torch.tensor([[0.25, 3], [0.25, 3], [0.75, 4]], dtype=torch.float64)
    found = attack(model, x, Goal(torch.tensor([0, 0, 0]), torch.tensor([1, 2, 1])), 0.5, steps=7)
    assert found.steps.tolist() == [1, -1, 2]
    assert found.adversarial[1].isnan().all()
    np.testing.assert_allclose(found.adversarial[[0, 2]], [[-0.25, 3], [-0.25, 4]], atol=ROUNDING)


def test_bounds_may_stop_it():
    model = linear([[1.0, 1], [0, 0]], [0.0, 0])
    x = torch.tensor([[0.5, 0.5], [0.5, 0.5]], dtype=torch.float64)
    goal = Goal(torch.tensor([0, 0]), torch.tensor([1, 1]))
    assert attack(model, x, goal, 0.3, (0.0, 1.0)).steps.tolist() == [-1, -1]
    found = attack(model, x, goal, 0.3, (-0.05, 1.0))
    assert found.steps.tolist() == [2, 2]
    assert found.adversarial.tolist() == [[-0.05, -0.05]] * 2  # not -0.1


def test_a_tie_is_no_flip():
    model = linear([[1.0], [0.0]], [0.0, 0])
    x = torch.tensor([[1.0]], dtype=torch.float64)
    found = attack(model, x, Goal(torch.tensor([0]), torch.tensor([1])), 0.5)
    assert found.steps.tolist() == [3]  # after the second both outputs are 0
    assert found.adversarial.tolist() == [[-0.5]]


# --- the rest ---


def test_inputs_do_not_hang_on_those_beside_them_and_are_left_alone():
    model = smooth()
    x, goal = away(model, 20)
    before = x.clone()
    whole = attack(model, x, goal, 0.05)
    assert torch.equal(x, before)
    assert not whole.adversarial.requires_grad
    some = torch.tensor([13, 2, 7])
    part = attack(model, x[some], Goal(goal.labels[some], goal.targets[some]), 0.05)
    assert torch.equal(part.steps, whole.steps[some])
    np.testing.assert_allclose(part.adversarial, whole.adversarial[some], atol=ROUNDING)


def test_images_keep_their_shape():
    flat, (x, goal) = smooth(d=12), away(smooth(d=12), 5, d=12)
    model = torch.nn.Sequential(torch.nn.Flatten(), flat).eval()
    found = attack(model, x.view(5, 3, 2, 2), goal, 0.05)
    assert found.adversarial.shape == (5, 3, 2, 2)
    expected = attack(flat, x, goal, 0.05)
    np.testing.assert_allclose(found.adversarial.flatten(1), expected.adversarial, atol=ROUNDING)


def test_progress_counts_what_has_flipped_and_no_step_is_taken_once_all_have():
    model = smooth()
    x, goal = away(model, 20)
    counts = []
    found = attack(model, x, goal, 0.05, steps=50, progress=counts.append)
    steps = found.steps[found.steps > 0]
    assert len(steps) < 20  # one does not arrive: all 50 steps are taken
    assert counts == [int((steps <= k).sum()) for k in range(1, 51)]
    some, counts = found.steps > 0, []
    goal = Goal(goal.labels[some], goal.targets[some])
    attack(model, x[some], goal, 0.05, steps=50, progress=counts.append)
    assert counts == [int((steps <= k).sum()) for k in range(1, int(steps.max()) + 1)]
