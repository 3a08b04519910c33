"""The program for Theorem 6's data on a linear and a ReLU network; bytes are the same twice."""

import numpy as np
import pandas as pd
import pytest
from workflow_runs import run_job

from fragility.runtime import files
from fragility.runtime.seeds import generator
from fragility.synthetic.data import gaussian_matrix
from fragility.synthetic.networks import relu_network, relu_tensors, theorem_6_weights

D, RUNS = 4, 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Matrices; weights of Theorem 6, the last not valid; ReLU networks of one and two layers."""
    base = tmp_path_factory.mktemp("accounts")
    stream = generator(3, "test", "accounts script")
    matrices = [gaussian_matrix(D, stream) for _ in range(RUNS)]
    rows = [theorem_6_weights(matrix) for matrix in matrices]
    weights = np.stack([[row, -row] for row in rows])
    weights[-1] *= -1
    networks = [
        (matrix, relu_network(D, 20, layers, stream))
        for layers in (1, 2)
        for matrix in matrices[:2]
    ]
    files.write_tensors({"matrices": np.stack(matrices)}, base / "a.safetensors")
    files.write_tensors({"4:0.01": weights}, base / "w.safetensors")
    files.write_tensors(relu_tensors(networks), base / "n.safetensors")
    return base


def measure(folder, name, **changes):
    (folder / name).mkdir()
    sources = [
        {"name": "deep", "by": "layers", "layers": 0, "smooth": False},
        {"name": "softplus", "by": "d", "layers": 2, "smooth": True},
    ]
    settings = {
        "column_scale": 1.0, "linear_source": "linear", "relu_sources": sources, "networks": 2,
        "certified": 1, "pairs": 3, "points": 5, "steps": 6, "seed": 1,
    }  # fmt: skip
    inputs = {
        "weights": ["../w.safetensors"], "matrices": ["../a.safetensors"],
        "relu": ["../n.safetensors", "../n.safetensors"],
    }  # fmt: skip
    return run_job(
        "accounts/theorem_6", folder / name, inputs=inputs, settings=settings | changes,
        outputs={"measures": "m.csv", "record": "m.json"},
    )  # fmt: skip


def test_sources_groups_and_bytes(folder):
    for name in ("one", "two"):
        measure(folder, name).check_returncode()
    first, second = ((folder / name / "m.csv").read_bytes() for name in ("one", "two"))
    assert first == second
    table = pd.read_csv(folder / "one/m.csv")
    counts = table.groupby(["source", "group"])["network"].nunique()
    assert counts.to_dict() == {
        ("deep", 1): 2,
        ("deep", 2): 2,
        ("linear", D): 2,
        ("softplus", D): 2,
    }
    assert len(table) == 2 * 3 * 8
    linear = table[table["source"] == "linear"]
    assert linear["reason"].isna().all()
    assert linear["curvature"].abs().max() < 1e-5
    assert table.loc[table["source"] == "softplus", "reason"].notna().all()
