"""The program that relabels Theorem 6's points, with few small networks."""

import importlib.util

import pandas as pd
import pytest
from workflow_runs import REPOSITORY

from fragility.runtime import job

SETTINGS = {
    "dimension": 4, "column_scale": 2, "networks": 3, "width": 16, "learning_rate": 0.01,
    "teacher_steps": 400, "steps": 400, "steps_relu": 100, "checkpoints": 6, "margins": [0.1, 1.0],
    "attacks": ["ddn", "projection"], "attack_steps": 20, "seed": 1, "device": "cpu",
}  # fmt: skip


def run(folder, **changes):
    path = REPOSITORY / "workflow/scripts/causes/relabel.py"
    spec = importlib.util.spec_from_file_location("relabel", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.main(folder / "a.csv", folder / "m.csv", **SETTINGS | changes)
    return pd.read_csv(folder / "a.csv"), pd.read_csv(folder / "m.csv")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return run(tmp_path_factory.mktemp("relabel"))


def test_each_teacher_has_a_student_for_each_margin_and_setting(made):
    accuracies, moves = made
    assert set(accuracies["setting"]) == {"descent", "linear", "relu"}
    keys = ["setting", "margin", "network"]
    assert not moves.duplicated(keys).any()
    students = accuracies[keys].drop_duplicates()
    assert len(students.merge(moves, on=keys)) == len(students) == len(moves)
    last = accuracies.groupby("setting")["step"].max()
    assert last.to_dict() == {"descent": 400, "linear": 400, "relu": 100}
    assert accuracies["accuracy"].between(0, 1).all()


def test_descent_starts_where_the_closed_form_says_and_comes_near_its_limit(made):
    accuracies, moves = made
    keys = ["setting", "margin", "network"]
    descent = accuracies[accuracies["setting"] == "descent"].merge(moves, on=keys)
    first = descent[descent["step"] == 1]
    assert first["accuracy"].tolist() == first["first"].tolist()
    start, end = (
        descent[(descent["step"] == step) & (descent["margin"] == 1)]["cos_limit"]
        for step in (1, 400)
    )
    assert (end.to_numpy() > start.to_numpy()).all()


def test_distances_grow_with_the_margin(made):
    _, moves = made
    far = moves.pivot_table(index=["setting", "network"], columns="margin", values="distance")
    assert (far[1.0] / far[0.1]).tolist() == pytest.approx([2 / 1.1] * len(far))


def test_a_teacher_is_the_same_whatever_students_there_are(made, tmp_path):
    _, moves = run(tmp_path, margins=[1.0], steps=10, steps_relu=10, checkpoints=3)
    first = moves[moves["setting"] == "linear"].set_index("network")["cos_theta_1"]
    before = made[1].query("setting == 'linear' and margin == 1").set_index("network")
    assert first.to_dict() == before["cos_theta_1"].to_dict()


def test_no_teacher_that_is_correct_is_an_error_that_names_the_keys(tmp_path):
    with pytest.raises(job.ResultError, match=r"Raise causes\.relabelled\.teacher_steps"):
        run(tmp_path, teacher_steps=1, networks=1)
