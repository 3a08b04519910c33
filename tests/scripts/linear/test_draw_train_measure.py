"""The linear experiment's programs: what Snakemake runs, without Snakemake."""

import json

import numpy as np
import pandas as pd
import pytest
from workflow_runs import run_job

from fragility.runtime import files


def draw(folder, d, count):
    run_job(
        "linear/draw", folder, inputs={}, outputs={"matrices": "a.safetensors"},
        settings={"dimension": d, "n_matrices": count, "seed": 1},
    ).check_returncode()  # fmt: skip


def train(folder, name="w", **changes):
    settings = {
        "column_scale": 5, "width": 3000, "epochs": 1, "cells": ["1024:0.01"], "min_runs": 1,
        "min_valid": 0, "seed": 1,
    }  # fmt: skip
    return run_job(
        "linear/train", folder, inputs={"matrices": "a.safetensors"}, settings=settings | changes,
        outputs={"weights": f"{name}.safetensors", "record": f"{name}.json"},
    )  # fmt: skip


def measure(folder, weights="w", name="m"):
    return run_job(
        "linear/measure", folder, settings={"column_scale": 5},
        inputs={"matrices": "a.safetensors", "weights": f"{weights}.safetensors"},
        outputs={"measures": f"{name}.csv", "record": f"{name}.json"},
    )  # fmt: skip


def test_dimension_22_stays_below_two_gigabytes(tmp_path):
    draw(tmp_path, 22, 1)
    train(tmp_path).check_returncode()
    measure(tmp_path).check_returncode()
    for record in ("w.json", "m.json"):
        assert json.loads((tmp_path / record).read_text())["peak_memory_mb"] < 2048
    assert len(pd.read_csv(tmp_path / "m.csv")) == 1


def test_matrices_do_not_depend_on_how_many_are_drawn(tmp_path):
    drawn = []
    for count in (3, 5):
        draw(tmp_path, 4, count)
        drawn.append(files.read_tensors(tmp_path / "a.safetensors")["matrices"])
    assert np.array_equal(drawn[0], drawn[1][:3])


def test_training_stops_at_the_first_run_that_suffices(tmp_path):
    draw(tmp_path, 4, 60)
    asked = {"width": 100, "epochs": 40, "cells": ["4:0.01"]}
    train(tmp_path, **asked, min_runs=2, min_valid=3).check_returncode()
    few = files.read_tensors(tmp_path / "w.safetensors")["4:0.01"]
    train(tmp_path, **asked, min_runs=40, min_valid=3).check_returncode()
    many = files.read_tensors(tmp_path / "w.safetensors")["4:0.01"]
    assert len(few) < len(many) == 40
    assert np.array_equal(few, many[: len(few)])


def test_several_cells_in_one_job_are_what_each_is_alone(tmp_path):
    draw(tmp_path, 4, 20)
    cells = {"one": ["4:0.01"], "other": ["full:0.001"], "both": ["4:0.01", "full:0.001"]}
    weights = {}
    for name, words in cells.items():
        asked = {"width": 50, "epochs": 20, "min_runs": 5, "cells": words}
        train(tmp_path, name, **asked).check_returncode()
        weights[name] = files.read_tensors(tmp_path / f"{name}.safetensors")
        measure(tmp_path, name, name).check_returncode()
    alone = weights["one"] | weights["other"]
    assert alone.keys() == weights["both"].keys()
    assert all(np.array_equal(weights["both"][cell], alone[cell]) for cell in alone)
    tables = {name: (tmp_path / f"{name}.csv").read_text().splitlines() for name in cells}
    assert tables["both"] == tables["one"] + tables["other"][1:]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:100]), ("a.safetensors", "damaged")),
        (lambda path: path.unlink(), ("a.safetensors",)),
    ],
)
def test_damaged_or_missing_input_is_named(tmp_path, spoil, words):
    draw(tmp_path, 4, 2)
    spoil(tmp_path / "a.safetensors")
    done = train(tmp_path)
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith("error: ")
    assert all(word in done.stderr for word in words)
    assert not (tmp_path / "w.safetensors").exists()
