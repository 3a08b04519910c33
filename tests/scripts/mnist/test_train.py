"""The program that trains a digit network."""

import json

import numpy as np
import pandas as pd
import pytest
from mnist_jobs import INDEX, SEED, logits

from fragility.images.digit_network import DigitNetwork
from fragility.images.digit_training import new_network


def test_training_writes_weights_a_row_and_a_record(trained, weights):
    row = pd.read_csv(trained / "one/accuracy.csv")
    assert row.columns.tolist() == ["network", "images", "test_accuracy"]
    assert row[["network", "images"]].to_numpy().tolist() == [[INDEX, 2000]]
    shapes = {name: value.shape for name, value in DigitNetwork().state_dict().items()}
    assert {name: value.shape for name, value in weights.items()} == shapes
    assert all(value.dtype == np.float32 for value in weights.values())
    record = json.loads((trained / "one/n.json").read_text())
    assert record["script"].endswith("scripts/mnist/train.py")
    assert record["job"]["settings"]["images"] == 2000
    assert record["test_accuracy"] == row["test_accuracy"][0]
    assert not list((trained / "one").glob(".*"))  # no temporary file is left


def test_the_share_that_is_right_is_that_of_the_weights_on_the_test_digits(
    trained, network, testing
):
    share = pd.read_csv(trained / "one/accuracy.csv")["test_accuracy"][0]
    some = slice(None, None, 20)
    classes = logits(network, testing.images[some] / 255).argmax(axis=1)
    ours = (classes == testing.labels[some]).mean()
    # 500 of the 10,000: four standard errors
    assert abs(ours - share) < 4 * np.sqrt(share * (1 - share) / 500) < 0.09
    assert share > 0.6
    assert share * 10_000 == pytest.approx(round(share * 10_000), abs=1e-6)


def test_training_starts_from_the_network_of_seed_and_index(weights):
    """2000 images change a weight of the many less than the law it was drawn from."""
    name = "classifier.0.weight"
    found = weights[name].ravel()

    def likeness(seed, index):
        return np.corrcoef(found, new_network(seed, index).state_dict()[name].numpy().ravel())[0, 1]

    assert likeness(SEED, INDEX) > 0.5
    assert abs(likeness(SEED, INDEX + 1)) < 0.01  # nine standard errors of 1.2 million pairs
    assert abs(likeness(SEED + 1, INDEX)) < 0.01
