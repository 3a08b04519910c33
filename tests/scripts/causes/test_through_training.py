"""The program that measures networks through training: rows, and known answers."""

import runpy
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from workflow_runs import REPOSITORY

from fragility.exact.linear import smallest_perturbations
from fragility.measures.compression import accuracy
from fragility.runtime import files
from fragility.runtime.seeds import generator
from fragility.synthetic.data import gaussian_matrix, scale_columns
from fragility.synthetic.networks import LinearNetwork, theorem_6_weights

PROGRAM = SimpleNamespace(
    **runpy.run_path(str(REPOSITORY / "workflow/scripts/causes/through_training.py"))
)
D, RUNS = 4, 3
DRAWS = [gaussian_matrix(D, generator(3, "test", "through", i)) for i in range(5)]
SETTINGS = {
    "column_scale": 5, "networks": RUNS, "width": 30, "epochs": 10, "batch_size": 4,
    "learning_rate": 0.01, "checkpoints": 3, "pairs": 2, "attack_steps": 10, "seed": 3,
}  # fmt: skip


@pytest.mark.parametrize("activation", ["linear", "relu"])
def test_a_row_for_each_network_and_checkpoint(tmp_path, activation):
    files.write_tensors({"matrices": np.stack(DRAWS)}, tmp_path / "a.safetensors")
    PROGRAM.main(tmp_path / "a.safetensors", tmp_path / "m.csv", activation=activation, **SETTINGS)
    rows = pd.read_csv(tmp_path / "m.csv")
    assert rows[["run", "step"]].to_numpy().tolist() == [
        [run, step] for run in range(RUNS) for step in (0, 1, 6, 40)
    ]
    assert rows[["accuracy", "compression"]].apply(lambda c: c.between(0, 1)).all(axis=None)
    assert (rows["perturbation_min"] <= rows["perturbation_mean"]).all()
    wrong = rows[rows["accuracy"] < 1]
    assert activation == "relu" or (wrong["perturbation_min"] == 0).all()
    first, last = (rows[rows["step"] == step]["accuracy"].mean() for step in (0, 40))
    assert last > first


@pytest.mark.parametrize("factor", [1, 10])
def test_a_valid_network_s_perturbations_are_the_closed_form_s_whatever_its_scale(factor):
    matrix = scale_columns(DRAWS[0], 5)
    row = factor * theorem_6_weights(matrix)
    network = LinearNetwork(np.eye(D), np.stack([row, -row]))
    found = PROGRAM.measured(matrix, network)
    exact = smallest_perturbations(matrix, network.weights())
    assert found["accuracy"] == accuracy(matrix, network.weights()) == 1
    assert found["perturbation_mean"] == pytest.approx(exact.mean)
    assert found["perturbation_min"] == pytest.approx(exact.minimum)
    assert found["cos_theta_2"] == pytest.approx(1)
    assert PROGRAM.measured(matrix, LinearNetwork(np.eye(D), -network.output))["accuracy"] == 0
