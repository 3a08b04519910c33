"""The way from one input to another: angles and lengths, against formulas and plain sums."""

import numpy as np
import pytest
import torch
from scipy import integrate

from fragility.measures.gradient_path import (
    GradientPath,
    follow,
    gradient,
    gradient_change,
    mean_cos_with_others,
)
from fragility.runtime.seeds import generator

# float64 (eps 2e-16): sums of at most a hundred terms of size 1, divided by lengths above 0.1
ROUNDING = 1e-12
CLASSES = (3, 1)


def draw(*shape, key="x"):
    return torch.from_numpy(generator(7, "test", "paths", key).standard_normal(shape))


def filled(model, key):
    """The model with weights from a stream, float64, in evaluation mode."""
    stream = generator(7, "test", "paths", key)
    model = model.double()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.from_numpy(stream.standard_normal(parameter.shape)))
    return model.eval()


def linear(d=6, classes=5):
    return filled(torch.nn.Linear(d, classes), "linear")


def smooth(d=6, classes=5):
    layers = torch.nn.Linear(d, 7), torch.nn.Tanh(), torch.nn.Linear(7, classes)
    return filled(torch.nn.Sequential(*layers), "smooth")


def images_model():
    layers = torch.nn.Conv2d(1, 3, 2), torch.nn.Tanh(), torch.nn.Flatten(), torch.nn.Linear(48, 5)
    return filled(torch.nn.Sequential(*layers), "images")


def difference(model, x, classes=CLASSES):
    """g at one input and its gradient, by autograd on nothing else."""
    x = x.clone().requires_grad_()
    outputs = model(x[None])[0]
    g = outputs[classes[0]] - outputs[classes[1]]
    g.backward()
    return g.item(), x.grad.numpy().copy()


def by_point(model, x, target, k, classes=CLASSES):
    """Cosines, slopes, values, lengths: a plain loop over inputs and points."""
    cosines, slopes, values = np.empty((3, len(x), k))
    lengths = np.empty(len(x))
    for i in range(len(x)):
        step = (target[i] - x[i]).numpy()
        lengths[i] = np.sqrt((step**2).sum())
        for j, alpha in enumerate(np.linspace(0, 1, k)):
            values[i, j], slope = difference(model, x[i] + alpha * (target[i] - x[i]), classes)
            slopes[i, j] = np.sqrt((slope**2).sum())
            cosines[i, j] = (slope * step).sum() / slopes[i, j] / lengths[i]
    return cosines, slopes, values, lengths


# --- a linear model ---


@pytest.mark.parametrize("k", [2, 3, 11])
def test_a_linear_model_has_one_cosine_and_one_slope_all_the_way(k):
    model, x, target = linear(), draw(4, 6), draw(4, 6, key="target")
    path = follow(model, x, target, CLASSES, k)
    weight, bias = (p.detach().numpy() for p in model.parameters())
    w, step = weight[3] - weight[1], (target - x).numpy()
    length = np.linalg.norm(step, axis=1)
    assert path.cosines.shape == path.gradient_norms.shape == path.values.shape == (4, k)
    np.testing.assert_allclose(path.alphas, np.linspace(0, 1, k), atol=ROUNDING)
    np.testing.assert_allclose(path.length, length, rtol=ROUNDING)
    np.testing.assert_allclose(path.gradient_norms, np.linalg.norm(w), rtol=ROUNDING)
    cosines = step @ w / length / np.linalg.norm(w)
    np.testing.assert_allclose(path.cosines, cosines[:, None].repeat(k, 1), atol=ROUNDING)
    assert np.ptp(cosines) > 0.1
    at = x.numpy()[:, None] + path.alphas[None, :, None] * step[:, None]
    np.testing.assert_allclose(path.values, at @ w + bias[3] - bias[1], rtol=0, atol=ROUNDING * 10)


@pytest.mark.parametrize("k", [2, 3, 11])
def test_a_linear_model_s_lengths_are_known(k):
    model, x, target = linear(), draw(4, 6), draw(4, 6, key="target")
    path = follow(model, x, target, CLASSES, k)
    weight, bias = (p.detach().numpy() for p in model.parameters())
    w = weight[3] - weight[1]
    projected = (target - x).numpy() @ w / np.linalg.norm(w)
    np.testing.assert_allclose(path.exact_length(), projected, rtol=1e-10)
    # the printed weights add up to k/(k - 1)
    np.testing.assert_allclose(path.expected_length(), projected * k / (k - 1), rtol=1e-10)
    distance = (x.numpy() @ w + bias[3] - bias[1]) / np.linalg.norm(w)
    np.testing.assert_allclose(path.first_order(), distance, rtol=1e-10)


def test_along_and_against_the_gradient_the_cosine_is_1_and_its_opposite():
    model, x = linear(), draw(3, 6)
    w = (model.weight[3] - model.weight[1]).detach()
    across = torch.linalg.svd(w[None])[2][1]  # at a right angle to w
    target = x + torch.stack([2 * w, -0.1 * w, across])
    found = follow(model, x, target, CLASSES, 5).cosines
    expected = np.array([[1.0], [-1], [0]]).repeat(5, 1)
    np.testing.assert_allclose(found, expected, rtol=0, atol=ROUNDING)
    other_way = follow(model, x, target, CLASSES[::-1], 5).cosines
    np.testing.assert_allclose(other_way, -expected, rtol=0, atol=ROUNDING)


def test_lengths_by_hand():
    path = GradientPath(
        alphas=np.array([0, 0.5, 1]),
        cosines=np.array([[0.5, -1, 0], [1, 1, 1]]),
        gradient_norms=np.array([[2.0, 3, 4], [4, 4, 4]]),
        values=np.array([[6.0, 100, -2], [1, 2, 3]]),
        length=np.array([10.0, 2]),
    )
    # (2/2 - 3 + 0) 10/2 / 2 and (4 + 4 + 4) 2/2 / 4
    assert path.expected_length().tolist() == [-5, 3]
    assert path.exact_length().tolist() == [-4, 0.5]
    assert path.first_order().tolist() == [3, 0.25]


# --- a smooth model ---


def test_every_point_is_that_of_a_plain_loop():
    model, x, target = smooth(), draw(4, 6), draw(4, 6, key="target")
    path = follow(model, x, target, CLASSES, 7)
    expected = by_point(model, x, target, 7)
    for found, known in zip(path[1:], expected, strict=True):
        np.testing.assert_allclose(found, known, rtol=0, atol=ROUNDING * 10)
    assert np.ptp(path.cosines, axis=1).min() > 0.01  # they do change along the way
    assert (np.abs(path.cosines) <= 1 + ROUNDING).all()


@pytest.mark.parametrize("k", [2, 5, 11])
def test_the_expected_length_is_the_paper_s_sum(k):
    model, x, target = smooth(), draw(4, 6), draw(4, 6, key="target")
    found = follow(model, x, target, CLASSES, k).expected_length()
    cosines, slopes, _, lengths = by_point(model, x, target, k)
    for i in range(4):
        total = 0
        for j in range(k):  # M ||grad g(x)|| = sum over j of ||grad|| cos theta_t L/(k - 1)
            total += slopes[i, j] * cosines[i, j] * lengths[i] / (k - 1)
        assert found[i] == pytest.approx(total / slopes[i, 0], rel=1e-9)


def test_the_exact_length_is_the_integral_of_the_slope_along_the_way():
    model, x, target = smooth(), draw(4, 6), draw(4, 6, key="target")
    fine = follow(model, x, target, CLASSES, 2001)
    along = fine.gradient_norms * fine.cosines * fine.length[:, None]
    integral = integrate.simpson(along, fine.alphas, axis=1) / fine.gradient_norms[:, 0]
    # Simpson's rule at a step of 1/2000: an error of step^4 times a fourth derivative below 10^4
    for path in (fine, follow(model, x, target, CLASSES, 2)):  # two points give it as well
        np.testing.assert_allclose(path.exact_length(), integral, rtol=0, atol=1e-8)
    # and the sum as printed is off, by half of both ends in first order
    ends = (along[:, 0] + along[:, -1]) / 2 / 2000 / fine.gradient_norms[:, 0]
    np.testing.assert_allclose(fine.expected_length() - integral, ends, atol=1e-5)
    assert np.abs(ends).max() > 1e-4


@pytest.mark.parametrize("chunk", [1, 3, 27, 28, 29])
def test_chunks_do_not_matter(chunk):
    model, x, target = smooth(), draw(4, 6), draw(4, 6, key="target")
    whole = follow(model, x, target, CLASSES, 7)
    for found, expected in zip(follow(model, x, target, CLASSES, 7, chunk), whole, strict=True):
        np.testing.assert_allclose(found, expected, rtol=0, atol=ROUNDING)


def test_a_chunk_bounds_what_is_passed_at_once():
    sizes = []

    class Counted(torch.nn.Module):
        def forward(self, x):
            sizes.append(len(x))
            return x

    follow(Counted(), draw(4, 6), draw(4, 6, key="target"), CLASSES, 7, 5)
    assert sizes == [5, 5, 5, 5, 5, 3]


# --- gradients ---


@pytest.mark.parametrize("classes", [(3, 1), (1, 3), (0, 4)])
def test_gradients_are_those_of_autograd_one_at_a_time(classes):
    for model, x in ((smooth(), draw(5, 6)), (images_model(), draw(5, 1, 5, 5))):
        found = gradient(model, x, classes)
        assert found.shape == x.shape
        assert not found.requires_grad
        for i in range(5):
            _, expected = difference(model, x[i], classes)
            np.testing.assert_allclose(found[i].numpy(), expected, rtol=0, atol=ROUNDING)
        assert found.abs().amax(dim=tuple(range(1, x.dim()))).min() > 0.01


def test_inputs_and_parameters_keep_no_gradients():
    model, x, target = smooth(), draw(4, 6), draw(4, 6, key="target")
    for inputs in (x, target):
        assert not inputs.requires_grad
    gradient(model, x, CLASSES)
    follow(model, x, target, CLASSES, 3)
    for tensor in (x, target, *model.parameters()):
        assert tensor.grad is None
    assert not x.requires_grad
    assert torch.equal(x, draw(4, 6))
    assert torch.equal(target, draw(4, 6, key="target"))


# --- classes of each input ---

EACH = (torch.tensor([3, 0, 2, 1]), torch.tensor([1, 4, 0, 3]))


def test_each_input_may_have_its_own_classes():
    model, x, target = smooth(), draw(4, 6), draw(4, 6, key="target")
    found = follow(model, x, target, EACH, 5)
    for i in range(4):
        classes = tuple(int(c[i]) for c in EACH)
        alone = follow(model, x[i : i + 1], target[i : i + 1], classes, 5)
        for array, expected in zip(found[1:], alone[1:], strict=True):
            np.testing.assert_allclose(array[i], expected[0], rtol=0, atol=ROUNDING * 10)
    same = follow(model, x, target, CLASSES, 5)
    assert np.abs(found.values - same.values)[1:].min() > 1e-3  # control: the first input's


def test_classes_of_all_inputs_may_be_given_one_by_one():
    model, x, target = smooth(), draw(4, 6), draw(4, 6, key="target")
    repeated = tuple(torch.full((4,), c) for c in CLASSES)
    for one, other in (
        (follow(model, x, target, repeated, 5), follow(model, x, target, CLASSES, 5)),
        (gradient(model, x, repeated)[None], gradient(model, x, CLASSES)[None]),
    ):
        for found, expected in zip(one, other, strict=True):
            np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("chunk", [1, 3, 27, 29])
def test_chunks_do_not_mix_the_classes(chunk):
    model, x, target = smooth(), draw(4, 6), draw(4, 6, key="target")
    whole = follow(model, x, target, EACH, 7)
    for found, expected in zip(follow(model, x, target, EACH, 7, chunk), whole, strict=True):
        np.testing.assert_allclose(found, expected, rtol=0, atol=ROUNDING)


def test_gradients_are_of_each_input_s_classes():
    model, x = images_model(), draw(4, 1, 5, 5)
    found = gradient(model, x, EACH)
    for i in range(4):
        _, expected = difference(model, x[i], tuple(int(c[i]) for c in EACH))
        np.testing.assert_allclose(found[i].numpy(), expected, rtol=0, atol=ROUNDING)


def test_progress_is_told_how_many_points_each_pass_had():
    counts = []
    model, x, target = smooth(), draw(4, 6), draw(4, 6, key="target")
    follow(model, x, target, CLASSES, 7, 5, counts.append)
    assert counts == [5, 5, 5, 5, 5, 3]


# --- the way back ---


@pytest.mark.parametrize("k", [2, 5])
def test_the_way_back_is_that_followed_from_the_targets(k):
    """For g = f_to - f_from: both the difference and the gradient turn round, the cosine stays."""
    model, x, target = smooth(), draw(4, 6), draw(4, 6, key="target")
    found = follow(model, x, target, EACH, k).back()
    expected = follow(model, target, x, EACH[::-1], k)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=ROUNDING * 10)
    for name in ("expected_length", "exact_length", "first_order"):
        ours, theirs = (getattr(path, name)() for path in (found, expected))
        np.testing.assert_allclose(ours, theirs, rtol=1e-9)
        there = getattr(follow(model, x, target, EACH, k), name)()
        assert np.abs(ours - there).max() > 0.01  # negative control: the way there


def test_back_and_back_again_is_the_same_way():
    path = follow(smooth(), draw(4, 6), draw(4, 6, key="target"), EACH, 5)
    for one, other in zip(path.back().back(), path, strict=True):
        np.testing.assert_array_equal(one, other)


# --- images ---


def test_images_are_followed_as_vectors_are():
    model, x, target = images_model(), draw(3, 1, 5, 5), draw(3, 1, 5, 5, key="target")
    path = follow(model, x, target, CLASSES, 4)
    expected = by_point(model, x, target, 4)
    for found, known in zip(path[1:], expected, strict=True):
        assert found.shape == known.shape
        np.testing.assert_allclose(found, known, rtol=0, atol=ROUNDING * 10)
    assert [len(path.expected_length()), len(path.exact_length()), len(path.first_order())] == [
        3
    ] * 3


def test_float32_inputs_give_float64_measures_near_those_of_float64():
    x, target = draw(3, 1, 5, 5), draw(3, 1, 5, 5, key="target")
    expected = follow(images_model(), x, target, CLASSES, 4)
    found = follow(images_model().float(), x.float(), target.float(), CLASSES, 4)
    assert {array.dtype for array in found} == {np.dtype(float)}
    for one, other in zip(found, expected, strict=True):
        # eps 1.2e-7, sums of 48 terms of size 1, of values up to about 20
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)
    assert not np.array_equal(found.cosines, expected.cosines)


def test_cosines_with_others_are_those_of_every_pair_that_shares_no_input():
    inputs, gradients = draw(5, 9, key="inputs").numpy(), draw(2, 9, key="gradients").numpy()
    pairs = np.array([[0, 3], [4, 1]])
    unit = gradients / np.linalg.norm(gradients, axis=1, keepdims=True)
    lengths = np.linalg.norm(inputs[:, None] - inputs, axis=2)
    expected = [
        np.mean([
            abs(u @ (inputs[a] - inputs[b])) / np.linalg.norm(inputs[a] - inputs[b])
            for a, b in others
        ])
        for u, others in zip(
            unit, ([(1, 2), (1, 4), (2, 4)], [(0, 2), (0, 3), (2, 3)]), strict=True
        )
    ]  # fmt: skip
    found = mean_cos_with_others(unit @ inputs.T, lengths, pairs)
    assert np.abs(found - expected).max() < ROUNDING


def test_norms_are_relative_to_the_one_at_x():
    norms = np.array([[2.0, 3, 1], [4, 4, 8]])
    path = GradientPath(np.arange(3), norms, norms, norms, np.ones(2))
    assert path.relative_norms().tolist() == [[1, 1.5, 0.5], [1, 1, 2]]
    assert path.back().relative_norms()[0].tolist() == [1, 3, 2]


def test_a_linear_network_s_gradient_does_not_change_and_a_smooth_one_s_does():
    x, moved = draw(4, 6), draw(4, 6, key="moved")
    assert gradient_change(linear(), x, moved, CLASSES) == pytest.approx(0, abs=ROUNDING)
    model = smooth()
    found = gradient_change(model, x, moved, CLASSES)
    for i in range(4):
        before, after = (difference(model, at[i])[1] for at in (x, moved))
        expected = np.linalg.norm(after - before) / np.linalg.norm(before)
        assert found[i] == pytest.approx(expected, rel=1e-9)
    assert (found > 0.1).all()


def test_a_gradient_where_nothing_was_found_has_no_change():
    x = draw(2, 6)
    moved = x + 1
    moved[1, 3] = torch.nan
    found = gradient_change(smooth(), x, moved, CLASSES)
    assert np.isnan(found).tolist() == [False, True]
