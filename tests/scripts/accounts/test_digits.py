"""The program for digits on networks that were not trained: pairs, groups and sizes."""

import numpy as np
import pandas as pd
import pytest
from workflow_runs import run_job

from fragility.images.digit_training import new_network
from fragility.runtime import files

IMAGES = 4


@pytest.fixture(scope="module")
def table(mnist, tmp_path_factory):
    base = tmp_path_factory.mktemp("accounts digits")
    for index in range(2):
        weights = new_network(1, index).state_dict()
        tensors = {name: value.numpy() for name, value in weights.items()}
        files.write_tensors(tensors, base / f"{index}.safetensors")
    (base / "fetch.txt").touch()
    settings = {
        "folder": str(mnist), "source": "digits", "architecture": "digit_network", "by": "strength",
        "groups": [0.0, 1.5], "factors": [1, 1], "images": IMAGES, "pool": 300, "points": 3,
        "steps": 3, "threads": 1,
    }  # fmt: skip
    networks = [f"{index}.safetensors" for index in range(2)]
    done = run_job(
        "accounts/digits", base, inputs={"networks": networks, "checksums": "fetch.txt"},
        outputs={"measures": "m.csv", "record": "m.json"}, settings=settings,
    )  # fmt: skip
    done.check_returncode()
    return pd.read_csv(base / "m.csv")


def test_each_image_has_a_row_per_network_and_norm(table):
    assert len(table) == 2 * 2 * IMAGES
    assert table.groupby("network")["group"].unique().explode().tolist() == [0.0, 1.5]
    assert set(table["dimension"]) == {784}


def test_rows_of_one_image_have_the_same_length_on_every_network(table):
    l2 = table[(table["norm"] == "l2") & table["reason"].isna()]
    assert (l2.groupby("input")["length"].nunique() == 1).all()


def test_an_untrained_network_is_right_by_chance_and_has_terms_where_g_is_positive(table):
    assert table["accuracy"].max() < 0.5
    known = table[table["g"].gt(0) & table["fall"].gt(0)]
    assert np.isfinite(known[["size", "margin", "length"]]).all(axis=None)
