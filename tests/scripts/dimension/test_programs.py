"""The second paper's programs: data as torchvision reads them, training, measures; errors."""

import json

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image
from workflow_runs import run_job

from fragility.images import sized_networks
from fragility.images.resized import pixels
from fragility.measures.input_gradients import input_gradients
from fragility.runtime import files

CONDITION = {"name": "a", "topology": "strided", "side": 8, "copies": 1, "method": "usual",
             "strength": 0.0, "networks": 2}  # fmt: skip
TRAINING = {"channels": 3, "final_side": 4, "batch_norm": False, "padding": "zeros", "epochs": 2,
            "batch_size": 8, "learning_rate": 0.05, "momentum": 0.9, "halve_every": 1, "steps": 2,
            "relative_step": 0.5, "bounds": [-1, 2], "seed": 1, "threads": 1}  # fmt: skip


def data(folder, root, **changes):
    told = {"dataset": "ImageFolder", "folder": str(root), "fetched": False, "download": False,
            "train_images": 24, "test_images": 10, "sides": [8]}  # fmt: skip
    return run_job(
        "dimension/data", folder, inputs={"checksums": []},
        outputs={"images": "images.safetensors", "record": "images.json"}, settings=told | changes,
    )  # fmt: skip


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """An image folder of two classes, bright and dark, and everything made from it."""
    base = tmp_path_factory.mktemp("dimension")
    stream = np.random.default_rng(1)
    for part, count in (("train", 20), ("test", 6)):
        for label, level in (("bright", 160), ("dark", 40)):
            (base / f"root/{part}/{label}").mkdir(parents=True)
            for k in range(count):
                image = np.uint8(level + stream.integers(0, 40, (8, 8, 3)))
                Image.fromarray(image).save(base / f"root/{part}/{label}/{k}.png")
    done = data(base, base / "root")
    assert done.returncode == 0, done.stderr
    robust = CONDITION | {"name": "b", "method": "pgd", "strength": 0.02}
    done = run_job(
        "dimension/train", base, inputs={"images": "images.safetensors"},
        outputs={"networks": "n.safetensors", "trained": "n.csv", "record": "n.json"},
        settings=TRAINING | {"conditions": [CONDITION, robust]},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    done = run_job(
        "dimension/measure", base,
        inputs={"images": "images.safetensors", "networks": "n.safetensors", "trained": "n.csv"},
        outputs={"measures": "m.csv", "gaps": "g.csv", "cost": "c.csv", "record": "m.json"},
        settings={"epsilons": [0.001, 0.3], "steps": 4, "relative_step": 0.5, "bounds": [-1, 2],
                  "threads": 1},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return base


def test_images_are_those_of_the_folder_of_both_classes(base):
    tensors = files.read_tensors(base / "images.safetensors")
    assert tensors["train_images"].shape == (24, 3, 8, 8)
    assert tensors["train_images"].dtype == np.uint8
    for part, count in (("train", 24), ("test", 10)):
        bright = tensors[f"{part}_images"].mean(axis=(1, 2, 3)) > 110
        assert bright.tolist() == (tensors[f"{part}_labels"] == 0).tolist()
        assert 0 < bright.sum() < count


def test_measures_are_those_of_the_saved_networks(base):
    tensors = files.read_tensors(base / "n.safetensors")
    images = files.read_tensors(base / "images.safetensors")
    measures, trained = pd.read_csv(base / "m.csv"), pd.read_csv(base / "n.csv")
    assert len(measures) == 2 * 2 * 2
    assert (measures["d"] == 3 * 8 * 8).all()
    x, labels = pixels(images["test_images"], 8, 1), torch.from_numpy(images["test_labels"])
    for row in trained.to_dict("records"):
        network = sized_networks.load(tensors, row)
        found = input_gradients(network, x, labels)
        own = measures[(measures["name"] == row["name"]) & (measures["network"] == row["network"])]
        assert own["l1"].tolist() == pytest.approx([found.l1.mean()] * 2, rel=1e-5)
        assert own["accuracy"].tolist() == pytest.approx([found.right.mean()] * 2)
        # first order: the damage of a small attack is the l1 norm, of which few steps reach a part
        assert 0.7 < own["damage"].iloc[0] / own["l1"].iloc[0] < 1.1
        assert own["vulnerability"].iloc[1] >= own["vulnerability"].iloc[0]


def test_only_usual_networks_have_gaps_and_all_have_a_cost(base):
    gaps, cost = pd.read_csv(base / "g.csv"), pd.read_csv(base / "c.csv")
    assert set(gaps["name"]) == {"a"}
    assert len(gaps) == 2 * 2 * 5
    assert (cost["seconds"] > 0).all()
    assert len(cost) == 4


def test_networks_of_one_number_start_alike_and_differ_after_training(base):
    tensors = files.read_tensors(base / "n.safetensors")
    first, other, robust = (tensors[f"{name}/0.weight"] for name in ("a/0", "a/1", "b/0"))
    assert np.abs(first - other).max() > 0.1
    assert 0 < np.abs(first - robust).max() < 0.1


def error(done):
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.split("error: ")[1]


def test_a_missing_set_or_another_side_is_an_error_that_names_the_key(base, tmp_path):
    assert "Correct dimension.folder" in error(data(tmp_path, base / "nowhere"))
    found = error(data(tmp_path, base / "nowhere", dataset="CIFAR10"))
    assert found.startswith("dimension.dataset: torchvision finds no CIFAR10 in")
    found = error(data(tmp_path, base / "root", sides=[16, 8]))
    assert "a side of 8; make that the largest of [16, 8]" in found


def test_the_fetched_digits_are_read_as_by_the_digits_experiment(mnist, tmp_path):
    from fragility.images import digits

    done = data(tmp_path, mnist, dataset="MNIST", fetched=True, sides=[28, 14])
    assert done.returncode == 0, done.stderr
    tensors = files.read_tensors(tmp_path / "images.safetensors")
    for part, name, count in (("train", "train", 24), ("test", "t10k", 10)):
        expected = digits.read(mnist, name)
        assert (tensors[f"{part}_images"][:, 0] == expected.images[:count]).all()
        assert (tensors[f"{part}_labels"] == expected.labels[:count]).all()


def test_initial_rows_are_of_every_topology_and_size(tmp_path):
    done = run_job(
        "dimension/initial", tmp_path, inputs={},
        outputs={"initial": "i.csv", "record": "i.json"},
        settings={"vectors": [8, 32], "hidden_layers": [1], "width": 16, "sides": [4, 8],
                  "filters": 3, "final_side": 4, "networks": 2, "networks_vectors": 300,
                  "images": 2, "seed": 1, "threads": 1},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = pd.read_csv(tmp_path / "i.csv")
    assert rows.groupby("topology")["d"].nunique().eq(2).all()
    dense = rows.dropna(subset=["closed_l1"])
    assert len(dense) == 600
    for _, part in dense.groupby("d"):
        sample, exact = part["logit_l1"], part["closed_l1"].iloc[0]
        error_of_mean = sample.std() / np.sqrt(len(sample))
        assert abs(sample.mean() - exact) < 4 * error_of_mean < abs(exact / np.sqrt(2) - exact)
    assert json.loads((tmp_path / "i.json").read_text())["job"]["rule"]
