"""Training the digit network: initial law, steps against a plain loop, streams, accuracy."""

import copy
from functools import cache

import numpy as np
import pytest
import torch
from scipy import stats
from torch.nn import functional
from training_runs import DIGIT_SEED as SEED
from training_runs import DIGIT_SETTINGS as SETTINGS
from training_runs import random_digits

from fragility.images.digit_network import DigitNetwork, Dropout
from fragility.images.digit_training import DigitSettings, accuracy, new_network, pixels, train
from fragility.images.digits import Digits, read
from fragility.runtime.seeds import generator

# Relative to how far a layer moves.  Adadelta divides each gradient by its own size and so
# amplifies a rounding error (eps 1.2e-7 in float32): float32 against float64 came out 6e-6 apart.
# A unit that rounding carries over 0 would add some 1e-4; controls are off by 0.5 at least.
TOLERANCE = 1e-3


def values(network):
    return {name: value.detach().clone() for name, value in network.state_dict().items()}


def same(one, two):
    return all(torch.equal(one[name], two[name]) for name in one) and list(one) == list(two)


# --- the initial law ---


def layers(network):
    """Weight and bias of each layer as arrays, times sqrt(fan-in)."""
    arrays = [value.numpy() for value in network.state_dict().values()]
    for weight, bias in zip(arrays[::2], arrays[1::2], strict=True):
        fan_in = weight[0].size
        yield weight.ravel() * np.sqrt(fan_in), bias * np.sqrt(fan_in)


def test_initial_weights_are_uniform_up_to_one_over_the_root_of_the_fan_in():
    for weight, bias in layers(new_network(SEED, 0)):
        n = len(weight)
        assert n >= 288
        # the largest of n uniform draws is below 1 - 10/n with probability e^-10
        assert 1 - 10 / n < np.abs(weight).max() < 1 + 1e-6
        assert np.abs(bias).max() < 1 + 1e-6
        uniform = stats.uniform(-1, 2)
        assert stats.kstest(weight, uniform.cdf).pvalue > 1e-3
        # controls, off by 0.5 and 0.3 in distribution, where 288 draws see 0.12: squares, and the
        # wider bounds sqrt(6 / fan-in) of He's law
        assert stats.kstest(weight**2, uniform.cdf).pvalue < 1e-3
        assert stats.kstest(np.sqrt(6) * weight, uniform.cdf).pvalue < 1e-3
    biases = np.concatenate([bias for _, bias in layers(new_network(SEED, 0))])
    assert len(biases) == 234
    assert stats.kstest(biases, stats.uniform(-1, 2).cdf).pvalue > 1e-3
    assert stats.kstest(biases / 3, stats.uniform(-1, 2).cdf).pvalue < 1e-3


def test_the_law_is_pytorch_s_own():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        theirs = list(layers(DigitNetwork()))
    for (weight, bias), (weight_0, bias_0) in zip(
        layers(new_network(SEED, 0)), theirs, strict=True
    ):
        for one, two in ((weight, weight_0), (bias, bias_0)):
            assert stats.ks_2samp(one, two).pvalue > 1e-3
        assert stats.ks_2samp(weight, 2 * weight_0).pvalue < 1e-3


def test_networks_of_one_seed_and_index_are_the_same_and_no_others():
    first = values(new_network(SEED, 0))
    assert same(first, values(new_network(SEED, 0)))
    for other in (new_network(SEED, 1), new_network(SEED + 1, 0)):
        for name, value in values(other).items():
            assert not torch.equal(first[name], value)


def test_layers_do_not_share_their_draws():
    weights = [w for w, _ in layers(new_network(SEED, 0))]
    for i in range(4):
        for j in range(i):
            assert not np.isin(weights[i][:100], weights[j]).all()


# --- steps against a plain loop ---


def by_plain_loop(settings, dropouts=True, decay=True, index=0):
    """Six steps written anew, in float64: functional layers, masks, Adadelta by its formulas."""
    digits = random_digits()
    x = torch.from_numpy((digits.images / 255 - 0.1307) / 0.3081)[:, None]
    labels = torch.from_numpy(digits.labels.astype(np.int64))
    weights = [v.double().requires_grad_() for v in values(new_network(SEED, index)).values()]
    orders = generator(SEED, "mnist", "orders", index)
    bytes_ = generator(SEED, "mnist", "dropout", index)

    def drop(h, share):
        if not dropouts:
            return h
        kept = bytes_.integers(0, 256, tuple(h.shape), dtype=np.uint8) >= 256 * share
        return h * torch.from_numpy(kept / (1 - share))

    squares, steps = ([torch.zeros_like(w) for w in weights] for _ in range(2))
    losses, rate = [], settings.learning_rate
    for _ in range(settings.epochs):
        order = orders.permutation(len(labels))
        for start in range(0, len(order), settings.batch_size):
            batch = order[start : start + settings.batch_size]
            w1, b1, w2, b2, w3, b3, w4, b4 = weights
            h = functional.conv2d(functional.conv2d(x[batch], w1, b1).relu(), w2, b2).relu()
            h = drop(functional.max_pool2d(h, 2), 0.25).flatten(1)
            scores = drop((h @ w3.T + b3).relu(), 0.5) @ w4.T + b4
            chances = scores.softmax(dim=1)[torch.arange(len(batch)), labels[batch]]
            loss = -chances.log().mean()
            losses.append(loss.item())
            gradients = torch.autograd.grad(loss, weights)
            with torch.no_grad():
                for w, g, s, d in zip(weights, gradients, squares, steps, strict=True):
                    s.mul_(0.9).add_(0.1 * g**2)
                    step = g * torch.sqrt(d + 1e-6) / torch.sqrt(s + 1e-6)
                    d.mul_(0.9).add_(0.1 * step**2)
                    w -= rate * step
        if decay:
            rate *= settings.decay
    return [w.detach() for w in weights], losses


plain = cache(by_plain_loop)


def trained(settings, index=0, digits=None):
    told = []
    network = train(
        digits or random_digits(), settings, SEED, index, "cpu", lambda *facts: told.append(facts)
    )
    return network, told


def error(network, reference):
    """Largest distance of a layer's weights or biases, relative to how far it was moved."""
    initial = values(new_network(SEED, 0)).values()
    return max(
        ((w - r).norm() / (r - w0).norm()).item()
        for w, r, w0 in zip(values(network).values(), reference, initial, strict=True)
    )


def test_one_step_is_that_of_a_plain_loop():
    settings = DigitSettings(batch_size=40, learning_rate=1.0, decay=0.7, epochs=1)
    network, told = trained(settings)
    reference, losses = plain(settings)
    assert error(network, reference) < TOLERANCE
    assert [(epoch, step) for epoch, step, _ in told] == [(0, 0)]
    assert told[0][2] == pytest.approx(losses[0], rel=1e-5)  # a mean of 40 logits' sums, float32


def test_steps_of_two_epochs_are_those_of_a_plain_loop():
    network, _ = trained(SETTINGS)
    assert error(network, plain(SETTINGS)[0]) < TOLERANCE


def test_without_dropout_without_decay_or_in_other_orders_it_would_be_noticed():
    network, _ = trained(SETTINGS)
    assert error(network, plain(SETTINGS, dropouts=False)[0]) > 100 * TOLERANCE
    assert error(network, plain(SETTINGS, decay=False)[0]) > 100 * TOLERANCE
    assert error(network, plain(SETTINGS, index=1)[0]) > 100 * TOLERANCE


def test_with_dropout_switched_off_steps_are_those_of_a_plain_loop(monkeypatch):
    monkeypatch.setattr(Dropout, "forward", lambda self, x: x)
    network, _ = trained(SETTINGS)
    assert error(network, plain(SETTINGS, dropouts=False)[0]) < TOLERANCE
    assert error(network, plain(SETTINGS)[0]) > 100 * TOLERANCE


def test_the_rate_decays_after_each_epoch_and_not_before():
    """At a decay of 0 only the first epoch moves anything."""
    one, two = (
        DigitSettings(batch_size=16, learning_rate=0.5, decay=0, epochs=epochs) for epochs in (1, 2)
    )
    first = values(trained(one)[0])
    assert same(first, values(trained(two)[0]))
    assert not same(first, values(trained(SETTINGS)[0]))
    assert not same(first, values(new_network(SEED, 0)))


def test_each_epoch_and_step_is_reported_with_its_loss():
    _, told = trained(SETTINGS)
    assert [facts[:2] for facts in told] == [(e, s) for e in (0, 1) for s in (0, 1, 2)]
    assert all(type(fact) is float for _, _, fact in told)
    # losses of about 2; the weights are those of a float64 loop to 1e-5
    assert [loss for *_, loss in told] == pytest.approx(plain(SETTINGS)[1], rel=1e-4)


# --- streams and bytes ---


def test_training_twice_gives_the_same_bytes():
    one, two = (values(trained(SETTINGS)[0]) for _ in range(2))
    assert same(one, two)
    assert not same(one, values(trained(SETTINGS, index=1)[0]))


@pytest.fixture
def global_stream():
    """torch's own stream at a known state; put back afterwards."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        yield torch.get_rng_state()


def test_torch_s_global_stream_has_no_say(global_stream):
    first = values(trained(SETTINGS)[0])
    torch.manual_seed(2)
    assert same(first, values(trained(SETTINGS)[0]))


def test_a_new_network_leaves_torch_s_global_stream_alone(global_stream):
    new_network(SEED, 0)
    assert torch.equal(torch.get_rng_state(), global_stream)


def test_training_leaves_torch_s_global_stream_alone(global_stream):
    trained(SETTINGS)
    assert torch.equal(torch.get_rng_state(), global_stream)


def test_numpy_s_global_stream_is_left_alone_and_has_no_say():
    before = np.random.get_state()
    try:
        np.random.seed(1)
        state = np.random.get_state()[1].copy()
        first = values(trained(SETTINGS)[0])
        assert np.array_equal(np.random.get_state()[1], state)
        np.random.seed(2)
        assert same(first, values(trained(SETTINGS)[0]))
    finally:
        np.random.set_state(before)


def test_training_leaves_the_digits_alone():
    digits = random_digits()
    before = copy.deepcopy(digits)
    trained(SETTINGS, digits=digits)
    assert np.array_equal(digits.images, before.images)
    assert np.array_equal(digits.labels, before.labels)


def test_a_trained_network_is_in_evaluation_mode():
    network, _ = trained(DigitSettings(40, 1.0, 0.7, 1))
    assert not any(module.training for module in network.modules())
    x = pixels(random_digits(5).images)
    assert torch.equal(network(x), network(x))


def test_pixels_are_in_0_to_1():
    images = np.zeros((3, 28, 28), dtype=np.uint8)
    images[1, 2, 3], images[2] = 51, 255
    found = pixels(images)
    assert found.shape == (3, 1, 28, 28)
    assert found.dtype == torch.float32
    assert found[1, 0, 2, 3].item() == pytest.approx(0.2, rel=1e-6)
    assert found[1].count_nonzero() == 1
    assert (found[0] == 0).all()
    assert (found[2] == 1).all()
    assert images[2, 0, 0] == 255


# --- accuracy ---


class Brightest(torch.nn.Module):
    """Class k where row 5 + k is the brightest of ten."""

    def __init__(self):
        super().__init__()
        self.sizes = []

    def forward(self, x):
        self.sizes.append(len(x))
        return x[:, 0, 5:15].sum(dim=2)


@pytest.mark.parametrize("chunk", [1, 7, 40, 41, 1000])
@pytest.mark.parametrize("wrong", [0, 1, 13, 40])
def test_accuracy_is_the_share_that_is_right(wrong, chunk):
    digits = random_digits(40)
    labels = digits.labels.copy()
    labels[::-1][:wrong] = (labels[::-1][:wrong] + 3) % 10
    network = Brightest()
    assert accuracy(network, Digits(digits.images, labels), chunk) == (40 - wrong) / 40
    assert max(network.sizes) <= chunk
    assert sum(network.sizes) == 40


def test_a_short_training_on_real_digits_gets_most_of_the_others_right(mnist):
    every, test = read(mnist, "train"), read(mnist, "t10k")
    some = Digits(every.images[:1500], every.labels[:1500])
    others = Digits(test.images[:1000], test.labels[:1000])
    assert accuracy(new_network(SEED, 0).eval(), others) < 0.3
    network = train(some, DigitSettings(32, 1.0, 0.7, 2), SEED, 0, "cpu")
    assert accuracy(network, others) > 0.8
