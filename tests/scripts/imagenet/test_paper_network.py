"""The paper's network, of random weights from a file."""

import json
from pathlib import Path

import numpy as np
import pytest
from imagenet_scripts import choose, in_turn, measure, read
from made_up_photos import HOUND, SPRINGER, first, taught

THEIRS = "inception_resnet_v2.tf_in1k"


@pytest.fixture(scope="session")
def inception(base, colours):
    photos = {SPRINGER: first(SPRINGER, 0), HOUND: first(HOUND, 0)}
    model = taught("inception_resnet_v2", colours, photos)
    model["model"] = THEIRS  # the weights' tag is of no consequence where a file is given
    entries = [{"from": first(SPRINGER, 0)[0], "to": first(HOUND, 0)[0]}]
    few = {"both_ways": False, "alphas": 2, "alphas_figure": 2, "factors": [1], "steps": 2,
           "minimal_steps": 4}  # fmt: skip
    folder = in_turn(
        base / "inception",
        lambda folder: choose(folder, model, entries, colours),
        lambda folder: measure(folder, model, colours, **few),
    )
    Path(model["weights"]).unlink()  # 220 MB
    return folder


@pytest.mark.ci  # 55 million weights; test_pretrained.py loads them, too
def test_the_paper_s_network_is_measured_from_a_file_of_weights(inception):
    photos, measures = read(inception / "photos.csv"), read(inception / "measures.csv")
    assert photos["right"].tolist() == [1, 1]
    (row,) = measures.to_dict("records")
    assert row["entries"] == 299 * 299 * 3
    assert (row["source_label"], row["target_label"]) == (SPRINGER, HOUND)
    assert (row["source_name"], row["target_name"]) == ("English springer", "Afghan hound")
    assert row["model"] == THEIRS
    assert np.isfinite([row[name] for name in ("L", "M", "M_exact", "first_order")]).all()
    assert row["first_order"] > 0 > row["M_exact"]
    record = json.loads((inception / "measures.json").read_text())
    assert record["job"]["settings"]["sha256"] and record["experiments"] == 1
