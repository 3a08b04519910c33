"""Smallest perturbations of any torch classifier: closed forms, verification, bounds, refusals."""

import numpy as np
import pytest
import torch

from fragility.attacks.minimal import ATTACKS, Goal, attack_unit, smallest
from fragility.runtime.seeds import generator
from fragility.synthetic.networks import forward, gradient, margins, relu_module, relu_network

STEPS = 100
WIDE = (-50.0, 50.0)  # ten times further than any point or perturbation below: no limit in effect
# What is found over the exact distance, relative.  projection: a linear network is its own
# linearisation, what is left is the bisection's 2^-30.  ddn: its radius shrinks by the cosine of
# angles up to pi/2 / STEPS, far below a hundredth.  carlini_wagner: Adam steps of 0.003 in each of
# up to 25 entries, 0.015 in all, against distances of 0.3 and more, 5 %.
TOLERANCE = {"projection": 1e-6, "ddn": 0.01, "carlini_wagner": 0.05}
BISECTION = 1e-9  # 2^-30, relative to the ray; sums of a hundred float64 terms are far below


def linear(weights, bias):
    model = torch.nn.Linear(weights.shape[1], len(weights), dtype=torch.float64)
    with torch.no_grad():
        model.weight.copy_(torch.from_numpy(weights))
        model.bias.copy_(torch.from_numpy(bias))
    return model.eval()


def pair_distances(weights, outputs, labels):
    """From each point to where its label ties with each class, (n, classes); inf at the label."""
    rows = np.arange(len(labels))
    norms = np.linalg.norm(weights[labels][:, None] - weights[None], axis=2)
    norms[rows, labels] = 1
    distances = (outputs[rows, labels][:, None] - outputs) / norms
    distances[rows, labels] = np.inf
    return distances


def across_facets(classes, d=8, n=16):
    """A linear classifier, and points at 0.3 to 1 from one other class and far from the rest.

    Two outputs tie at 20 on a facet, the others are 0 there; each point lies off such a facet
    along its normal.
    """
    stream = generator(0, "test", "minimal", "facets", classes, d)
    weights, bias = stream.standard_normal((classes, d)), stream.standard_normal(classes)
    distances = np.geomspace(0.3, 1, n)
    labels = np.arange(n) % classes
    targets = (labels + 1 + np.arange(n) // classes % (classes - 1)) % classes
    x = np.empty((n, d))
    for i, (y, t) in enumerate(zip(labels, targets, strict=True)):
        outputs = np.zeros(classes)
        outputs[[y, t]] = 20
        normal = weights[y] - weights[t]
        x[i] = np.linalg.pinv(weights) @ (outputs - bias)
        x[i] += distances[i] * normal / np.linalg.norm(normal)
    return weights, bias, x, labels, targets, distances


def general_points(classes=4, d=8, n=40):
    """A linear classifier, and points anywhere at 0.1 to 1 from another class."""
    stream = generator(0, "test", "minimal", "general", classes, d)
    weights, bias = stream.standard_normal((classes, d)), 0.1 * stream.standard_normal(classes)
    x = stream.standard_normal((20 * n, d))
    outputs = x @ weights.T + bias
    labels = outputs.argmax(axis=1)
    nearest = pair_distances(weights, outputs, labels).min(axis=1)
    chosen = np.flatnonzero((nearest > 0.1) & (nearest < 1))[:n]
    assert len(chosen) == n
    return weights, bias, x[chosen], labels[chosen], nearest[chosen]


def goal_of(labels, targets=None):
    return Goal(
        torch.from_numpy(np.asarray(labels)),
        None if targets is None else torch.from_numpy(np.asarray(targets)),
    )


def run(model, x, goal, attacks=tuple(ATTACKS), bounds=WIDE, steps=STEPS):
    return smallest(model, torch.from_numpy(x), goal, attacks=attacks, bounds=bounds, steps=steps)


def nothing(found, i=slice(None)):
    return (
        np.isnan(found.norm[i]).all()
        and np.isnan(found.perturbation[i]).all()
        and set(np.atleast_1d(found.attack[i])) == {"none"}
        and all(np.isnan(norms[i]).all() for norms in found.by_attack.values())
    )


def margins_at(model, x, goal):
    with torch.no_grad():
        return goal.margin(model(torch.from_numpy(x))).numpy()


def relu_points(layers, width=20, d=4, n=40, near=(0.05, 0.3)):
    """A random network with points of both labels, near the boundary of their linear pieces."""
    stream = generator(0, "test", "minimal", "relu", layers, width, d)
    net = relu_network(d, width, layers, stream, float)
    x = stream.standard_normal((400, d))
    net.biases[-1][0] -= np.median(margins(net, x, 1))
    labels = np.sign(margins(net, x, 1))
    slopes = gradient(net, forward(net, x)[1], np.array([1.0, -1.0]))
    first = margins(net, x, labels) / np.linalg.norm(slopes, axis=1)
    chosen = np.flatnonzero((first > near[0]) & (first < near[1]))[:n]
    assert len(chosen) == n
    goal = goal_of((labels[chosen] < 0).astype(np.int64))
    return relu_module(net).eval(), x[chosen], goal


# --- exact distances ---


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("targeted", [False, True], ids=["untargeted", "targeted"])
@pytest.mark.parametrize("classes", [2, 5])
def test_the_distance_to_a_linear_classifier_s_facet_is_exact(classes, targeted, attack):
    weights, bias, x, labels, targets, distances = across_facets(classes)
    pairs = pair_distances(weights, x @ weights.T + bias, labels)
    np.testing.assert_allclose(pairs.min(axis=1), distances, rtol=1e-9)
    goal = goal_of(labels, targets if targeted else None)
    found = run(linear(weights, bias), x, goal, [attack])
    np.testing.assert_allclose(found.norm, distances, rtol=TOLERANCE[attack])
    assert (found.norm >= distances * (1 - BISECTION)).all()
    assert (found.attack == attack).all()


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("classes", [2, 4])
def test_the_distance_of_images_is_exact(classes, attack):
    weights, bias, x, labels, _, distances = across_facets(classes, d=25)
    model = torch.nn.Sequential(torch.nn.Flatten(), linear(weights, bias)).eval()
    found = run(model, x.reshape(-1, 1, 5, 5), goal_of(labels), [attack])
    assert found.perturbation.shape == (len(x), 1, 5, 5)
    np.testing.assert_allclose(found.norm, distances, rtol=TOLERANCE[attack])
    norms = np.linalg.norm(found.perturbation.reshape(len(x), 25), axis=1)
    np.testing.assert_allclose(norms, found.norm, rtol=BISECTION)


@pytest.mark.parametrize("classes", [2, 4, 10])
def test_no_attack_ends_below_the_exact_distance(classes):
    weights, bias, x, labels, nearest = general_points(classes, d=12)
    found = run(linear(weights, bias), x, goal_of(labels))
    for norms in found.by_attack.values():
        assert (norms >= nearest * (1 - BISECTION)).all()
    # sharp at half the points: were the norms a hundredth too small, this would have been seen
    assert (0.99 * found.norm < nearest).mean() > 0.5


def test_a_targeted_perturbation_is_never_below_the_tie_with_the_label():
    weights, bias, x, labels, _ = general_points()
    targets = (labels + 1) % len(weights)
    pairs = pair_distances(weights, x @ weights.T + bias, labels)[np.arange(len(x)), targets]
    found = run(linear(weights, bias), x, goal_of(labels, targets))
    assert (found.norm >= pairs * (1 - BISECTION)).all()
    assert (found.norm < 1.01 * pairs).any()  # else any large number would do


def test_projection_reaches_each_target_of_a_linear_classifier():
    weights, bias, x, labels, _ = general_points()
    goal = goal_of(labels, (labels + 1) % len(weights))
    found = run(linear(weights, bias), x, goal, ["projection"])
    assert not np.isnan(found.norm).any(), f"nothing at {np.isnan(found.norm).sum()} of {len(x)}"


# --- what is returned ---


@pytest.mark.parametrize("targeted", [False, True], ids=["untargeted", "targeted"])
def test_what_is_returned_flips_and_is_the_smallest_of_the_attacks(targeted):
    stream = generator(0, "test", "minimal", "three classes")
    layers = torch.nn.Linear(6, 20), torch.nn.ReLU(), torch.nn.Linear(20, 3)
    model = torch.nn.Sequential(*layers).double().eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.from_numpy(stream.standard_normal(parameter.shape)))
        x = stream.standard_normal((40, 6))
        labels = model(torch.from_numpy(x)).argmax(dim=1).numpy()
    goal = goal_of(labels, (labels + 1) % 3 if targeted else None)
    found = run(model, x, goal)
    assert found.perturbation.dtype == found.norm.dtype == np.float64
    assert (margins_at(model, x + found.perturbation, goal) < 0).all()
    # on its ray it lies at the boundary: a millionth is far more than the bisection leaves
    assert (margins_at(model, x + (1 - 1e-6) * found.perturbation, goal) > 0).all()
    norms = np.linalg.norm(found.perturbation, axis=1)
    np.testing.assert_allclose(norms, found.norm, rtol=BISECTION)
    assert set(found.by_attack) == set(ATTACKS)
    np.testing.assert_array_equal(found.norm, np.nanmin(list(found.by_attack.values()), axis=0))
    for i, name in enumerate(found.attack):
        assert found.by_attack[name][i] == found.norm[i]
    assert len(set(found.attack)) > 1  # else the choice between attacks was not tried


def test_what_an_attack_says_is_evaluated(monkeypatch):
    weights, bias, x, labels, _, distances = across_facets(2)
    w = weights[1] - weights[0]
    step = w / np.linalg.norm(w) * (1 - 2 * labels)[:, None]
    factors = np.resize([3.0, 0.5, np.nan, -1.0], len(x))  # over the boundary, short of it, ...
    away = torch.from_numpy(step * (factors * distances)[:, None])
    monkeypatch.setitem(ATTACKS, "given", lambda model, x, goal, bounds, steps: x + away)
    found = run(linear(weights, bias), x, goal_of(labels), ["given"])
    np.testing.assert_allclose(found.norm[::4], distances[::4], rtol=3 * BISECTION)  # of the ray
    assert (found.attack[::4] == "given").all()
    assert all(nothing(found, slice(k, None, 4)) for k in (1, 2, 3))


def test_each_attack_s_norms_do_not_depend_on_the_others():
    model, x, goal = relu_points(1)
    together = run(model, x, goal, ["ddn", "projection"])
    backwards = run(model, x, goal, ["projection", "ddn"])
    np.testing.assert_array_equal(together.norm, backwards.norm)
    for name in ("ddn", "projection"):
        alone = run(model, x, goal, [name])
        np.testing.assert_array_equal(alone.norm, together.by_attack[name])


# --- ReLU networks ---


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_projection_agrees_with_foolbox_s_ddn(layers):
    model, x, goal = relu_points(layers)
    found = run(model, x, goal, ["ddn", "projection"]).by_attack
    # both are local: on the other points they end at other minima or, projection, at none
    close = np.abs(found["projection"] / found["ddn"] - 1) < 0.01
    assert close.mean() > 0.5
    wrong = np.abs(1.02 * found["projection"] / found["ddn"] - 1) < 0.01  # control: 2 % too long
    assert wrong.mean() < 0.5


@pytest.mark.parametrize("layers", [1, 2])
def test_projection_finds_a_flip_in_wide_networks(layers):
    model, x, goal = relu_points(layers, width=400, d=12, near=(0.1, 0.5))
    found = run(model, x, goal, ["projection"], steps=100)
    assert np.isnan(found.norm).mean() <= 0.1, f"{np.isnan(found.norm).mean():.0%} without a flip"


# --- the goal's margin ---

OUTPUTS = torch.tensor([[3.0, 1.0, 2.5], [3.0, 1.0, 2.5], [1.0, 4.0, 4.0]])


def test_the_untargeted_margin_is_over_the_largest_other_output():
    margin = Goal(torch.tensor([0, 1, 0])).margin(OUTPUTS)
    assert margin.tolist() == [0.5, -2, -3]


def test_the_targeted_margin_is_that_of_the_target_alone():
    labels = torch.tensor([0, 0, 1])
    assert Goal(labels, torch.tensor([2, 1, 0])).margin(OUTPUTS).tolist() == [0.5, 2, 3]
    assert Goal(labels, torch.tensor([0, 0, 1])).margin(OUTPUTS).tolist() == [-0.5, -0.5, 0]


def test_a_tie_is_no_flip(monkeypatch):
    class Plateau(torch.nn.Module):
        """The outputs tie on all of [0, 1]."""

        def forward(self, x):
            ahead = torch.relu(-x[:, 0]) - torch.relu(x[:, 0] - 1)
            return torch.stack([ahead, torch.zeros_like(ahead)], dim=1)

    monkeypatch.setitem(ATTACKS, "there", lambda model, x, goal, bounds, steps: x * 0 + 4)
    found = run(Plateau().eval(), np.array([[-0.5]]), goal_of([0]), ["there"])
    np.testing.assert_allclose(found.norm, 1.5, rtol=3 * BISECTION)  # the far end, not 0.5
    monkeypatch.setitem(ATTACKS, "there", lambda model, x, goal, bounds, steps: x * 0 + 0.5)
    assert nothing(run(Plateau().eval(), np.array([[-0.5]]), goal_of([0]), ["there"]))


# --- bounds ---


@pytest.mark.parametrize("attack", ATTACKS)
def test_adversarial_inputs_lie_in_bounds(attack):
    stream = generator(0, "test", "minimal", "bounds")
    weights = stream.standard_normal((2, 6))
    w = weights[0] - weights[1]
    x = stream.random((200, 6))
    margin = x @ w
    shift = np.median(margin)
    model = linear(weights, np.array([-shift, 0]))
    labels = (margin < shift).astype(np.int64)
    free = x - ((margin - shift) / (w @ w))[:, None] * w
    leaves = ((free < 0) | (free > 1)).any(axis=1)
    assert 10 < leaves.sum() < 190  # of both kinds
    found = run(model, x, goal_of(labels), [attack], (0.0, 1.0))
    some = found.attack == attack
    assert some[~leaves].mean() > 0.9  # carlini_wagner's steps shrink near the bounds
    adversarial = x[some] + found.perturbation[some]
    ulp = np.finfo(float).eps  # adding a difference rounds once
    assert (adversarial >= -ulp).all()
    assert (adversarial <= 1 + ulp).all()
    exact = np.abs(margin - shift) / np.linalg.norm(w)
    assert (found.norm[some] >= exact[some] * (1 - BISECTION)).all()


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_smallest_perturbation_along_a_bound_is_found(attack):
    # to x_1 + x_2 > 1.8 from (0.9, 0.5): straight on leaves the square, the corner of it and the
    # line is at (1, 0.8)
    model = linear(np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([0.0, -1.8]))
    found = run(model, np.array([[0.9, 0.5]]), goal_of([0]), [attack], (0.0, 1.0))
    # a tenth: what the attacks do at a corner is not exact
    assert found.norm[0] == pytest.approx(np.hypot(0.1, 0.3), rel=0.1)


# --- nothing found ---


def test_a_constant_network_is_not_flipped():
    model = linear(np.zeros((2, 3)), np.array([5.0, 0]))
    assert nothing(run(model, np.ones((4, 3)), goal_of([0] * 4)))


def test_bounds_may_forbid_every_flip():
    model = linear(np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([0.0, -1.8]))
    x = np.array([[0.1, 0.2], [0.5, 0.5]])
    assert nothing(run(model, x, goal_of([0, 0]), bounds=(0.0, 0.8), steps=20))
    assert not nothing(run(model, x, goal_of([0, 0]), bounds=(0.0, 1.0), steps=20), 1)


def test_inputs_beside_one_that_cannot_be_flipped_are_unaffected():
    # class 2 is out of reach within the bounds, class 1 is beyond x_1 = 0.5
    model = linear(np.array([[0.0, 0], [1, 0], [0, 0]]), np.array([0.0, -0.5, -100]))
    x = np.array([[0.0, 0.3], [0.2, 0.3], [-0.4, 0]])
    found = run(model, x, goal_of([0, 0, 0], [1, 2, 1]), bounds=(-5.0, 5.0))
    assert nothing(found, 1)
    for name, norms in found.by_attack.items():
        np.testing.assert_allclose(norms[[0, 2]], [0.5, 0.9], rtol=TOLERANCE[name])
    assert not np.isnan(found.perturbation[[0, 2]]).any()
    assert "none" not in found.attack[[0, 2]]


# --- units ---


@pytest.mark.parametrize("unit", [0.0, -2.0, 3.0, 0.3, 0.75, float("inf"), float("nan")])
def test_a_unit_that_is_no_power_of_2_is_refused(unit):
    x = torch.tensor([[1.0, 0.0]], dtype=torch.float64)
    with pytest.raises(ValueError, match=rf"power of 2.*got {unit}"):
        smallest(linear(*PLANE), x, goal_of([0]), attacks=["ddn"], bounds=WIDE, steps=5, unit=unit)


@pytest.mark.parametrize("attack", ATTACKS)
def test_in_another_unit_an_attack_does_what_it_does_to_inputs_of_that_size(attack):
    """A network far smaller than 1 with its unit, and the same one enlarged, without."""
    unit = 2.0**-9
    weights, bias, x, labels, _, distances = across_facets(4)
    goal, bounds = goal_of(labels), tuple(unit * bound for bound in WIDE)
    small = linear(weights / unit, bias)  # of x unit what the large one makes of x
    options = {"attacks": [attack], "steps": STEPS}
    found = smallest(small, torch.from_numpy(unit * x), goal, bounds=bounds, unit=unit, **options)
    large = smallest(linear(weights, bias), torch.from_numpy(x), goal, bounds=WIDE, **options)
    # a power of 2 rounds nothing
    np.testing.assert_array_equal(found.norm, unit * large.norm)
    np.testing.assert_array_equal(found.perturbation, unit * large.perturbation)
    np.testing.assert_allclose(found.norm, unit * distances, rtol=TOLERANCE[attack])


def test_without_its_unit_ddn_misses_what_is_small():
    unit = 2.0**-9
    weights, bias, x, labels, _, distances = across_facets(4)
    small, goal = linear(weights / unit, bias), goal_of(labels)
    found = run(small, unit * x, goal, ["ddn"], steps=20)
    assert not (found.norm < 1.1 * unit * distances).all()  # too long, or none
    right = smallest(
        small, torch.from_numpy(unit * x), goal, attacks=["ddn"], bounds=WIDE, steps=20, unit=unit
    )
    assert (right.norm < 1.1 * unit * distances).all()


@pytest.mark.parametrize("halvings", [0, 1, 4, 12])
def test_the_norm_is_precise_to_the_halvings_of_the_ray(monkeypatch, halvings):
    weights, bias, x, labels, _, distances = across_facets(2)
    w = weights[1] - weights[0]
    step = w / np.linalg.norm(w) * (1 - 2 * labels)[:, None]
    ray = 3.0  # an attack that goes much too far, at a right angle to the facet
    monkeypatch.setitem(
        ATTACKS, "given", lambda model, x, goal, bounds, steps: x + torch.from_numpy(ray * step)
    )
    found = smallest(
        linear(weights, bias), torch.from_numpy(x), goal_of(labels), attacks=["given"],
        bounds=WIDE, steps=1, halvings=halvings,
    )  # fmt: skip
    excess = found.norm - distances
    cell = ray * 2.0**-halvings
    assert (excess >= -1e-12).all() and (excess <= cell + 1e-12).all()
    # exactly the next of the points that halving tries
    np.testing.assert_allclose(found.norm, np.ceil(distances / cell) * cell, rtol=1e-9)


@pytest.mark.parametrize(
    "norms, unit",
    [
        ([1.0], 1),
        ([0.7], 0.5),
        ([0.72], 1),
        ([3.0], 4),
        ([0.01, 100, 5.0], 4),
        ([1 / 300], 2**-8),
        ([np.inf, 3.0, np.nan], 4),
        ([np.inf], 1),
        ([0.0, -2.0], 1),
    ],
)
def test_the_unit_is_the_power_of_2_nearest_the_median_of_what_is_known(norms, unit):
    found = attack_unit(np.array(norms))
    assert found == unit
    assert isinstance(found, float)


# --- refusals ---

PLANE = np.array([[1.0, 0.0], [0.0, 1.0]]), np.zeros(2)  # class 0 where x_1 > x_2


@pytest.mark.parametrize("inside", [False, True], ids=["itself", "one layer"])
def test_a_model_in_training_mode_is_refused(inside):
    model = torch.nn.Sequential(torch.nn.Dropout(0.5), linear(*PLANE)).eval()
    (model[0] if inside else model).train()
    with pytest.raises(ValueError, match="training mode"):
        run(model, np.array([[1.0, 0.0]]), goal_of([0]))


def test_an_unknown_attack_is_refused_by_name():
    with pytest.raises(ValueError, match=r"\['guess'\].*projection"):
        run(linear(*PLANE), np.array([[1.0, 0.0]]), goal_of([0]), ["ddn", "guess"])


@pytest.mark.parametrize("entry", [-1.5, 2.5])
def test_inputs_out_of_bounds_are_refused(entry):
    with pytest.raises(ValueError, match="bounds"):
        run(linear(*PLANE), np.array([[1.0, 0], [entry, 0.5]]), goal_of([0, 0]), bounds=(-1.0, 2.0))


@pytest.mark.parametrize("second", [[0.0, 1.0], [1.0, 1.0]], ids=["flipped", "tie"])
def test_inputs_flipped_to_begin_with_are_refused_by_index(second):
    x = np.array([[1.0, 0.0], second, [2.0, 0.0]])
    with pytest.raises(ValueError, match=r"\[1\] are flipped"):
        run(linear(*PLANE), x, goal_of([0, 0, 0]))
    with pytest.raises(ValueError, match=r"\[0, 2\] are flipped"):
        run(linear(*PLANE), x[[0, 0, 2]], goal_of([0, 0, 0], [0, 1, 0]))
