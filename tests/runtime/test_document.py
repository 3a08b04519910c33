"""What a rule hands to its program, and what of it Snakemake compares: a small real workflow."""

import json
import re
import subprocess
from types import SimpleNamespace

import mini_workflow
import pytest
from hypothesis import given
from hypothesis import strategies as st
from snakemake.utils import format as filled
from workflow_runs import job_document

from fragility.runtime import job
from fragility.runtime.document import Document, params

AWKWARD = "{d} {{x}} {input} 'a' \"b\" $HOME `id` \\n\n φ‖é !$(id) %s"


def document(results="results", **changes):
    """A document whose files lie in that folder of results."""
    told = job_document(
        inputs={"matrices": f"{results}/draw/3.csv", "printed": "paper/t.csv"},
        outputs={"weights": [f"{results}/b.csv", f"{results}/a.csv"], "log": f"{results}/a.json"},
        settings={"rate": 0.1, "text": AWKWARD},
    )  # fmt: skip
    return Document(told | {"results": results} | changes)


# --- the document ---


def test_as_a_dict_it_is_its_outputs_wherever_the_results_lie():
    names = ["a.csv", "a.json", "b.csv"]
    assert document() == document("results/demo") == {"outputs": names}
    assert document(settings={}) == document()
    assert document(outputs={"weights": "results/c.csv"}) == {"outputs": ["c.csv"]} != document()


def test_as_a_text_it_is_all_that_it_tells():
    assert json.loads(str(document())) == document().told
    assert str(document()) != str(document("results/demo"))
    assert str(document(settings={})) != str(document())


def handed_over(text_like):
    """What a program reads on standard input after Snakemake's formatting and the shell."""
    command = filled("cat <<< {params.job:q}", params=SimpleNamespace(job=text_like))
    done = subprocess.run(["bash", "-c", command], check=True, capture_output=True)
    return json.loads(done.stdout)


def test_braces_quotes_and_dollars_survive_snakemake_and_the_shell():
    assert handed_over(document()) == document().told


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30))
def test_any_text_survives_snakemake_and_the_shell(text):
    told = document(settings={"text": text, text: 1})
    assert handed_over(told) == told.told


def test_a_document_longer_than_an_argument_may_be_is_still_one_text():
    many = document(settings={"cells": list(range(100_000))})
    assert len(str(many)) > 2**19
    assert json.loads(f"{many}") == many.told


# --- params ---


def compared(**settings):
    """The params that Snakemake compares, as texts."""
    made = params(lambda: None, None, "results", settings)
    wildcards = SimpleNamespace(d="3")
    return {name: f(wildcards) for name, f in made.items() if name not in ("inputs", "job")}


def test_a_setting_is_compared_as_its_name_and_value():
    found = compared(n_runs=12, cells=["64:0.01"], d=lambda wildcards: int(wildcards.d), text="{d}")
    assert found == {
        "n_runs": "n_runs=12", "cells": 'cells=["64:0.01"]', "d": "d=3", "text": 'text="{d}"',
    }  # fmt: skip


def test_exchanged_values_are_a_change():
    # Snakemake compares params as a set of values without names
    one, other = compared(n_runs=12, n_valid=4), compared(n_runs=4, n_valid=12)
    assert set(one.values()) != set(other.values())
    assert {12, 4} == {4, 12}  # as plain values they would be none


def names_of_inputs(results, **files):
    """The param that holds the names of the inputs, of a rule whose inputs are these."""
    rule = SimpleNamespace(expand_input=lambda wildcards: (files, None))
    return params(lambda: rule, None, results, {})["inputs"](SimpleNamespace(items=lambda: []))


def test_the_names_of_inputs_are_compared_as_seen_from_the_results():
    files = {"drawn": ["run/a.csv", "run/b.csv"], "printed": "paper/t.csv"}
    ours = {"code": ["program.py"], "digests": ["run/a.sha256"]}
    found = names_of_inputs("run", **files, **ours)
    assert found == 'inputs={"drawn": ["a.csv", "b.csv"], "printed": "paper/t.csv"}'
    elsewhere = {"drawn": ["my/run/a.csv", "my/run/b.csv"], "printed": "paper/t.csv"}
    assert names_of_inputs("my/run", **elsewhere) == found
    assert names_of_inputs("run", **files | {"drawn": ["run/b.csv", "run/a.csv"]}) != found


@pytest.mark.parametrize("name", ["inputs", "job"])
def test_a_setting_named_as_a_param_of_every_rule_is_refused(name):
    with pytest.raises(ValueError, match=name):
        compared(**{name: 1})


# --- in a workflow ---


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """The small workflow, run."""
    folder = mini_workflow.write(tmp_path_factory.mktemp("documents"))
    mini_workflow.snakemake(folder, text=AWKWARD)
    return folder


def told(folder, name):
    return json.loads((folder / f"results/{name}").read_text())


def test_a_job_is_told_files_by_name_settings_device_and_threads(ran):
    assert told(ran, "draw/3.csv") == {
        "rule": "draw",
        "results": "results",
        "inputs": {"printed": "printed.csv"},  # the code is left out
        "digests": {},
        "volatile": [],
        "outputs": {
            "matrices": "results/draw/3.csv",
            "record": "results/draw/3.json",
            "digests": "results/draw/3.sha256",
        },
        "settings": {"dimension": 3, "text": AWKWARD, "n_runs": 12, "n_valid": 4},
        "device": "cpu",
        "threads": 1,
    }


def test_the_digests_that_other_jobs_left_are_told_by_rule(ran):
    job_told = told(ran, "train/3.a.csv")
    assert job_told["inputs"] == {
        "matrices": "results/draw/3.csv", "other": "results/draw/4.csv"
    }  # fmt: skip
    assert job_told["digests"] == {f"results/draw/{d}.sha256": "draw" for d in (3, 4)}
    assert job_told["outputs"]["weights"] == ["results/train/3.a.csv", "results/train/3.b.csv"]
    assert (job_told["device"], job_told["threads"]) == ("cuda", 2)


def test_records_among_the_inputs_are_told_to_be_volatile(ran):
    job_told = told(ran, "show/3.ipynb")
    assert job_told["volatile"] == ["results/train/3.json", "results/draw/3.json"]
    assert job_told["digests"] == {"results/train/3.sha256": "train"}


def test_every_document_is_whole(ran):
    for name in ("draw/3.csv", "train/3.a.csv", "show/3.ipynb"):
        assert set(told(ran, name)) == set(job.FIELDS)


def planned(folder, **config):
    """The jobs that a dry run would run, as rule and first output."""
    output = mini_workflow.snakemake(folder, "--dry-run", **{"text": AWKWARD} | config)
    return set(re.findall(r"^rule (\w+):", output, re.M))


def test_nothing_is_left_to_do_and_another_folder_of_results_starts_anew(ran):
    assert planned(ran) == set()
    assert planned(ran, results="results/demo") == {"all", "draw", "train", "show"}


@pytest.mark.parametrize(
    "change",
    [{"text": "plain"}, {"n_valid": 5}, {"n_runs": 4, "n_valid": 12}, {"text": AWKWARD + " "}],
    ids=["text", "number", "exchanged", "space"],
)
def test_a_changed_setting_plans_the_job(ran, change):
    assert {"draw", "all"} <= planned(ran, **change)
