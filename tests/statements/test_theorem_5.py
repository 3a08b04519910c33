"""Theorem 5: the formula against the networks' own forward passes."""

import numpy as np
import pytest
from scipy import stats

from fragility.runtime.seeds import generator
from fragility.statements.theorem_5 import closed_form as theory
from fragility.statements.theorem_5 import simulation
from fragility.statements.theorem_5.check import KINDS, compare
from fragility.training.linear_classes import train

EPS = np.finfo(float).eps


def problem(d, classes, index=0, points=5):
    """A random network of random shape, points drawn apart from it, and all pairs of classes."""
    stream = generator(5, "test", "theorem_5", d, classes, index)
    layers = simulation.random_layers(simulation.random_widths(d, classes, 4, 20, stream), stream)
    i, j = simulation.ordered_pairs(classes)
    w = theory.probes(layers)
    x = stream.standard_normal((classes, points, d))[i]
    return layers, i, j, w, x, theory.decompose(w[i], w[j], x)


@pytest.mark.parametrize("classes", [2, 3, 10])
@pytest.mark.parametrize("d", [2, 7, 60])
def test_the_formula_is_the_exact_distance_and_decides_the_flip(d, classes):
    layers, i, j, _, x, pair = problem(d, classes)
    step = theory.perturbation(pair)
    seen = simulation.observe(layers, x, i, j, step)
    # rounding of dot products of length d, through up to four layers, on outputs of about ||x||
    tolerance = 1000 * EPS * d
    assert np.allclose(theory.distance(pair), seen.distance, rtol=0, atol=tolerance)
    assert np.allclose(np.linalg.norm(step, axis=-1), seen.distance, rtol=0, atol=tolerance)
    assert seen.beyond.all() and not seen.short.any()
    assert (theory.distance(pair) <= theory.bound(pair) * (1 + 4 * EPS)).all()
    if classes == 2:
        assert seen.reached[~seen.reversed].all()


@pytest.mark.parametrize("d", [3, 40])
def test_the_perturbation_lies_in_the_span_of_the_probes_and_no_other_direction_is_shorter(d):
    _, i, j, w, _, pair = problem(d, 3)
    step = theory.perturbation(pair)
    coefficients = np.linalg.lstsq(np.stack([w[i[0]], w[j[0]]], axis=1), step[0].T)[0]
    assert np.allclose(np.stack([w[i[0]], w[j[0]]], axis=1) @ coefficients, step[0].T, atol=1e-10)
    # along any unit vector u the boundary is |f_i - f_j| / |u . (p_i - p_j)| away
    u = generator(5, "test", "directions", d).standard_normal((2000, d))
    u /= np.linalg.norm(u, axis=1, keepdims=True)
    rate = np.abs(u @ (w[i[0]] - w[j[0]]))
    assert (np.abs(theory.margin(pair))[0, 0] / rate >= theory.distance(pair)[0, 0]).all()


def test_wrong_formulas_are_noticed():
    layers, i, j, _, x, pair = problem(20, 3)
    seen = simulation.observe(layers, x, i, j, theory.perturbation(pair))
    # twin: without r12 the denominator of equation (4) is another number
    wrong = np.abs(theory.margin(pair)) / np.hypot(pair.r11, pair.r22)
    assert not np.allclose(wrong, seen.distance, rtol=0.01)
    # twin: the way along probe_i alone is longer, so that the same length does not flip everywhere
    direction = theory.probes(layers)[i][:, None] * np.ones_like(x)
    direction *= -np.sign(theory.margin(pair))[..., None]
    direction /= np.linalg.norm(direction, axis=-1, keepdims=True)
    along = simulation.observe(layers, x, i, j, direction * theory.distance(pair)[..., None])
    assert not along.beyond.all()


@pytest.mark.parametrize("classes", [3, 10])
def test_the_nearest_boundary_is_the_one_whose_label_is_reached(classes):
    layers, i, j, _, x, pair = problem(30, classes, points=60)
    seen = simulation.observe(layers, x, i, j, theory.perturbation(pair))
    shaped = (classes, classes - 1, -1)
    distance, correct, reached = (
        a.reshape(shaped) for a in (seen.distance, seen.correct, seen.reached)
    )
    nearest = distance == distance.min(axis=1, keepdims=True)
    assert (
        correct.sum() > 50
    )  # one point in `classes` by chance: 180/3 or 600/10, times classes - 1
    assert reached[correct & nearest].all()
    assert not reached[correct & ~nearest].all()  # the text's "from class i to class j", any j


def ratios(index, n=3000):
    """Distance over bound, one point and pair each, of a Gaussian x and a fixed network."""
    stream = generator(5, "test", "ratio", index)
    p_i, p_j = stream.standard_normal((2, 12))
    pair = theory.decompose(p_i, p_j, stream.standard_normal((n, 12)))
    return theory.distance(pair) / theory.bound(pair)


def test_the_ratio_follows_the_arcsine_law_and_no_other():
    sample = ratios(0)
    assert stats.kstest(sample**2, theory.ratio_squared_law().cdf).pvalue > 1e-3
    assert sample.mean() == pytest.approx(theory.RATIO_MEAN, abs=4 * 0.31 / np.sqrt(len(sample)))
    # twin: Beta(1/2, 1), a direction uniform in space; 0.1 away where 3000 draws see 0.05 at 1e-6
    assert stats.kstest(sample**2, stats.beta(0.5, 1).cdf).pvalue < 1e-6
    # twin: points that know the network, as those of a trained one do
    aligned = theory.decompose([1.0, 0, 0], [0, 1.0, 0], [[1.0, -1.0, 3.0]] * 3)
    assert (theory.distance(aligned) / theory.bound(aligned) > 0.999).all()


def test_one_vector_added_to_both_probes_changes_the_bound_alone():
    _, i, j, w, x, pair = problem(15, 3)
    shift = -(w[i] + w[j]) / 2
    # parallel probes now: r22 = 0, the span is a line, and |a_i1| is the formula itself
    moved = theory.decompose(w[i] + shift, w[j] + shift, x)
    assert np.allclose(theory.distance(moved), theory.distance(pair), atol=1e-12)
    assert np.allclose(np.abs(moved.a1), theory.distance(pair), atol=1e-12)
    assert (theory.bound(pair) > 1.001 * theory.distance(pair)).any()


def test_equal_probes_and_a_line_are_refused_by_name():
    p, x = np.array([1.0, 2.0, 3.0]), np.ones((4, 3))
    with pytest.raises(ValueError, match="equal"):
        theory.decompose(p, p * (1 + EPS), x)
    with pytest.raises(ValueError, match="equal"):
        theory.decompose(0 * p, 0 * p, x)
    with pytest.raises(ValueError, match="at least 2"):
        theory.decompose([1.0], [2.0], [[1.0]])


def test_training_learns_each_network_by_itself():
    d, classes, stream = 10, 3, generator(5, "test", "train")
    layers = [simulation.random_layers([d, 8, classes], stream, spread="uniform") for _ in "ab"]
    stacked = [np.stack(pair) for pair in zip(*layers, strict=True)]
    centres = stream.standard_normal((classes, d))
    x = np.stack([simulation.class_points(centres, 6, 0.3, stream).reshape(-1, d) for _ in "ab"])
    labels = np.repeat(np.arange(classes), 6)
    before = [layer.copy() for layer in stacked]
    trained = train(stacked, x, labels, 150, 0.02)
    assert all(np.array_equal(a, b) for a, b in zip(before, stacked, strict=True))
    for n in range(2):
        outputs = simulation.forward([layer[n] for layer in trained], x[n])
        assert (outputs.argmax(axis=1) == labels).all()
    alone = train([layer[:1] for layer in stacked], x[:1], labels, 150, 0.02)
    # float32 training: 150 steps that round differently, 1e-7 each, on weights of size 1
    assert np.allclose(alone[0][0], trained[0][0], atol=1e-3)
    untrained = simulation.forward([layer[0] for layer in stacked], x[0])
    assert (untrained.argmax(axis=1) != labels).any()  # twin: it is the training that does it


SETTINGS = {"trials": 3, "trials_opposite": 4, "points": 6, "noise": 0.5, "depth": 2, "width": 8,
            "steps": 20, "learning_rate": 0.01}  # fmt: skip


def test_opposite_classes_have_inner_products_of_minus_d_and_others_of_none():
    opposite = [x for _, x in KINDS["opposite"](SETTINGS, 1, 400, 5)]
    trained = [x for _, x in KINDS["trained"](SETTINGS, 1, 400, 5)]
    assert (len(opposite), len(trained)) == (4, 3)
    for x in opposite:
        inner = np.einsum("inx,jnx->ij", x, x) / 6 / 400
        # noise of sums of 400 products: 0.07; a centre's length differs as much
        assert [inner[0, 1], inner[2, 3]] == pytest.approx([-1, -1], abs=0.3)
        assert [inner[0, 2], inner[1, 3], inner[3, 4]] == pytest.approx([0, 0, 0], abs=0.3)
    assert (trained[0][0] * trained[0][1]).sum(axis=-1).mean() / 400 == pytest.approx(0, abs=0.3)


def test_the_inner_product_of_a_row_is_that_of_the_first_two_classes():
    layers, *_ = problem(4, 3)
    x = np.stack([np.full((2, 4), value) for value in (1.0, -3.0, 5.0)])
    assert compare(layers, x)["inner"] == pytest.approx(-3)
