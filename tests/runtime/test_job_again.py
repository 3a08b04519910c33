"""A job repeated from its record: the same bytes, the same threads; refused where it cannot be."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from workflow_runs import REPOSITORY, copy_of_run, job_document, script_environment, tell

from fragility.runtime import digests, files, job
from fragility.runtime.seeds import generator

DRAWN = "results/linear/draw/d3"
MEASURED = "results/linear/measure/d3"
WEIGHTS = "weights.safetensors"  # like a file of the repository: no job made it
THREADS = 2  # unlike the one thread that the tests' environment asks for


def document(stem, inputs, outputs, settings):
    """What a rule tells its program: files by name, what other jobs left, its own traces."""
    traces = {"record": f"{stem}.json", "digests": f"{stem}.sha256"}
    told = job_document(inputs=inputs, outputs=outputs | traces, settings=settings, threads=THREADS)
    left = {f"{DRAWN}.sha256": "linear_draw"} if inputs else {}
    return told | {"digests": left}


DRAW = document(
    DRAWN, {}, {"matrices": f"{DRAWN}.safetensors"},
    {"dimension": 3, "n_matrices": 4, "seed": 1},
)  # fmt: skip
MEASURE = document(
    MEASURED, {"matrices": f"{DRAWN}.safetensors", "weights": WEIGHTS},
    {"measures": f"{MEASURED}.csv"}, {"column_scale": 5},
)  # fmt: skip


@pytest.fixture(scope="module")
def finished_jobs(tmp_path_factory):
    """Matrices drawn, and made-up networks measured on them."""
    folder = tmp_path_factory.mktemp("jobs")
    weights = generator(1, "test", "again").standard_normal((4, 2, 3))
    files.write_tensors({"8:0.01": weights}, folder / WEIGHTS)
    for name, told in (("linear/draw", DRAW), ("linear/measure", MEASURE)):
        tell(name, folder, told).check_returncode()
    return folder


@pytest.fixture
def jobs(finished_jobs, tmp_path):
    """A copy to change."""
    return copy_of_run(finished_jobs, tmp_path / "jobs")


def again(folder, *words, stdin=subprocess.DEVNULL, program="linear/measure"):
    """The program with arguments, in an environment of one thread."""
    return subprocess.run(
        [sys.executable, REPOSITORY / f"workflow/scripts/{program}.py", *words],
        cwd=folder, stdin=stdin, env=script_environment(), capture_output=True, text=True,
    )  # fmt: skip


def snapshot(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refusal(folder, done):
    """The one line of a job that was refused, which left nothing."""
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert not (folder / "again").exists()
    return line


# --- the same bytes into another folder ---


def by_file(folder):
    with (folder / f"{MEASURED}.json").open() as record:
        return again(folder, "again", stdin=record)


def by_pipe(folder):
    return tell("linear/measure", folder, (folder / f"{MEASURED}.json").read_text(), "again")


def by_name(folder):
    return again(folder, "again", f"{MEASURED}.json")


def by_name_and_a_terminal(folder):
    """As under a debugger, whose commands come from the terminal."""
    main, terminal = pty.openpty()
    try:
        return again(folder, "again", f"{MEASURED}.json", stdin=terminal)
    finally:
        os.close(main)
        os.close(terminal)


@pytest.mark.parametrize("way", [by_file, by_pipe, by_name, by_name_and_a_terminal])
def test_a_record_repeats_its_job_into_a_folder_with_its_threads(jobs, way):
    before = snapshot(jobs)
    done = way(jobs)
    assert done.returncode == 0, done.stderr
    assert {path: path.read_bytes() for path in before} == before
    made = sorted(path.relative_to(jobs / "again") for path in (jobs / "again").rglob("*.*"))
    assert made == sorted(map(Path, MEASURE["outputs"].values()))
    for suffix in ("csv", "sha256"):
        name = f"{MEASURED}.{suffix}"
        assert (jobs / "again" / name).read_bytes() == (jobs / name).read_bytes()
    first, second = (
        digests.read_record(folder / f"{MEASURED}.json") for folder in (jobs, jobs / "again")
    )
    assert first["threads"] == second["threads"] == THREADS
    assert second["read"] == first["read"]
    assert second["job"]["settings"] == first["job"]["settings"]
    assert second["job"]["outputs"]["measures"] == f"again/{MEASURED}.csv"


def test_a_job_without_inputs_is_repeated_too(jobs):
    done = again(jobs, "again", f"{DRAWN}.json", program="linear/draw")
    assert done.returncode == 0, done.stderr
    name = f"{DRAWN}.safetensors"
    assert (jobs / "again" / name).read_bytes() == (jobs / name).read_bytes()


def test_a_document_runs_in_a_folder_with_other_settings(jobs):
    told = json.loads((jobs / f"{MEASURED}.json").read_text())["job"]
    told["settings"]["column_scale"] = 1
    done = tell("linear/measure", jobs, told, "again")
    assert done.returncode == 0, done.stderr
    name = f"{MEASURED}.csv"
    assert (jobs / "again" / name).read_bytes() != (jobs / name).read_bytes()


def test_outputs_of_any_place_lie_below_the_folder(jobs):
    told = DRAW | {"outputs": {"matrices": f"{jobs}/elsewhere.safetensors"}}
    done = tell("linear/draw", jobs, told, "again")
    assert done.returncode == 0, done.stderr
    assert not (jobs / "elsewhere.safetensors").exists()
    assert len(list((jobs / "again").rglob("elsewhere.safetensors"))) == 1


def test_several_outputs_of_one_name_lie_below_the_folder_too():
    outputs = {"page": "/tmp/a.html", "pages": ["/tmp/b.html", "results/c.html"]}
    assert job._below("again", outputs) == {
        "page": "again/tmp/a.html", "pages": ["again/tmp/b.html", "again/results/c.html"]
    }  # fmt: skip


# --- refused ---


def another(path):
    """A file of networks or matrices with one other number."""
    tensors = files.read_tensors(path)
    name, array = next(iter(tensors.items()))
    array = array.copy()
    array.flat[0] += 1
    files.write_tensors({name: array}, path)


def test_a_file_of_the_repository_that_has_changed_is_named(jobs):
    another(jobs / WEIGHTS)
    line = refusal(jobs, by_name(jobs))
    assert f"{WEIGHTS} has changed since the job ran" in line
    assert tell("linear/measure", jobs, MEASURE).returncode == 0  # a new job may read it


def test_a_result_that_was_made_anew_since_is_named(jobs):
    told = DRAW | {"settings": DRAW["settings"] | {"seed": 2}}
    tell("linear/draw", jobs, told).check_returncode()
    line = refusal(jobs, by_name(jobs))
    assert f"{DRAWN}.safetensors has changed since the job ran" in line


def test_a_result_that_was_damaged_is_named_with_rule_and_way_out(jobs):
    another(jobs / f"{DRAWN}.safetensors")
    line = refusal(jobs, by_name(jobs))
    assert f"{DRAWN}.safetensors is not what rule linear_draw wrote" in line
    assert "delete it and run snakemake" in line


def test_a_new_job_refuses_a_damaged_result_too(jobs):
    another(jobs / f"{DRAWN}.safetensors")
    before = snapshot(jobs)
    line = refusal(jobs, tell("linear/measure", jobs, MEASURE))
    assert "rule linear_draw" in line
    assert snapshot(jobs) == before


def test_an_edited_record_is_refused(jobs):
    path = jobs / f"{MEASURED}.json"
    path.write_text(path.read_text().replace('"column_scale": 5', '"column_scale": 6'))
    assert "damaged or was edited" in refusal(jobs, by_name(jobs))
    assert "damaged or was edited" in refusal(jobs, by_pipe(jobs))


def test_a_record_without_a_folder_is_refused_and_changes_nothing(jobs):
    before = snapshot(jobs)
    with (jobs / f"{MEASURED}.json").open() as record:
        line = refusal(jobs, again(jobs, stdin=record))
    assert "name a folder to write to" in line
    assert snapshot(jobs) == before


def test_a_record_that_is_not_there_is_named(jobs):
    assert "nothing.json" in refusal(jobs, again(jobs, "again", "nothing.json"))


def test_a_program_given_too_much_says_how_it_is_used(jobs):
    line = refusal(jobs, again(jobs, "again", f"{MEASURED}.json", "more"))
    assert "measure.py again < results/" in line


def test_a_terminal_is_not_waited_for(jobs):
    main, terminal = pty.openpty()
    try:
        for words in ([], ["again"]):
            line = refusal(jobs, again(jobs, *words, stdin=terminal))
            assert "reads its job from standard input" in line
    finally:
        os.close(main)
        os.close(terminal)


def test_settings_of_another_type_are_named_all_in_one_line(jobs):
    told = MEASURE | {"settings": {"column_scale": True, "widht": 3}}
    line = refusal(jobs, tell("linear/measure", jobs, told))
    assert "widht is unknown; column_scale is true, not float" in line
