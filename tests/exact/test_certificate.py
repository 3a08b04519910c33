"""Certified radii: soundness by sampling and by enumeration of pieces, exact where linear."""

import itertools

import numpy as np
import pytest
from scipy.optimize import nnls

from fragility.attacks.relu import smallest_perturbations
from fragility.exact.certificate import (
    HALVINGS,
    certified_class_radius,
    certified_radius,
    margin_bound,
)
from fragility.runtime.seeds import generator
from fragility.synthetic.data import corners, gaussian_matrix, label, points, scale_columns
from fragility.synthetic.networks import ReluNetwork, forward, gradient, margins, relu_network
from fragility.training.relu_plain import train
from fragility.training.run import Settings

DEPTHS = (1, 2, 3)
RADII = (0.03, 0.1, 0.3, 1.0)
ROUNDING = 1e-12  # margins of order 1, sums of at most 60 float64 terms in four layers


def network_and_points(layers, d=4, width=20, n=12):
    """A random network and points of both labels."""
    stream = generator(0, "test", "certificate", layers, d, width)
    net = relu_network(d, width, layers, stream, float)
    x = stream.standard_normal((n, d))
    net.biases[-1][0] -= np.median(margins(net, x, 1))
    labels = np.sign(margins(net, x, 1)).astype(int)
    assert set(labels) == {-1, 1}
    return net, x, labels


def slope_at(net, x, label):
    """Gradient of the margin at one point, (d,)."""
    return gradient(net, forward(net, x[None])[1], label * np.array([1.0, -1.0]))[0]


def least_sampled(net, x, label, radius, count=1500):
    """The least margin in the ball over samples: inside, on the sphere, along the gradients."""
    stream = generator(0, "test", "certificate", "samples")
    u = stream.standard_normal((count, len(x)))
    u /= np.linalg.norm(u, axis=1, keepdims=True)
    inside = u * stream.random((count, 1)) ** (1 / len(x))
    steepest = slope_at(net, x, label)
    steepest /= np.linalg.norm(steepest)
    line = np.linspace(-1, 1, 41)[:, None] * steepest
    # from each sample, the end of the sphere that the gradient there points to
    slopes = gradient(net, forward(net, x + radius * inside)[1], label * np.array([1.0, -1.0]))
    ends = -slopes / np.maximum(np.linalg.norm(slopes, axis=1, keepdims=True), 1e-300)
    e = radius * np.concatenate([inside, u, line, ends])
    return margins(net, x + e, label).min()


# --- soundness ---


@pytest.mark.parametrize("layers", DEPTHS)
def test_no_sampled_margin_in_the_ball_is_below_the_bound(layers):
    net, x, labels = network_and_points(layers)
    unsound = 0
    for at, y in zip(x, labels, strict=True):
        steep = np.linalg.norm(slope_at(net, at, y))
        for radius in RADII:
            least = least_sampled(net, at, y, radius)
            assert margin_bound(net, at, y, radius) <= least + ROUNDING
            # negative control: the linearisation at the centre is no bound, and sampling shows it
            unsound += margins(net, at[None], y)[0] - radius * steep > least + ROUNDING
    assert unsound > 5


@pytest.mark.parametrize("layers", DEPTHS)
def test_no_attack_is_below_the_certified_radius(layers):
    net, x, labels = network_and_points(layers)
    found = smallest_perturbations(
        net, x, labels, unit=0.5, attacks=["ddn", "projection"], steps=50
    ).norm
    assert not np.isnan(found).any()
    # up to twice what was found, so that it is not the limit that keeps the radius below
    radii = np.array(
        [certified_radius(net, *case) for case in zip(x, labels, 2 * found, strict=True)]
    )
    assert (radii <= found).all()
    assert (radii > 0.1 * found).all()  # and not for being nothing
    first = [
        margins(net, at[None], y)[0] / np.linalg.norm(slope_at(net, at, y))
        for at, y in zip(x, labels, strict=True)
    ]
    assert (first > found).any()  # negative control: the linearisation's radius would be refuted


def exact_distance(net, x, label):
    """Of one hidden layer: the least distance to the boundary over all patterns of active units.

    In a piece the network is linear; min ||e|| subject to G e >= h by non-negative least squares
    (Lawson and Hanson, chapter 23).
    """
    (hidden, output), (bias, offset) = net.weights, net.biases
    row, constant = label * (output[0] - output[1]), label * (offset[0] - offset[1])
    u = hidden @ x + bias
    best = np.inf
    for active in itertools.product((0, 1), repeat=len(hidden)):
        sides = 2 * np.array(active) - 1
        g = np.vstack([sides[:, None] * hidden, -(row * active) @ hidden])
        h = np.append(-sides * u, (row * active) @ u + constant)
        system = np.vstack([g.T, h])
        target = np.zeros(len(system))
        target[-1] = 1
        solution, residual = nnls(system, target)
        if residual > 1e-9:  # 0: the piece holds no point beyond the boundary
            r = system @ solution - target
            best = min(best, np.linalg.norm(r[:-1] / r[-1]))
    return best


def test_the_exact_distance_lies_between_certificate_and_attacks():
    net, x, labels = network_and_points(1, d=3, width=6)
    exact = np.array([exact_distance(net, at, y) for at, y in zip(x, labels, strict=True)])
    assert np.isfinite(exact).all()
    radii = np.array(
        [certified_radius(net, *case) for case in zip(x, labels, 2 * exact, strict=True)]
    )
    found = smallest_perturbations(
        net, x, labels, unit=0.5, attacks=["ddn", "projection"], steps=100
    ).norm
    assert (radii <= exact * (1 + 1e-9)).all()  # 1e-9: of the least squares
    assert (found >= exact * (1 - 1e-9)).all()
    # both are near it: a fault of a few per cent either way would be seen
    assert (radii > 0.97 * exact).any()
    assert (found < 1.01 * exact).mean() > 0.5


# --- where the network is linear, the bound is exact ---


def linear_around(layers, active, distance=0.5, d=4, width=20):
    """A network and a point at whose pre-activations are 10 or -10, the boundary that far off.

    Args:
        layers: hidden layers.
        active: the share of the units that are active.
        distance: from the point to the boundary.
        d, width: sizes.
    """
    stream = generator(0, "test", "certificate linear", layers, str(active))
    net = relu_network(d, width, layers, stream, float)
    x = stream.standard_normal(d)
    w = np.eye(d)
    for k in range(layers):
        on = stream.permutation(width) < active * width
        net.biases[k][:] += np.where(on, 10, -10) - forward(net, x[None])[1][k][0]
        w = (on[:, None] * net.weights[k]) @ w
    w = (net.weights[-1][0] - net.weights[-1][1]) @ w
    net.biases[-1][0] += distance * np.linalg.norm(w) - margins(net, x[None], 1)[0]
    return net, x, w


@pytest.mark.parametrize("active", [1, 0.5])
@pytest.mark.parametrize("layers", DEPTHS)
@pytest.mark.parametrize("label", [-1, 1])
def test_the_radius_is_the_distance_where_no_unit_switches(layers, active, label):
    net, x, w = linear_around(layers, active)
    if label == -1:  # the same with the outputs exchanged
        net = ReluNetwork(
            [*net.weights[:-1], net.weights[-1][::-1]], [*net.biases[:-1], net.biases[-1][::-1]]
        )
    upper = 0.8
    assert 0.5 - upper / 2**HALVINGS <= certified_radius(net, x, label, upper) <= 0.5 * (1 + 1e-9)
    for radius in (0.0, 0.2, upper):
        expected = (0.5 - radius) * np.linalg.norm(w)
        assert margin_bound(net, x, label, radius) == pytest.approx(expected, abs=ROUNDING)


@pytest.mark.parametrize("layers", DEPTHS)
def test_where_no_unit_is_active_all_of_the_ball_is_certified(layers):
    net, x, _ = linear_around(layers, 0)
    net.biases[-1][0] += 0.3
    assert margin_bound(net, x, 1, 2.0) == pytest.approx(0.3, abs=ROUNDING)
    assert certified_radius(net, x, 1, 2.0) == 2 * (1 - 2.0**-HALVINGS)


def test_a_unit_that_may_switch_is_bounded_by_its_lines():
    # margin relu(x) - 1/2 at 1/2 + 1/4: the unit is in [3/4 - r, 3/4 + r]; active up to r = 3/4,
    # beyond that the line below is still x where the upper end is the larger
    net = ReluNetwork(
        [np.array([[1.0]]), np.array([[1.0], [0.0]])], [np.zeros(1), np.array([-0.5, 0])]
    )
    x = np.array([0.75])
    for radius in (0.1, 0.5, 1.0):
        assert margin_bound(net, x, 1, radius) == pytest.approx(0.25 - radius, abs=1e-15)
    # the other way round, 1/2 - relu(x) from -1/4: the chord from (-1/4 - r) to (-1/4 + r) has the
    # value r - 1/4 at its upper end
    back = ReluNetwork(net.weights, [np.zeros(1), np.array([-0.5, 0])])
    for radius in (0.1, 0.5, 1.0):
        expected = 0.5 - max(radius - 0.25, 0)
        assert margin_bound(back, np.array([-0.25]), -1, radius) == pytest.approx(expected)


# --- limits ---


@pytest.mark.parametrize("layers", DEPTHS)
def test_at_radius_0_the_bound_is_the_margin(layers):
    net, x, labels = network_and_points(layers)
    for at, y in zip(x, labels, strict=True):
        for sign in (y, -y):
            expected = margins(net, at[None], sign)[0]
            assert margin_bound(net, at, sign, 0.0) == pytest.approx(expected, abs=ROUNDING)


@pytest.mark.parametrize("layers", DEPTHS)
def test_a_wrong_label_has_radius_0(layers):
    net, x, labels = network_and_points(layers)
    assert [certified_radius(net, at, -y, 1.0) for at, y in zip(x, labels, strict=True)] == [
        0.0
    ] * len(x)


@pytest.mark.parametrize("layers", DEPTHS)
def test_the_radius_stays_below_its_limit(layers):
    net, x, labels = network_and_points(layers)
    for at, y in zip(x, labels, strict=True):
        free = certified_radius(net, at, y, 10.0)
        assert 0 < free < 10
        limited = certified_radius(net, at, y, free / 2)
        assert limited == pytest.approx(free / 2, rel=2.0**-HALVINGS)
        assert limited < free / 2


def test_the_bound_of_one_hidden_layer_falls_with_the_radius():
    # there the intervals are centred, so that the line below a unit is the same at every radius
    # and each line only moves outward; with more layers it may change, and the bound may rise
    net, x, labels = network_and_points(1)
    for at, y in zip(x, labels, strict=True):
        bounds = [margin_bound(net, at, y, radius) for radius in np.linspace(0, 3, 60)]
        assert (np.diff(bounds) < 0).all()


@pytest.mark.parametrize("layers", DEPTHS)
def test_no_bound_exceeds_the_margin_at_the_centre(layers):
    net, x, labels = network_and_points(layers)
    for at, y in zip(x, labels, strict=True):
        bounds = [margin_bound(net, at, y, radius) for radius in np.linspace(0, 3, 60)]
        assert max(bounds) <= margins(net, at[None], y)[0] + ROUNDING


def test_a_trained_network_s_radii_are_of_the_order_of_the_distances():
    d = 6
    a = scale_columns(gaussian_matrix(d, generator(3, "test", "relu data")), 5)
    x, labels = points(a, corners(d)), label(corners(d)).astype(int)
    initial = relu_network(d, 60, 1, generator(3, "test", "relu initial"), float)
    trained = train(initial, x, labels, Settings(8, 0.003, 200), generator(3, "test", "orders"))
    assert trained.accuracy == 1
    some = generator(3, "test", "some").permutation(len(x))[:16]
    unit = float(np.linalg.norm(a[:, -1]))
    found = smallest_perturbations(
        trained.network, x[some], labels[some], unit=unit, attacks=["ddn", "projection"], steps=50
    ).norm
    radii = np.array(
        [
            certified_radius(trained.network, *case)
            for case in zip(x[some], labels[some], 2 * found, strict=True)
        ]
    )
    assert (radii > 0).all()
    assert (radii <= found).all()
    assert (radii > found / 3).mean() > 0.5, (radii / found).round(2)


# --- any number of outputs ---


def classes_and_points(layers, classes=4, d=5, n=8):
    """A random network without biases, and points with their decisions."""
    stream = generator(0, "test", "certificate classes", layers)
    sizes = [d, *[12] * layers, classes]
    weights = [
        stream.standard_normal((m, k)) / np.sqrt(k)
        for m, k in zip(sizes[1:], sizes[:-1], strict=True)
    ]
    net = ReluNetwork(weights, [np.zeros(len(weight)) for weight in weights])
    x = stream.standard_normal((n, d))
    return net, x, forward(net, x)[0].argmax(axis=1)


def test_of_a_linear_network_the_class_radius_is_the_nearest_boundary():
    net, x, decisions = classes_and_points(0)
    (w,) = net.weights
    for at, i in zip(x, decisions, strict=True):
        others = [j for j in range(4) if j != i]
        exact = min((w[i] - w[j]) @ at / np.linalg.norm(w[i] - w[j]) for j in others)
        # bisection stops at 2^-12 of the upper end
        assert certified_class_radius(net, at, i, 2 * exact) == pytest.approx(exact, rel=1e-3)
        assert certified_class_radius(net, at, others[0], 2 * exact) == 0


@pytest.mark.parametrize("layers", [1, 3])
def test_within_the_class_radius_no_sample_changes_class(layers):
    net, x, decisions = classes_and_points(layers)
    stream = generator(0, "test", "certificate classes samples")
    steps = stream.standard_normal((500, 5))
    steps /= np.linalg.norm(steps, axis=1, keepdims=True)
    for at, i in zip(x, decisions, strict=True):
        radius = certified_class_radius(net, at, i, 10.0)
        assert radius > 0
        assert (forward(net, at + radius * steps)[0].argmax(axis=1) == i).all()
    far = forward(net, x[0] + 10 * steps)[0].argmax(axis=1)
    assert (far != decisions[0]).any()  # the samples could have told
