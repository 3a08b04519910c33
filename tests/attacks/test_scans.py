"""Single-step attacks: exact where the network is linear, evaluated, within bounds, smallest."""

import numpy as np
import pytest
import torch

from fragility.attacks.minimal import Goal
from fragility.attacks.scans import HALVINGS, l2_direction, scan, sign_direction
from fragility.runtime.seeds import generator

WIDE = (-1e6, 1e6)
LARGEST, GRID = 5.0, 100
# what bisection leaves, and float64's rounding of sums of some ten terms of size 1 to 10
PRECISION = LARGEST / GRID * 2.0**-HALVINGS + 1e-13
DIRECTIONS = {"l2": l2_direction, "sign": sign_direction}
both_directions = pytest.mark.parametrize("kind", DIRECTIONS)


def linear(classes, d=8):
    """A linear classifier as a module and as arrays."""
    stream = generator(7, "test", "scans", classes, d)
    weights, bias = stream.standard_normal((classes, d)), stream.standard_normal(classes)
    model = torch.nn.Linear(d, classes, dtype=torch.float64)
    with torch.no_grad():
        model.weight.copy_(torch.from_numpy(weights))
        model.bias.copy_(torch.from_numpy(bias))
    return model.eval(), weights, bias


def draw(n=30, d=8):
    return generator(7, "test", "scans", "x").standard_normal((n, d))


def run(model, x, goal, kind, bounds=WIDE, largest=LARGEST, grid=GRID):
    x = torch.as_tensor(x)
    return scan(model, x, goal, DIRECTIONS[kind], bounds=bounds, largest=largest, grid=grid)


def goal_of(labels, targets=None):
    targets = None if targets is None else torch.as_tensor(targets)
    return Goal(torch.as_tensor(labels), targets)


def margins(model, x, goal):
    with torch.no_grad():
        return goal.margin(model(torch.as_tensor(x))).numpy()


def loss_gradients(weights, bias, x, labels, targets=None):
    """Of the cross-entropy of a linear model, by its formula: climbed, or descended to targets."""
    outputs = x @ weights.T + bias
    chances = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    if targets is None:
        return chances @ weights - weights[labels]
    return weights[targets] - chances @ weights


def unit(kind, gradients):
    if kind == "sign":
        return np.sign(gradients)
    return gradients / np.linalg.norm(gradients, axis=1, keepdims=True)


# --- directions ---


def test_the_sign_is_that_of_each_entry():
    gradients = torch.tensor([[[-2.0, 1e-30], [0.0, 3.0]]])
    assert torch.equal(sign_direction(gradients), torch.tensor([[[-1.0, 1.0], [0.0, 1.0]]]))


@pytest.mark.parametrize("shape", [(4, 8), (4, 1, 5, 5)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_the_l2_direction_has_length_1_for_each_input(shape, dtype):
    gradients = torch.from_numpy(generator(7, "test", "scans", "g").standard_normal(shape))
    gradients = (gradients * torch.tensor([1e-6, 1, 30, 1e6]).view(-1, *[1] * (len(shape) - 1))).to(
        dtype
    )
    found = l2_direction(gradients)
    assert found.dtype == dtype
    assert found.shape == shape
    # sums of 25 squares
    np.testing.assert_allclose(found.flatten(1).norm(dim=1), 1, rtol=30 * torch.finfo(dtype).eps)
    for one, other in zip(found, gradients, strict=True):
        cosine = torch.nn.functional.cosine_similarity(one.ravel(), other.ravel(), dim=0)
        assert cosine.item() == pytest.approx(1, abs=30 * torch.finfo(dtype).eps)


def test_a_gradient_of_0_has_no_direction():
    assert torch.equal(l2_direction(torch.zeros(2, 3)), torch.zeros(2, 3))
    assert torch.equal(sign_direction(torch.zeros(2, 3)), torch.zeros(2, 3))


def test_the_l2_direction_of_a_tiny_gradient_has_length_1():
    # its squares underflow in float32; such gradients are those of a very confident network
    found = l2_direction(torch.tensor([[3e-30, 4e-30]]))
    np.testing.assert_allclose(found, [[0.6, 0.8]], rtol=1e-6)


# --- exact on a linear model ---


@both_directions
@pytest.mark.parametrize("targeted", [False, True], ids=["untargeted", "targeted"])
def test_between_two_classes_the_distance_is_exact(kind, targeted):
    model, weights, bias = linear(2)
    x = draw()
    outputs = x @ weights.T + bias
    labels = outputs.argmax(axis=1)
    assert set(labels) == {0, 1}
    w, gaps = weights[0] - weights[1], np.abs(outputs[:, 0] - outputs[:, 1])
    exact = gaps / (np.linalg.norm(w) if kind == "l2" else np.abs(w).sum())
    assert exact.max() < LARGEST
    goal = goal_of(labels, 1 - labels if targeted else None)
    e = run(model, x, goal, kind).numpy() - x
    found = np.linalg.norm(e, axis=1) if kind == "l2" else np.abs(e).max(axis=1)
    assert (found >= exact - 1e-13).all()
    assert (found <= exact + PRECISION).all()
    towards = np.where(labels == 0, -1, 1)[:, None] * w
    expected = unit(kind, towards) * exact[:, None]
    np.testing.assert_allclose(e, expected, rtol=0, atol=2 * PRECISION)


def first_flip(kind, weights, bias, x, labels, targets):
    """Where each input flips first along its own direction, and where no longer; by the crossings.

    Infinite where it never does.
    """
    way = unit(kind, loss_gradients(weights, bias, x, labels, targets))
    outputs, slopes = x @ weights.T + bias, way @ weights.T
    starts = np.full(len(x), np.inf)
    ends = np.full(len(x), np.inf)
    for i, y in enumerate(labels):
        goal = y if targets is None else targets[i]
        others = [j for j in range(len(bias)) if j != goal]
        gap = outputs[i, goal] - outputs[i, others]
        rise = slopes[i, goal] - slopes[i, others]
        times = -gap / rise
        if targets is None:  # flipped from the first crossing of any other class on
            starts[i] = times[rise < 0].min(initial=np.inf)
        else:  # flipped once the target is above all others, until one overtakes it
            ends[i] = times[rise < 0].min(initial=np.inf)
            starts[i] = times[rise > 0].max(initial=0)
            if (gap[rise < 0] < 0).any() or starts[i] >= ends[i]:
                starts[i] = ends[i] = np.inf
    return way, starts, ends


@both_directions
@pytest.mark.parametrize("targeted", [False, True], ids=["untargeted", "targeted"])
def test_among_five_classes_the_first_flip_on_the_gradient_s_ray_is_found(kind, targeted):
    model, weights, bias = linear(5)
    x = draw()
    labels = (x @ weights.T + bias).argmax(axis=1)
    targets = (labels + 1 + np.arange(len(x)) % 4) % 5 if targeted else None
    way, starts, ends = first_flip(kind, weights, bias, x, labels, targets)
    step = LARGEST / GRID
    sure = (starts < LARGEST - step) & (ends > starts + step)
    never = starts > LARGEST
    found = run(model, x, goal_of(labels, targets), kind).numpy()
    assert sure.sum() > 15
    sizes = ((found - x) * way).sum(axis=1) / (way**2).sum(axis=1)
    assert (sizes[sure] >= starts[sure] - 1e-12).all()
    assert (sizes[sure] <= starts[sure] + PRECISION + 1e-12).all()
    on_ray = x[sure] + sizes[sure, None] * way[sure]
    np.testing.assert_allclose(found[sure], on_ray, rtol=0, atol=1e-11)
    assert np.isnan(found[never]).all()


@both_directions
def test_targeted_is_not_untargeted(kind):
    model, weights, bias = linear(5)
    x = draw()
    labels = (x @ weights.T + bias).argmax(axis=1)
    targets = (labels + 1) % 5
    at_all, at_target = (
        run(model, x, goal, kind).numpy() for goal in (goal_of(labels), goal_of(labels, targets))
    )
    with torch.no_grad():
        classes = [model(torch.from_numpy(a)).argmax(dim=1).numpy() for a in (at_all, at_target)]
    flipped = [~np.isnan(a[:, 0]) for a in (at_all, at_target)]
    assert (classes[0] != labels)[flipped[0]].all()
    assert (classes[1] == targets)[flipped[1]].all()
    assert min(f.sum() for f in flipped) > 10
    assert (classes[0] != targets)[flipped[0]].any()  # untargeted ends in other classes as well


# --- evaluated, and no larger than it must be ---


def relu_images():
    """A small network in float32, images (n, 1, 4, 4) and its labels there, of three classes."""
    stream = generator(7, "test", "scans", "relu")
    layers = torch.nn.Conv2d(1, 6, 2), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(54, 3)
    model = torch.nn.Sequential(*layers).eval()
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(torch.from_numpy(stream.standard_normal(p.shape)) / p[0].numel() ** 0.5)
    x = torch.from_numpy(stream.random((60, 1, 4, 4))).float()
    with torch.no_grad():
        outputs = model(x)
        model[3].bias -= outputs.mean(dim=0)
        labels = model(x).argmax(dim=1)
    assert set(labels.tolist()) == {0, 1, 2}
    return model, x, labels


@both_directions
@pytest.mark.parametrize("targeted", [False, True], ids=["untargeted", "targeted"])
@pytest.mark.parametrize("bounds", [WIDE, (0.0, 1.0)], ids=["free", "bounded"])
def test_what_is_returned_flips_and_a_little_less_does_not(kind, targeted, bounds):
    model, x, labels = relu_images()
    goal = goal_of(labels, (labels + 1) % 3 if targeted else None)
    start = margins(model, x, goal)
    assert (start >= 0).all()
    found = run(model, x, goal, kind, bounds, largest=2.0)
    assert found.shape == x.shape
    assert found.dtype == torch.float32
    hit = ~found.isnan().flatten(1).any(dim=1)
    assert torch.equal(hit, ~found.isnan().flatten(1).all(dim=1))  # all of an input or nothing
    assert hit.sum() > 20
    some = Goal(*(None if t is None else t[hit] for t in goal))
    assert (margins(model, found[hit], some) < 0).all()
    # the same way back, a thousandth: the last piece is 2/100 2^-20, far less
    way = DIRECTIONS[kind](_gradients(model, x, goal))[hit]
    step = (found - x)[hit]
    free = ((found > bounds[0]) & (found < bounds[1]))[hit] & (way.abs() > 1e-3)
    sizes = torch.where(free, step / way, torch.nan).flatten(1).nanmedian(dim=1).values
    less = (x[hit] + 0.999 * sizes.view(-1, 1, 1, 1) * way).clamp(*bounds)
    assert (margins(model, less, some) >= 0).all()
    assert sizes.min() > 1e-3


def _gradients(model, x, goal):
    """Of the loss, one input at a time."""
    rows = []
    for i in range(len(x)):
        inputs = x[i : i + 1].clone().requires_grad_()
        logs = model(inputs).log_softmax(dim=1)[0]
        (logs[goal.targets[i]] if goal.targets is not None else -logs[goal.labels[i]]).backward()
        rows.append(inputs.grad)
    return torch.cat(rows)


@both_directions
def test_inputs_stay_within_the_bounds_and_reach_them(kind):
    model, x, labels = relu_images()
    found = run(model, x, goal_of(labels), kind, (0.0, 1.0), largest=2.0)
    hit = ~found.isnan().flatten(1).any(dim=1)
    inside = found[hit]
    assert inside.min() == 0
    assert inside.max() == 1
    free = run(model, x, goal_of(labels), kind, largest=2.0)
    assert free[~free.isnan()].min() < 0


@both_directions
def test_with_bounds_the_size_is_that_of_a_fine_search(kind):
    model, x, labels = relu_images()
    goal = goal_of(labels)
    found = run(model, x, goal, kind, (0.0, 1.0), largest=2.0)
    way = DIRECTIONS[kind](_gradients(model, x, goal))
    sizes = np.linspace(0, 2, 2001)
    flipped = np.stack(
        [margins(model, (x + s * way).clamp(0, 1), goal) < 0 for s in sizes.tolist()]
    )
    expected = np.where(flipped.any(axis=0), sizes[flipped.argmax(axis=0)], np.nan)
    assert np.array_equal(np.isnan(expected), found.isnan().flatten(1).all(dim=1).numpy())
    for i in np.flatnonzero(~np.isnan(expected)):
        # the first of a grid that flips is up to one step of a thousandth behind the crossing
        just, before = ((x[i] + s * way[i]).clamp(0, 1) for s in (expected[i], expected[i] - 0.001))
        size = (found[i] - x[i]).norm()
        assert (before - x[i]).norm() - 1e-5 <= size <= (just - x[i]).norm() + 1e-5
    assert (~np.isnan(expected)).sum() > 20


# --- nothing flips ---


@both_directions
def test_beyond_the_largest_size_there_is_nothing(kind):
    model, weights, bias = linear(2)
    x = draw()
    outputs = x @ weights.T + bias
    labels, w = outputs.argmax(axis=1), weights[0] - weights[1]
    exact = np.abs(outputs[:, 0] - outputs[:, 1])
    exact /= np.linalg.norm(w) if kind == "l2" else np.abs(w).sum()
    limit = float(np.median(exact))
    found = run(model, x, goal_of(labels), kind, largest=limit).numpy()
    assert np.array_equal(np.isnan(found).all(axis=1), exact > limit)
    assert np.array_equal(np.isnan(found).any(axis=1), exact > limit)


@both_directions
def test_where_the_bounds_do_not_allow_a_flip_there_is_nothing(kind):
    model = torch.nn.Linear(3, 2, bias=False, dtype=torch.float64)
    with torch.no_grad():  # class 0 where x_0 + x_1 + x_2 is positive
        model.weight.copy_(torch.tensor([[1.0, 1, 1], [-1, -1, -1]]))
    x = np.array([[1.0, 0.1, 0.2], [0.3, 0.3, 0.3], [2, 2, 2]])
    labels = [0, 0, 0]
    # at the lower corner the outputs tie, which is no flip
    assert run(model, x, goal_of(labels), kind, (0, 2)).isnan().all()
    found = run(model, x, goal_of(labels), kind, (-0.5, 2)).numpy()
    assert np.isfinite(found).all()
    assert (found >= -0.5).all()
    # all three fall alike, the first input's to a sum of 0 at 1.3/3 each: no bound is reached
    size = {"sign": 1.3 / 3, "l2": 1.3 / np.sqrt(3)}[kind]
    e = found - x
    length = np.abs(e).max(axis=1) if kind == "sign" else np.linalg.norm(e, axis=1)
    assert length[0] == pytest.approx(size, abs=PRECISION)
    # with a bound of -0.15 x_1 stops there, then x_2, and x_0 has to fall to 0.3
    stopped = run(model, x[:1], goal_of([0]), kind, (-0.15, 2)).numpy()
    np.testing.assert_allclose(stopped, [[0.3, -0.15, -0.15]], rtol=0, atol=2 * PRECISION)


@both_directions
def test_a_flat_network_has_no_adversarial_inputs(kind):
    model = torch.nn.Linear(3, 2, dtype=torch.float64)
    with torch.no_grad():
        model.weight.zero_()
        model.bias.copy_(torch.tensor([1.0, 0]))
    assert run(model, draw(4, 3), goal_of([0] * 4), kind).isnan().all()


# --- several crossings ---


class Waves(torch.nn.Module):
    """Two classes on the line: the first where cos(x) is above a level."""

    def __init__(self, level=0.0):
        super().__init__()
        self.level = level

    def forward(self, x):
        wave = torch.cos(x[:, 0]) - self.level
        return torch.stack([wave, -wave], dim=1)


@both_directions
@pytest.mark.parametrize("largest", [2.0, 4.0, 5.5, 8.0, 20.0])
def test_of_several_crossings_the_smallest_is_found(kind, largest):
    # uphill of the loss is outwards; flipped from pi/2 to 3 pi/2, again from 5 pi/2, ...
    x = np.array([[0.1], [0.5], [1.0], [-0.7]])
    found = run(Waves(), x, goal_of([0] * 4), kind, largest=largest, grid=100).numpy()
    precision = largest / 100 * 2.0**-HALVINGS + 1e-13
    expected = np.sign(x) * np.pi / 2
    np.testing.assert_allclose(found, expected, rtol=0, atol=precision)
    assert (np.abs(found) >= np.pi / 2 - 1e-13).all()


@both_directions
def test_a_flip_narrower_than_the_grid_is_missed_by_it_and_found_by_a_finer_one(kind):
    # flipped within 0.0447 of pi and 3 pi only; sizes on the coarse grid are multiples of 3
    x = np.array([[0.01]])
    model = Waves(-0.999)
    found = run(model, x, goal_of([0]), kind, largest=12.0, grid=4).numpy()
    hit = [3 * k for k in range(1, 5) if np.cos(3 * k + 0.01) < -0.999]
    assert hit == []
    assert np.isnan(found).all()
    fine = run(model, x, goal_of([0]), kind, largest=12.0, grid=400).numpy()
    np.testing.assert_allclose(fine, np.arccos(-0.999), rtol=0, atol=1e-6)
    with torch.no_grad():
        assert model(torch.from_numpy(fine)).argmax().item() == 1


# --- what must not matter ---


@both_directions
def test_inputs_are_apart_from_one_another_and_left_alone(kind):
    model, weights, bias = linear(5)
    x = draw()
    labels = (x @ weights.T + bias).argmax(axis=1)
    before = x.copy()
    together = run(model, x, goal_of(labels), kind).numpy()
    assert np.array_equal(x, before)
    assert model.weight.grad is None
    for i in range(0, 30, 7):
        alone = run(model, x[i : i + 1], goal_of(labels[i : i + 1]), kind).numpy()
        np.testing.assert_allclose(alone[0], together[i], rtol=0, atol=PRECISION)


@both_directions
@pytest.mark.parametrize("gap", [5.0, 20.0, 120.0])
@pytest.mark.parametrize("targeted", [False, True], ids=["untargeted", "targeted"])
def test_a_confident_network_s_direction_is_that_of_any_other(kind, targeted, gap):
    """Between two classes the loss's gradient points along w_1 - w_0 however large the gap is.

    In float32 the label's chance rounds to 1 from a gap of 17 on, and the other's to 0 from 104 on.
    """
    model = torch.nn.Linear(2, 2)
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[3.0, 1], [-1, 4]]))
        model.bias.copy_(torch.tensor([gap, 0]))
    goal = goal_of([0], [1] if targeted else None)
    found = run(model, torch.zeros(1, 2), goal, kind, largest=gap, grid=100)
    w = np.array([-4.0, 3])
    size = gap / 5 if kind == "l2" else gap / 7
    # float32: logits of up to a few hundred, eps 1.2e-7
    expected = unit(kind, w[None]) * size
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-4 * gap)
