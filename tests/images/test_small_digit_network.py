"""The small digit network: initial weights, and sets of networks written and read again."""

import numpy as np
import pytest
import torch

from fragility.images.small_digit_network import (
    SmallDigitNetwork,
    load_small_networks,
    new_small_network,
    tensors,
)
from fragility.runtime import files

X = torch.from_numpy(np.random.default_rng(0).random((3, 1, 28, 28), dtype=np.float32))


def test_networks_are_read_as_they_were_written(tmp_path):
    networks = {"usual:0": new_small_network(1, "a"), "adversarial:1.5": new_small_network(1, "b")}
    files.write_tensors(tensors(networks), tmp_path / "n.safetensors")
    again = load_small_networks(files.read_tensors(tmp_path / "n.safetensors"))
    assert set(again) == set(networks)
    for name, network in networks.items():
        assert torch.equal(again[name](X), network(X))
        assert not again[name].training
        assert not any(p.requires_grad for p in again[name].parameters())


@pytest.mark.parametrize("change", ["name", "shape", "missing"])
def test_weights_of_something_else_are_an_error_that_names_the_network(change):
    arrays = tensors({"usual:0": SmallDigitNetwork()})
    key = "usual:0/layers.0.bias"
    if change == "name":
        arrays["usual:0/else"] = np.zeros(3, np.float32)
    elif change == "shape":
        arrays[key] = np.zeros(3, np.float32)
    else:
        del arrays[key]
    with pytest.raises(ValueError, match=r"^usual:0: no weights of the small digit network"):
        load_small_networks(arrays)


def test_initial_weights_are_pytorch_s_default_and_those_of_their_key():
    network = new_small_network(1, "a", 0)
    weight = network.layers[5].weight.detach()
    assert weight.abs().max() <= 1 / 16  # 256 inputs
    assert weight.std() == pytest.approx(1 / 16 / np.sqrt(3), rel=0.03)  # uniform; 16384 entries
    assert torch.equal(network(X), new_small_network(1, "a", 0)(X))
    assert not torch.equal(network(X), new_small_network(1, "a", 1)(X))
    assert not torch.equal(network(X), new_small_network(2, "a", 0)(X))


def test_pixels_are_normalised_inside_the_network():
    network = new_small_network(1, "a")
    assert torch.allclose(network(X), network.layers((X - 0.1307) / 0.3081))
