"""Training ReLU networks until enough of them are accurate."""

import json

import numpy as np
import pandas as pd
import pytest
from relu_jobs import D, train
from workflow_runs import in_folders

from fragility.measures.compression import relu_accuracy
from fragility.runtime import files
from fragility.synthetic.data import scale_columns


@pytest.fixture(scope="module")
def others(base):
    """What trainings said that are not the fixture's: too few, none."""
    return in_folders(
        base,
        {
            "few": lambda folder: train(folder, wanted=50, max_attempts=6),
            "none": lambda folder: train(folder, epochs=1, learning_rate=1e-9, max_attempts=3),
        },
    )


def test_training_keeps_the_accurate_networks_and_says_why_the_others_are_not(trained, runs):
    attempts = pd.read_csv(trained / "attempts.csv", keep_default_na=False)
    assert attempts.columns.tolist() == ["layers", "run", "accuracy", "reason", "wanted"]
    assert attempts["run"].tolist() == list(range(len(attempts)))
    assert (attempts["layers"] == 1).all()
    assert (attempts["wanted"] == 3).all()
    right = attempts["accuracy"] == 1
    assert right.sum() == len(runs) == 3
    assert right.iloc[-1]  # it stops there
    assert len(attempts) > 3  # else nothing is tested of the others
    assert (attempts["reason"][right] == "").all()
    assert (attempts["reason"][~right] == "not right at every point after the last epoch").all()
    assert runs == attempts["run"][right].tolist()
    record = json.loads((trained / "n.json").read_text())
    assert [record[key] for key in ("dimension", "trained", "accurate")] == [D, len(attempts), 3]


def test_the_networks_kept_are_right_and_stand_with_their_scaled_matrices(base, runs, pairs):
    gaussians = files.read_tensors(base / "a.safetensors")["matrices"]
    for run, (matrix, network) in zip(runs, pairs, strict=True):
        assert np.array_equal(matrix, scale_columns(gaussians[run], 5))
        assert [weight.shape for weight in network.weights] == [(60, D), (2, 60)]
        assert relu_accuracy(matrix, network) == 1


def test_fewer_than_wanted_are_written_with_the_reasons(base, trained, others):
    others["few"].check_returncode()
    attempts = pd.read_csv(base / "few/attempts.csv", keep_default_na=False)
    accurate = int((attempts["accuracy"] == 1).sum())
    assert 0 < accurate < len(attempts) == 6
    assert (attempts["wanted"] == 50).all()
    assert ((attempts["reason"] == "") == (attempts["accuracy"] == 1)).all()
    assert f"only {accurate} of 6 are accurate, 50 were wanted" in others["few"].stdout
    few = files.read_tensors(base / "few/n.safetensors")
    one = files.read_tensors(trained / "n.safetensors")
    assert len(few["runs"]) == accurate
    # a run is the same network whatever the number wanted
    assert few["runs"][:3].tolist() == one["runs"].tolist()
    assert all(np.array_equal(few[key], one[key]) for key in one if key != "runs")


def test_none_accurate_is_an_error_of_one_line_that_names_the_keys(base, others):
    done = others["none"]
    assert done.returncode == 1
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1
    assert done.stderr.rstrip().endswith(errors[0])
    assert "Traceback" not in done.stderr
    for words in ("relu.epochs (now 1)", "relu.max_attempts", "none of 3", "d=4", "1e-09"):
        assert words in errors[0]
    assert list((base / "none").iterdir()) == []
