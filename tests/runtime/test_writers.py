"""Which job writes a file, asked of a small workflow's own rules."""

import json

import mini_workflow
import pytest

NONE = [None, False, "None"]
ANSWERS = {
    "results/draw/7.csv": [["draw", "matrices", {"d": "7"}], False, "results/draw/7.sha256"],
    "results/draw/7.json": [["draw", "record", {"d": "7"}], True, "None"],
    "results/draw/7.sha256": [["draw", "digests", {"d": "7"}], True, "None"],
    "results/train/7.b.csv": [["train", "weights", {"d": "7"}], False, "results/train/7.sha256"],
    "results/show/7.ipynb": [["show", "executed", {"d": "7"}], True, "None"],
    "results/show/7.svg": [["show", "cost", {"d": "7"}], True, "None"],
    "results/last.html": [["last", "page", {}], False, "results/last.sha256"],
    "results/draw/seven.csv": NONE,  # d is a number
    "results/draw/7.csv.bak": NONE,
    "elsewhere/results/draw/7.csv": NONE,
    "printed.csv": NONE,
}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What the writers answer in that workflow."""
    folder = mini_workflow.write(tmp_path_factory.mktemp("writers"))
    mini_workflow.snakemake(folder, "--dry-run", ask=list(ANSWERS))
    return json.loads((folder / "answers.json").read_text())


@pytest.mark.parametrize("path", ANSWERS)
def test_rule_output_and_wildcards_of_a_path(told, path):
    assert told["paths"][path] == ANSWERS[path]


def test_the_jobs_behind_a_file_come_each_once_and_after_what_they_need(told):
    files = {
        "draw": ["{d}.csv", "{d}.sha256"],
        "train": ["{d}.a.csv", "{d}.b.csv", "{d}.sha256"],
        "show": ["{d}.ipynb", "{d}.svg", "{d}.sha256"],
    }
    jobs = [("draw", 3), ("draw", 4), ("train", 3), ("show", 3)]
    assert told["behind"] == [
        *(
            [rule, f"results/{rule}/{d}.json",
             [f"results/{rule}/{name.format(d=d)}" for name in files[rule]]]
            for rule, d in jobs
        ),
        ["last", "results/last.json", ["results/last.html", "results/last.sha256"]],
    ]  # fmt: skip
