"""The digit network: its layers, against the plainly written one; its weights as arrays."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from fragility.images.digit_network import DigitNetwork, Dropout, load
from fragility.runtime import files
from fragility.runtime.seeds import generator

# a logit is a sum of 9216 products behind one of 288: float32 (eps 1.2e-7) leaves some 1e-6 of the
# terms' size, which is about 1 here
TOLERANCE = 1e-5


class Plain(nn.Module):
    """PyTorch's MNIST example as it stands: ReLU before pooling, inputs normalised outside."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 32, 3, 1), nn.Conv2d(32, 64, 3, 1)
        self.dropout1, self.dropout2 = nn.Dropout(0.25), nn.Dropout(0.5)
        self.fc1, self.fc2 = nn.Linear(9216, 128), nn.Linear(128, 10)

    def forward(self, x):
        x = functional.relu(self.conv1(x))
        x = functional.relu(self.conv2(x))
        x = self.dropout1(functional.max_pool2d(x, 2))
        x = functional.relu(self.fc1(torch.flatten(x, 1)))
        return self.fc2(self.dropout2(x))


def normalised(pixels):
    return (pixels - 0.1307) / 0.3081


def draw_weights():
    """Arrays of the network's names and shapes; logits of about 1."""
    stream = generator(7, "test", "convolutional")
    return {
        name: (stream.standard_normal(value.shape) / np.sqrt(max(1, value[0].numel()) / 2))
        .astype(np.float32)
        for name, value in DigitNetwork().state_dict().items()
    }  # fmt: skip


def both():
    """The network and the plain one with the same weights, in evaluation mode."""
    weights = draw_weights()
    plain = Plain()
    values = [torch.from_numpy(value) for value in weights.values()]
    plain.load_state_dict(dict(zip(plain.state_dict(), values, strict=True)))
    return load(weights), plain.eval()


def some_pixels(n=16):
    return torch.from_numpy(generator(7, "test", "pixels").random((n, 1, 28, 28))).float()


# --- layers ---


def test_shapes_are_those_of_the_paper_s_text():
    shapes = {name: tuple(value.shape) for name, value in DigitNetwork().state_dict().items()}
    assert list(shapes.values()) == [
        (32, 1, 3, 3), (32,), (64, 32, 3, 3), (64,), (128, 9216), (128,), (10, 128), (10,),
    ]  # fmt: skip
    assert len({name.rsplit(".", 1)[0] for name in shapes}) == 4  # weight and bias of four layers


def test_there_are_9216_features_and_ten_outputs():
    network = DigitNetwork().eval()
    x = some_pixels(3)
    assert network.convolutions(x).shape == (3, 9216)
    assert network(x).shape == (3, 10)


def test_it_has_as_many_parameters_as_pytorch_s_example():
    count = sum(parameter.numel() for parameter in DigitNetwork().parameters())
    assert count == sum(parameter.numel() for parameter in Plain().parameters()) == 1_199_882


def test_outputs_are_those_of_the_plain_network_on_normalised_pixels():
    network, plain = both()
    x = some_pixels()
    with torch.no_grad():
        found, expected = network(x), plain(normalised(x))
        size = expected.std()
        assert (found - expected).abs().max() < TOLERANCE * size
        # negative controls: without normalisation, or with another deviation
        assert (network(normalised(x)) - expected).abs().max() > 0.01 * size
        assert (plain(x / 0.3 - 0.1307 / 0.3) - expected).abs().max() > 0.001 * size
    assert expected.std(dim=0).min() > 0  # the outputs depend on the inputs


def test_gradients_are_those_of_the_plain_network_in_pixels():
    network, plain = both()
    one, two = some_pixels().requires_grad_(), some_pixels().requires_grad_()
    (found,) = torch.autograd.grad(network(one)[:, 7].sum(), one)
    (expected,) = torch.autograd.grad(plain(normalised(two))[:, 7].sum(), two)
    assert (found - expected).norm() < TOLERANCE * expected.norm()
    assert expected.norm() > 0


class Drawn(nn.Module):
    """Dropout by bytes of a stream, written anew."""

    def __init__(self, share, stream):
        super().__init__()
        self.share, self.stream = share, stream

    def forward(self, x):
        drawn = self.stream.integers(0, 256, tuple(x.shape), dtype=np.uint8)
        return x * torch.from_numpy(np.where(drawn < 256 * self.share, 0, 1 / (1 - self.share)))


def test_in_training_dropouts_stand_where_they_do_in_the_plain_network():
    network, plain = both()
    stream = generator(7, "test", "dropout")
    plain.dropout1, plain.dropout2 = Drawn(0.25, stream), Drawn(0.5, stream)
    network.train().draw_from(generator(7, "test", "dropout"))
    x = some_pixels()
    with torch.no_grad():
        for _ in range(2):  # the second draws are other ones
            expected = plain.double()(normalised(x).double())
            assert (network(x) - expected).abs().max() < TOLERANCE * expected.std()
        assert (network(x) - expected).abs().max() > 0.1 * expected.std()


def test_inputs_are_left_alone():
    network, _ = both()
    x, same = some_pixels(), some_pixels()
    network(x)
    network.train().draw_from(generator(7, "test", "dropout"))
    network(x)
    assert torch.equal(x, same)  # its ReLUs work in place


# --- dropout ---


def dropout(share, *key):
    module = Dropout(share)
    module.stream = generator(7, "test", "dropout", *key)
    return module


@pytest.mark.parametrize("share", [0.25, 0.5, 0.125])
def test_dropout_zeroes_its_share_and_enlarges_the_others(share):
    x = torch.full((100, 64, 5, 5), 3.0)
    dropped = dropout(share)(x)
    assert dropped.unique().tolist() == [0, pytest.approx(3 / (1 - share), rel=1e-6)]
    # a share of 160,000 draws: five standard errors
    error = 5 * np.sqrt(share * (1 - share) / x.numel())
    found = (dropped == 0).double().mean().item()
    assert abs(found - share) < error < 1 / 128
    assert abs(found - share - 1 / 128) > error  # negative control: off by two of 256
    # entries, images and channels drop apart from one another
    zero = (dropped == 0).double()
    for sizes in ((0,), (1,), (2, 3)):
        spread = zero.mean(dim=[d for d in range(4) if d not in sizes]).var().item()
        n = x.numel() // np.prod([x.shape[d] for d in sizes])
        # the variance of a share, from 25 draws at least: a chi-squared law, within 4 deviations
        assert abs(spread / (share * (1 - share) / n) - 1) < 4 * np.sqrt(2 / 24)


def test_dropout_draws_anew_and_from_its_own_stream_alone():
    x, state = torch.ones(50, 40), torch.get_rng_state()
    one, same, other = dropout(0.5), dropout(0.5), dropout(0.5, "other")
    first = one(x)
    torch.rand(3)  # what others draw does not matter
    assert torch.equal(first, same(x))
    assert not torch.equal(first, other(x))
    assert not torch.equal(first, one(x))
    torch.set_rng_state(state)
    one(x)
    assert torch.equal(torch.get_rng_state(), state)


def test_dropout_does_not_hang_on_the_order_in_memory():
    x = torch.rand(4, 8, 6, 6)
    last = x.to(memory_format=torch.channels_last)
    assert torch.equal(dropout(0.25)(x), dropout(0.25)(last))


def test_gradients_pass_where_nothing_is_dropped():
    x = torch.rand(30, 20).add(1).requires_grad_()
    dropped = dropout(0.25)(x)
    dropped.sum().backward()
    assert torch.equal(x.grad, (dropped.detach() != 0) / 0.75)


def test_dropout_does_nothing_in_evaluation_mode_and_needs_no_stream():
    x = torch.rand(5, 5)
    assert torch.equal(Dropout(0.5).eval()(x), x)


def test_training_without_a_stream_is_refused():
    with pytest.raises(ValueError, match="draw_from"):
        DigitNetwork()(some_pixels(2))


@pytest.mark.parametrize("share", [0.3, 1 / 512, 1 / 3])
def test_a_share_that_bytes_cannot_draw_is_refused(share):
    with pytest.raises(ValueError, match="multiple of 1/256"):
        Dropout(share)


# --- weights as arrays ---


def test_weights_come_back_as_they_were_written(tmp_path):
    weights = draw_weights()
    files.write_tensors(weights, tmp_path / "n.safetensors")
    network = load(files.read_tensors(tmp_path / "n.safetensors"))
    found = {name: value.numpy() for name, value in network.state_dict().items()}
    assert list(found) == list(weights)
    assert all(np.array_equal(found[name], weights[name]) for name in weights)
    again = load(found)
    with torch.no_grad():
        assert torch.equal(again(some_pixels()), network(some_pixels()))


def test_a_network_s_own_weights_come_back_as_they_were(tmp_path):
    # in memory its channels stand last; in the file they stand where everybody expects them
    network = DigitNetwork()
    weights = {name: value.numpy() for name, value in network.state_dict().items()}
    files.write_tensors(weights, tmp_path / "n.safetensors")
    again = load(files.read_tensors(tmp_path / "n.safetensors"))
    for name, value in again.state_dict().items():
        assert torch.equal(value, network.state_dict()[name])
    network.eval()
    with torch.no_grad():
        assert torch.equal(again(some_pixels()), network(some_pixels()))


def test_a_loaded_network_is_in_evaluation_mode_and_fixed():
    assert DigitNetwork().training  # else nothing is tested below
    network = load(draw_weights())
    assert not any(module.training for module in network.modules())
    assert not any(parameter.requires_grad for parameter in network.parameters())
    x = some_pixels(2).requires_grad_()
    assert torch.equal(network(x), network(x))  # no dropout
    network(x).sum().backward()
    assert x.grad.norm() > 0  # the inputs' gradients are what is measured
    assert all(parameter.grad is None for parameter in network.parameters())


NAMES = list(DigitNetwork().state_dict())


@pytest.mark.parametrize("name", NAMES)
def test_missing_or_misnamed_weights_are_refused(name):
    weights = draw_weights()
    value = weights.pop(name)
    with pytest.raises(ValueError, match=name):
        load(weights)
    with pytest.raises(ValueError, match=name):
        load(weights | {f"{name}s": value})


@pytest.mark.parametrize("name", NAMES)
def test_weights_of_another_shape_are_refused(name):
    weights = draw_weights()
    with pytest.raises(ValueError, match=name):
        load(weights | {name: weights[name][:-1]})


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda w: {}, id="nothing"),
        pytest.param(lambda w: w | {"more": np.zeros(3, np.float32)}, id="too much"),
        pytest.param(lambda w: w | {NAMES[4]: w[NAMES[4]].T.copy()}, id="transposed"),
        pytest.param(lambda w: w | {NAMES[4]: w[NAMES[4]].ravel()}, id="flat"),
        pytest.param(
            lambda w: dict(zip(Plain().state_dict(), w.values(), strict=True)), id="other names"
        ),
    ],
)
def test_weights_of_something_else_are_refused(change):
    with pytest.raises(ValueError, match="no weights of the digit network"):
        load(change(draw_weights()))
