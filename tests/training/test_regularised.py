"""The regularisers' losses by hand, their equality to first order, and training."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from fragility.images.sized_networks import Shape, convolutional, initialise
from fragility.training import regularised
from fragility.training.regularised import TrainingSettings, first_order_gap, losses, train


def settings(method, strength=0.1, **changes):
    told = {
        "epochs": 1, "batch_size": 8, "learning_rate": 0.1, "momentum": 0.9, "halve_every": 1,
        "method": method, "strength": strength, "steps": 4, "relative_step": 0.5,
        "bounds": (-1.0, 2.0),
    }  # fmt: skip
    return TrainingSettings(**told | changes)


@pytest.fixture
def setup():
    """A small network with float64 weights, eight images, labels."""
    stream = np.random.default_rng(1)
    network = initialise(convolutional(Shape("strided", 4, 2), 1, 8, 3), stream).double().eval()
    x = torch.from_numpy(stream.random((8, 1, 8, 8)))
    return network, x, torch.from_numpy(stream.integers(3, size=8))


def by_hand(network, x, labels, method, lam):
    """The two losses image by image."""
    total = 0.0
    for image, label in zip(x, labels, strict=True):
        at = image[None].clone().requires_grad_()
        loss = functional.cross_entropy(network(at), label[None])
        (g,) = torch.autograd.grad(loss, at)
        norm, d = method[-2:], g.numel()
        eps = lam if norm == "l1" else lam * d**0.5
        if method.startswith("penalty"):
            size = g.abs().sum() if norm == "l1" else g.norm()
            total += float(loss + eps / 2 * size)
        else:
            step = eps * (g.sign() if norm == "l1" else g / g.norm())
            moved = functional.cross_entropy(network(at + step), label[None])
            total += float(loss + moved) / 2
    return total / len(x)


@pytest.mark.parametrize("method", regularised.METHODS[1:5])
def test_losses_are_those_computed_image_by_image(setup, method):
    network, x, labels = setup
    ours = float(losses(network, x, labels, settings(method)).detach())
    assert ours == pytest.approx(by_hand(network, x, labels, method, 0.1), rel=1e-12)
    plain = float(functional.cross_entropy(network(x), labels))
    assert ours > plain + 1e-4


def test_the_penalty_s_gradient_by_the_weights_is_that_of_finite_differences(setup):
    network, x, labels = setup
    weight = network[0].weight
    losses(network, x, labels, settings("penalty_l2")).backward()
    found = float(weight.grad[0, 0, 1, 1])
    values = []
    for step in (1e-6, -1e-6):
        with torch.no_grad():
            weight[0, 0, 1, 1] += step
        values.append(float(losses(network, x, labels, settings("penalty_l2")).detach()))
        with torch.no_grad():
            weight[0, 0, 1, 1] -= step
    assert found == pytest.approx((values[0] - values[1]) / 2e-6, rel=1e-4)


STRENGTHS = np.array([1e-5, 3e-5, 1e-4, 3e-4])


def slope(gaps):
    return np.polyfit(np.log(STRENGTHS), np.log(gaps), 1)[0]


@pytest.mark.parametrize("norm", ["l1", "l2"])
def test_penalty_and_augmentation_are_equal_to_first_order_and_a_wrong_factor_is_not(setup, norm):
    """The difference falls as the strength squared, far above rounding; a factor gives slope 1."""
    network, x, labels = setup
    gaps = [first_order_gap(network, x, labels, norm, lam) for lam in STRENGTHS]
    assert min(gaps) > 100 * np.finfo(float).eps
    assert slope(gaps) == pytest.approx(2, abs=0.15)
    wrong = []
    for lam in STRENGTHS:
        pair = [by_hand(network, x, labels, f"penalty_{norm}", factor * lam) for factor in (1, 2)]
        wrong.append(abs(pair[1] - by_hand(network, x, labels, f"augmentation_{norm}", lam)))
        assert pair[1] > pair[0]
    assert slope(wrong) == pytest.approx(1, abs=0.05)


def test_pgd_s_images_stay_in_the_ball_and_raise_the_loss_more_than_one_step(setup):
    network, x, labels = setup
    network, x = network.float(), x.float()
    told = settings("pgd", 0.05, steps=8)
    moved = regularised._pgd(network, x, labels, told)
    assert float((moved - x).abs().max()) <= 0.05 + 1e-6
    ours = float(losses(network, x, labels, told).detach())
    assert (
        ours >= float(losses(network, x, labels, settings("augmentation_l1", 0.05)).detach()) - 1e-3
    )
    assert all(p.requires_grad and p.grad is None for p in network.parameters())


def test_training_is_the_plain_loop(setup):
    """Usual training, two epochs, against torch's own SGD written out."""
    network, x, labels = setup
    other = convolutional(Shape("strided", 4, 2), 1, 8, 3).double()
    other.load_state_dict(network.state_dict())
    train(network, x, labels, settings("usual", epochs=2), np.random.default_rng(4))
    stream, velocity = np.random.default_rng(4), None
    for rate in (0.1, 0.05):
        order = torch.from_numpy(stream.permutation(8))
        loss = functional.cross_entropy(other(x[order]), labels[order])
        slopes = torch.autograd.grad(loss, list(other.parameters()))
        before = velocity or [torch.zeros_like(s) for s in slopes]
        velocity = [0.9 * v + s for v, s in zip(before, slopes, strict=True)]
        with torch.no_grad():
            for weight, step in zip(other.parameters(), velocity, strict=True):
                weight -= rate * step
    for ours, theirs in zip(network.parameters(), other.parameters(), strict=True):
        assert torch.allclose(ours, theirs, atol=1e-12)


def test_an_unknown_method_is_named(setup):
    with pytest.raises(ValueError, match="unknown method 'penalty'"):
        losses(*setup, settings("penalty"))


def test_attacks_leave_running_means_alone():
    stream = np.random.default_rng(1)
    network = initialise(convolutional(Shape("strided", 4, 2, True), 1, 8, 3), stream).train()
    x = torch.rand(4, 1, 8, 8, generator=torch.Generator().manual_seed(1))
    before = network[1].running_mean.clone()
    regularised._pgd(network, x, torch.tensor([0, 1, 2, 0]), settings("pgd"))
    assert torch.equal(before, network[1].running_mean)
    assert network.training
    assert isinstance(network[1], nn.BatchNorm2d)
