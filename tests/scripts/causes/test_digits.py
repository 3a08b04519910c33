"""The programs on digits: networks trained for seconds, measured and taught from."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from workflow_runs import REPOSITORY

from fragility.images.digits import read
from fragility.images.small_digit_network import load_small_networks
from fragility.runtime import files, job

STRENGTHS = {"weight_decay": [0.01], "gradient_penalty": [0.5], "adversarial": [1]}
KINDS = ["usual:0", "weight_decay:0.01", "gradient_penalty:0.5", "adversarial:1"]
IMAGES, SEED = 300, 1
TRAINING = {"images": IMAGES, "batch_size": 20, "learning_rate": 0.004, "epochs": 3}
MARGINS = [0.1, 1.0]


def program(name):
    """A program's main, in this process: importing torch once is enough."""
    path = REPOSITORY / f"workflow/scripts/causes/{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.main


def measure(folder, mnist, **changes):
    settings = {
        "folder": mnist, "images": IMAGES, "least_accuracy": 0.2, "pairs": [[7, 1], [4, 9]],
        "digits_per_pair": 6,
        "largest": [14, 20], "alphas": 5, "attacks": ["ddn", "projection"], "steps": 10,
        "device": "cpu", "threads": 1,
    }  # fmt: skip
    networks = [folder / f"{i}.safetensors" for i in range(2)]
    program("measure_digits")(networks, folder / "measure.csv", **settings | changes)
    return pd.read_csv(folder / "measure.csv")


@pytest.fixture(scope="module")
def folder(mnist, tmp_path_factory):
    """Two networks of each kind."""
    folder = tmp_path_factory.mktemp("digits")
    for i in range(2):
        program("train_digits")(
            Path(), folder / f"{i}.safetensors", folder / f"{i}.csv", folder=mnist, index=i,
            strengths=STRENGTHS, attack_steps=2, seed=SEED, device="cpu", threads=1, **TRAINING,
        )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def networks(folder):
    return [load_small_networks(files.read_tensors(folder / f"{i}.safetensors")) for i in range(2)]


@pytest.fixture(scope="module")
def measures(folder, mnist):
    return measure(folder, mnist)


@pytest.fixture(scope="module")
def testing(mnist):
    digits = read(mnist, "t10k")
    return torch.from_numpy(digits.images).float()[:, None] / 255, torch.from_numpy(digits.labels)


def test_each_way_of_training_has_its_network_and_its_accuracy_on_all_test_digits(
    folder, networks, testing
):
    x, labels = testing
    for i, by_kind in enumerate(networks):
        assert set(by_kind) == set(KINDS)
        table = pd.read_csv(folder / f"{i}.csv")
        assert (table["kind"] + ":" + table["strength"].map("{:g}".format)).tolist() == KINDS
        network = by_kind["usual:0"]
        with torch.no_grad():
            share = float((network(x).argmax(1) == labels).float().mean())
        assert table["accuracy"][0] == pytest.approx(share)
        assert share > 0.5
    weights = [networks[0][name].layers[7].weight for name in KINDS]
    assert not any(torch.equal(weights[0], other) for other in weights[1:])


def test_measures_are_of_digits_classified_correctly_and_their_nearest_target(
    measures, networks, testing, mnist
):
    x, labels = testing
    train = read(mnist, "train")
    assert set(measures["pair"]) == {"7 to 1", "4 to 9"}
    ones = torch.from_numpy(train.images[:IMAGES][train.labels[:IMAGES] == 1]).double() / 255
    near = measures[(measures["pair"] == "7 to 1") & (measures["target"] == "nearest digit")]
    assert set(near["network"]) == {0, 1}
    for row in near.itertuples():
        network = networks[row.network][f"{row.kind}:{row.strength:g}"]
        seven = x[row.image]
        assert labels[row.image] == 7 == network(seven[None]).argmax()
        distances = (ones - seven.double()).flatten(1).norm(dim=1)
        assert pytest.approx(float(distances.min()), rel=1e-5) == row.L
        at = seven[None].clone().requires_grad_()
        outputs = network(at)[0]
        (slope,) = torch.autograd.grad(outputs[7] - outputs[1], at)
        assert row.gradient == pytest.approx(float(slope.norm()), rel=1e-4)
        nearest = ones[distances.argmin()].float()
        cos = (slope * (nearest - seven)).sum() / slope.norm() / distances.min()
        assert row.cos_theta_t == pytest.approx(float(cos), abs=1e-5)


def test_q_is_the_same_for_both_targets_of_an_image(measures):
    keys = ["kind", "network", "image"]
    sevens = measures[measures["pair"] == "7 to 1"].set_index([*keys, "target"])["Q"].unstack()
    both = sevens.dropna()
    assert (both.nunique(axis=1) == 1).all()
    assert (measures.loc[measures["target"] == "blocked seven", "pair"] == "7 to 1").all()


def test_networks_that_know_no_digit_of_the_pairs_are_an_error_that_names_keys(
    folder, mnist, tmp_path
):
    for i in range(2):
        arrays = files.read_tensors(folder / f"{i}.safetensors")
        zeros = {name: np.zeros_like(value) for name, value in arrays.items()}  # all is a 0
        files.write_tensors(zeros, tmp_path / f"{i}.safetensors")
    with pytest.raises(job.ResultError, match=r"Raise causes\.digits\.epochs"):
        measure(tmp_path, mnist)


def test_students_see_moved_digits_alone_and_are_measured_on_clean_ones(folder, mnist, networks):
    program("relabel_digits")(
        [folder / f"{i}.safetensors" for i in range(2)], folder / "a.csv", folder / "m.csv",
        folder=mnist, margins=MARGINS, attacks=["ddn"], steps=5, checkpoints=4, seed=SEED,
        device="cpu", threads=1, **TRAINING,
    )  # fmt: skip
    accuracies, moves = pd.read_csv(folder / "a.csv"), pd.read_csv(folder / "m.csv")
    assert len(moves) == 4
    assert set(accuracies["step"]) <= set(range(1, 46))
    last = accuracies.groupby(["network", "margin"])["step"].max().tolist()
    assert last == (-(-moves["moved"] // 20) * 3).tolist()  # three epochs, 20 images at a time
    trained = [pd.read_csv(folder / f"{i}.csv")["accuracy"][0] for i in range(2)]
    assert moves["teacher_accuracy"].tolist() == pytest.approx(np.repeat(trained, 2).tolist())
    assert (moves["moved"] <= IMAGES).all()
    near, far = (moves[moves["margin"] == margin] for margin in MARGINS)
    assert (far["distance"].to_numpy() / near["distance"].to_numpy()) == pytest.approx(2 / 1.1)
    assert (near["teacher_agrees"] > 0.9).all()
