"""The programs on robust training: rows for every network, and what a network's row says."""

import importlib.util
import sys

import numpy as np
import pandas as pd
import pytest
from workflow_runs import REPOSITORY

from fragility.runtime.seeds import generator
from fragility.synthetic.data import gaussian_matrix, scale_columns
from fragility.synthetic.networks import ReluNetwork, theorem_6_weights

D, MATRICES = 3, 2
SETTINGS = {
    "dimension": D, "layers": 1, "width": 8, "column_scale": 5, "matrices": MATRICES,
    "radii": [0.1, 2], "gradients": [0.5], "decays": [0.3], "angle": 1, "curvature": 1,
    "epochs": 40, "batch_size": 8, "learning_rate": 0.02, "attack_steps": 2,
    "points_per_network": 6, "measure_steps": 10, "certified": 2, "seed": 3,
}  # fmt: skip


def loaded(name):
    """A program as a module: its main runs here, without starting Python and torch again."""
    path = REPOSITORY / f"workflow/scripts/causes/{name}.py"
    spec = importlib.util.spec_from_file_location(f"causes_{name}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def program():
    return loaded("robust_training")


@pytest.fixture(scope="module")
def rows(program, tmp_path_factory):
    path = tmp_path_factory.mktemp("robust") / "m.csv"
    program.main(path, **SETTINGS, device="cpu")
    return pd.read_csv(path, keep_default_na=False, na_values=[""])


def test_every_condition_and_matrix_has_a_row(rows):
    assert len(rows) == 11 * MATRICES
    assert not rows.duplicated(["method", "strength", "matrix"]).any()
    assert set(rows["d"]) == {D}


def test_a_radius_beyond_the_optimum_leaves_rows_that_say_so(rows):
    lost = rows[rows["strength"] == 2]
    assert (lost["accuracy"] < 1).all()
    assert (lost["remark"] == "not correct at every point").all()
    assert lost["cos"].isna().all()


def test_accurate_networks_are_measured_within_their_bounds(rows):
    right = rows[rows["accuracy"] == 1]
    assert len(right) > MATRICES
    assert right["remark"].isna().all()
    assert (right["points"] == 6).all()
    assert (right["certified"] <= right["least_ratio"] * (1 + 1e-9)).all()
    assert (right["least_ratio"] <= right["ratio"]).all()
    assert right["cos"].between(0, 1).all()
    assert right["bracket"].between(0, 1).all()


def test_linear_networks_have_a_row_per_factor_optimiser_and_matrix(tmp_path):
    settings = {
        "dimension": D, "width": 6, "column_scales": [5, 1], "matrices": 2,
        "optimisers": {"SGD": 1, "Adam": 0.01}, "decay": 1, "steps": 150, "seed": 3,
    }  # fmt: skip
    loaded("linear_optimisers").main(tmp_path / "m.csv", **settings)
    rows = pd.read_csv(tmp_path / "m.csv")
    assert len(rows) == 2 * 2 * 2
    right = rows[rows["accuracy"] == 1]
    assert len(right)
    assert right["least_ratio"].between(0, 1).all()
    assert rows[rows["accuracy"] < 1]["least_ratio"].isna().all()
    assert rows["cos_theta_2"].between(0, 1).all()


# --- a network whose row is known ---


def linear_network(matrix, scale=1.0):
    """s(u + 100) - s(-u + 100) = 2 u, u = w.x with Theorem 6's weights: u = z_d at the points."""
    w = theorem_6_weights(matrix)
    hidden = np.stack([w, -w])
    return ReluNetwork([hidden, scale * np.eye(2)], [np.full(2, 100.0), np.zeros(2)])


def test_a_linear_network_s_row_is_its_closed_form(program):
    a = scale_columns(gaussian_matrix(D, generator(1, "test", "robust row")), 5)
    asked = program.Asked(points=8, steps=20, certified=8, seed=1, device="cpu")
    row = program.measured([a], [linear_network(a)], asked).iloc[0]
    w, m = theorem_6_weights(a), np.linalg.norm(a[:, -1])
    cos = abs(w @ a[:, -1]) / np.linalg.norm(w) / m
    assert row["accuracy"] == 1
    assert row["cos"] == pytest.approx(cos)
    assert row["phi"] == pytest.approx(cos)
    for name, unit in (("delta", 1.0), ("ratio", row["radius"]), ("least_ratio", row["radius"])):
        assert row[name] == pytest.approx(
            cos / unit, rel=1e-4
        )  # an attack ends beyond the boundary
    assert row["certified"] == pytest.approx(row["least_ratio"], rel=1e-3)  # 12 halvings
    assert row["bend"] == pytest.approx(0, abs=1e-12)
    assert np.isnan(row["points_correlation"])  # the same at every point


def test_a_network_scaled_by_ten_has_the_same_row(program):
    a = scale_columns(gaussian_matrix(D, generator(1, "test", "robust row")), 5)
    asked = program.Asked(points=8, steps=20, certified=2, seed=1, device="cpu")
    one, ten = (
        program.measured([a], [linear_network(a, scale)], asked).iloc[0] for scale in (1.0, 10.0)
    )
    for name in ("cos", "delta", "ratio", "least_ratio", "certified", "bend"):
        assert ten[name] == pytest.approx(one[name], rel=1e-5, abs=1e-12)
