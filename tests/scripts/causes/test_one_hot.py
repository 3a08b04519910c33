"""The program that trains networks on Theorem 1's data: rows, known answers, scale."""

import runpy
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch
from workflow_runs import REPOSITORY

from fragility.runtime.seeds import generator

PROGRAM = SimpleNamespace(**runpy.run_path(str(REPOSITORY / "workflow/scripts/causes/one_hot.py")))
SETTINGS = {
    "layers": 1, "dimensions": [3, 4], "width_ratio": 2, "matrices": 2, "steps": 20,
    "checkpoints": 2, "learning_rate": 0.01, "weight_decay": 0.1, "points": 2, "attack_steps": 10,
    "seed": 3, "device": "cpu",
}  # fmt: skip
ASKED = PROGRAM.Asked(points=4, attack_steps=40, device="cpu")
X = generator(0, "test", "one-hot script").standard_normal((2, 5, 5))
ROW = generator(0, "test", "one-hot shift").standard_normal((2, 1, 5))


@pytest.mark.parametrize("activation", ["linear", "relu"])
def test_a_row_for_each_network_and_checkpoint(tmp_path, activation):
    tables = []
    for name in ("one.csv", "two.csv"):
        torch.manual_seed(0)  # as in a new job: DDN draws where a gradient vanishes
        PROGRAM.main(tmp_path / name, activation=activation, **SETTINGS)
        tables.append((tmp_path / name).read_bytes())
    assert tables[0] == tables[1]
    rows = pd.read_csv(tmp_path / "one.csv")
    assert len(rows) == 2 * 2 * 4 * 3  # dimensions, matrices, losses with and without decay, steps
    assert not rows.duplicated(["d", "matrix", "loss", "decay", "step"]).any()
    assert sorted(rows["step"].unique()) == [0, 1, 20]
    assert rows["accuracy"].between(0, 1).all()
    assert rows["distance"].between(0, 1).all()
    last = rows[rows["step"] == 20]
    assert (last["certified"] <= last["ratio"] * (1 + 1e-9)).all()
    assert rows["cos"].isna().all() == (activation == "relu")
    assert (rows[rows["accuracy"] == 1]["least_ratio"] > 0).all()


@pytest.mark.parametrize("c, shift", [(1, 0), (3, 1)])
def test_a_network_that_satisfies_the_condition_has_the_inverse_s_ratio(c, shift):
    weights = c * np.linalg.inv(X) + shift * ROW
    found = PROGRAM.measured([weights], X, False, ASKED, True)
    assert found["distance"] == pytest.approx(0, abs=1e-6)
    assert found["ratio"] == pytest.approx(found["inverse_ratio"])
    assert found["least_ratio"] == pytest.approx(found["inverse_least"])
    assert found["accuracy"].tolist() == [1, 1]


@pytest.mark.parametrize("relu", [False, True])
def test_a_scaled_network_has_the_same_ratios(relu):
    stream = generator(0, "test", "one-hot scaled")
    first = stream.standard_normal((2, 8, 5))
    hidden = np.maximum(first @ X, 0) if relu else first @ X
    weights = [first, np.linalg.pinv(hidden) + 0.01 * stream.standard_normal((2, 5, 8))]
    one = PROGRAM.measured(weights, X, relu, ASKED, True)
    ten = PROGRAM.measured([weights[0], 10 * weights[1]], X, relu, ASKED, True)
    assert one["ratio"].max() > 0
    for name in one:
        assert ten[name] == pytest.approx(one[name], rel=1e-6, nan_ok=True)


def test_where_no_hidden_unit_is_active_the_point_is_wrong_and_the_others_are_as_they_were():
    stream = generator(0, "test", "one-hot dead")
    first = stream.standard_normal((2, 8, 5))
    hidden = np.maximum(first @ X, 0)
    weights = [first, np.linalg.pinv(hidden) + 0.01 * stream.standard_normal((2, 5, 8))]
    for points in ([0], range(5)):
        x = X.copy()
        x[0][:, list(points)] = np.abs(x[0][:, list(points)])  # every unit is below 0 there
        dead = [layer.copy() for layer in weights]
        dead[0][0] = -np.abs(first[0])
        awake, found = (PROGRAM.measured(each, x, True, ASKED, True) for each in (weights, dead))
        assert found["least_ratio"][0] == 0
        assert found["accuracy"][0] <= 1 - len(points) / 5
        for name in found:
            if name != "cos":  # of linear networks
                assert found[name][1] == pytest.approx(awake[name][1], rel=1e-6, nan_ok=True)
