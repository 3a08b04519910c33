"""Smallest perturbations of ReLU networks in the data's units: closed form, scaling, float64."""

import numpy as np
import pytest
import torch

from fragility.attacks.minimal import ATTACKS
from fragility.attacks.relu import (
    InUnits,
    smallest_perturbations,
    smallest_perturbations_together,
)
from fragility.runtime.seeds import generator
from fragility.synthetic.networks import (
    ReluNetwork,
    forward,
    gradient,
    margins,
    relu_module,
    relu_network,
)

ALL = tuple(ATTACKS)
STEPS = 100


def network_and_points(layers, width=40, d=5, n=24, near=(0.1, 0.4)):
    """A random network with points of both labels, near the boundary of their linear pieces."""
    stream = generator(0, "test", "attacks relu", layers, width, d)
    net = relu_network(d, width, layers, stream, float)
    x = stream.standard_normal((400, d))
    net.biases[-1][0] -= np.median(margins(net, x, 1))
    labels = np.sign(margins(net, x, 1)).astype(int)
    slopes = gradient(net, forward(net, x)[1], np.array([1.0, -1.0]))
    first = margins(net, x, labels) / np.linalg.norm(slopes, axis=1)
    chosen = np.flatnonzero((first > near[0]) & (first < near[1]))[:n]
    assert set(labels[chosen]) == {-1, 1}
    return net, x[chosen], labels[chosen]


def linear_around(layers, d=5, width=20, n=20):
    """A network with every unit active, by its biases, on all the points and around them."""
    stream = generator(0, "test", "attacks relu linear", layers)
    net = relu_network(d, width, layers, stream, float)
    x = stream.standard_normal((n, d))
    for k in range(layers):
        net.biases[k][:] += 20 - forward(net, x)[1][k].min(axis=0)
    w = np.array([1.0, -1.0])
    for weight in net.weights[::-1]:
        w = w @ weight
    # the boundary in the middle of the points, then each at least 0.1 from it
    net.biases[-1][0] -= np.median(margins(net, x, 1))
    distances = np.abs(margins(net, x, 1)) / np.linalg.norm(w)
    x, distances = x[distances > 0.1], distances[distances > 0.1]
    around = x - 2 * (margins(net, x, 1) / (w @ w))[:, None] * w
    assert all((u > 0).all() for points in (x, around) for u in forward(net, points)[1])
    return net, x, np.sign(margins(net, x, 1)).astype(int), distances


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_a_network_linear_around_the_points_has_the_exact_distances(layers):
    net, x, labels, distances = linear_around(layers)
    found = smallest_perturbations(net, x, labels, unit=0.5, attacks=ALL, steps=STEPS)
    # 1e-6: the bisection's 2^-30, and outputs' rounding, 1e-16 of a few hundred
    np.testing.assert_allclose(found.norm, distances, rtol=1e-6)
    # ddn's angle steps; carlini_wagner's Adam steps, 0.003 of a unit against a fifth of one
    for name, relative in (("projection", 1e-6), ("ddn", 0.01), ("carlini_wagner", 0.02)):
        np.testing.assert_allclose(found.by_attack[name], distances, rtol=relative)


@pytest.mark.parametrize("layers", [1, 2])
def test_what_is_found_flips_in_numpy_at_float64(layers):
    net, x, labels = network_and_points(layers)
    found = smallest_perturbations(net, x, labels, unit=0.3, attacks=ALL, steps=STEPS)
    assert (found.attack != "none").all()
    assert found.perturbation.dtype == found.norm.dtype == np.float64
    after, before = margins(net, x + found.perturbation, labels), margins(net, x, labels)
    assert (after < 0).all()
    # the boundary is resolved to the bisection's 1e-9, slopes differing by less than 100 between
    # pieces; float32 would end 1e-6 off it
    assert (after > -1e-7 * before).all()
    assert (margins(net, x + (1 - 1e-6) * found.perturbation, labels) > 0).all()
    np.testing.assert_allclose(np.linalg.norm(found.perturbation, axis=1), found.norm, rtol=1e-9)
    np.testing.assert_array_equal(found.norm, np.nanmin(list(found.by_attack.values()), axis=0))


@pytest.mark.parametrize("layers", [1, 2])
def test_the_unit_hardly_matters_within_a_factor_of_two(layers):
    net, x, labels = network_and_points(layers)
    norms = [
        smallest_perturbations(net, x, labels, unit=unit, attacks=ALL, steps=STEPS).norm
        for unit in (0.15, 0.3, 0.6)
    ]
    for other in norms[::2]:
        # the attacks are local: at a few points another unit leads to another minimum
        assert (np.abs(other / norms[1] - 1) < 0.01).mean() >= 0.9


@pytest.mark.parametrize("factor", [2.0**-7, 2.0**9])
def test_data_and_unit_scaled_together_give_the_scaled_perturbation(factor):
    net, x, labels = network_and_points(1)
    scaled = ReluNetwork([net.weights[0] / factor, *net.weights[1:]], net.biases)
    first = smallest_perturbations(net, x, labels, unit=0.3, attacks=ALL, steps=20)
    second = smallest_perturbations(
        scaled, factor * x, labels, unit=0.3 * factor, attacks=ALL, steps=20
    )
    # a power of two: nothing is rounded anew
    np.testing.assert_array_equal(second.perturbation, factor * first.perturbation)
    np.testing.assert_array_equal(second.norm, factor * first.norm)
    for name in ALL:
        np.testing.assert_array_equal(second.by_attack[name], factor * first.by_attack[name])


@pytest.mark.parametrize("factor", [2.0**-10, 2.0**10])
def test_the_size_of_the_outputs_does_not_matter(factor):
    net, x, labels = network_and_points(1)
    scaled = ReluNetwork(
        [*net.weights[:-1], factor * net.weights[-1]], [*net.biases[:-1], factor * net.biases[-1]]
    )
    first, second = (
        smallest_perturbations(n, x, labels, unit=0.3, attacks=ALL, steps=20) for n in (net, scaled)
    )
    np.testing.assert_array_equal(first.perturbation, second.perturbation)


def test_units_keep_decisions():
    net, x, labels = network_and_points(2)
    model = InUnits(relu_module(net), 0.3, 7.0)
    outputs = model(torch.from_numpy(x / 0.3)).detach().numpy()
    found = 7 * labels * (outputs[:, 0] - outputs[:, 1])
    np.testing.assert_allclose(found, margins(net, x, labels), rtol=1e-9)


def test_a_point_that_is_wrong_already_is_refused():
    net, x, labels = network_and_points(1)
    labels[3] *= -1
    with pytest.raises(ValueError, match=r"\[3\] are flipped"):
        smallest_perturbations(net, x, labels, unit=0.3, attacks=["ddn"], steps=5)


# --- many networks without biases, side by side ---


def stacked(layers, networks=3, d=4, classes=3, n=5):
    """Weights (N, outputs, inputs) of random networks, of very different scales, and points."""
    stream = generator(0, "test", "attacks together", layers)
    sizes = [d, *[15] * layers, classes]
    weights = [
        stream.standard_normal((networks, m, k)) for m, k in zip(sizes[1:], sizes[:-1], strict=True)
    ]
    weights[-1] *= np.array([1, 30, 0.01])[:, None, None]
    return weights, stream.standard_normal((networks, n, d))


def test_together_linear_networks_need_the_distance_to_the_nearest_boundary():
    (weights,), x = stacked(0)
    found = smallest_perturbations_together([weights], x, unit=1.0, attacks=ALL, steps=40)
    for w, points, norms in zip(weights, x, found, strict=True):
        for at, norm in zip(points, norms, strict=True):
            i = (w @ at).argmax()
            exact = min((w[i] - w[j]) @ at / np.linalg.norm(w[i] - w[j]) for j in {0, 1, 2} - {i})
            assert norm == pytest.approx(exact, rel=1e-3)  # attacks overstep by 0.001 at most


def test_together_each_network_is_attacked_on_its_own_points():
    weights, x = stacked(2)
    together = smallest_perturbations_together(
        weights, x, unit=1.0, attacks=("projection",), steps=40
    )
    for i in range(3):
        alone = smallest_perturbations_together(
            [weight[i : i + 1] for weight in weights], x[i : i + 1], unit=1.0,
            attacks=("projection",), steps=40,
        )  # fmt: skip
        assert together[i] == pytest.approx(alone[0], rel=1e-6)
    assert np.ptp(together) > 0.1
