"""Scores for several master seeds: what each is told, and that an interrupted run goes on."""

import json
import re

import pytest
from planning import tiny
from workflow_runs import (
    RESULTS,
    copy_of_repository,
    edit,
    kill,
    planned,
    snakemake,
    started,
    wait_for,
)

OWN = tiny()["seed"]
ALL, CHEAP = "experiments: [linear, theory]", "experiments: [linear]"


@pytest.fixture
def folder(tmp_path):
    return copy_of_repository(tmp_path / "copy")


def seed_job(folder, seed):
    """The document that the job of a seed would get."""
    told = snakemake(folder, "-n", "--printshellcmds", f"{RESULTS}/stability/{seed}.csv").stdout
    return json.loads(re.search(r"stability/seed.py <<< '(.+)' > ", told)[1].replace("'\\''", "'"))


def test_a_seed_s_run_is_told_the_configuration_with_another_seed_and_folder(folder):
    told = seed_job(folder, OWN + 1)["settings"]
    other = {"seed": OWN + 1, "results": f"{RESULTS}/stability/{OWN + 1}"}
    assert told["config"] == tiny() | other
    assert told["experiments"] == tiny()["stability"]["experiments"]


def test_an_edit_of_what_scores_are_made_from_is_seen_in_every_seed(folder):
    told = snakemake(folder, "-n", f"{RESULTS}/stability/{OWN + 1}.csv").stdout
    read = re.search(r"rule stability_seed:\n +input: (.+)\n", told)[1].split(", ")
    for name in (
        "Snakefile",
        "workflow/rules/linear.smk",
        "workflow/scripts/linear/train.py",
        "workflow/scripts/score.py",
        "workflow/fragility/experiments/linear/evidence.py",
        "workflow/paper/claims/theory.yaml",
    ):
        assert name in read
    assert "workflow/scripts/mnist/train.py" not in read  # not among the experiments compared
    assert not [name for name in read if name.startswith(RESULTS)]


def test_as_many_seeds_as_the_configuration_says_and_none_in_the_full_run(folder):
    edit(folder / "tests/config.tiny.yaml", "seeds: 2", "seeds: 4")
    plan = planned(folder, "stability")
    assert plan["stability_seed"] == 3 and plan["linear_score"] == plan["theory_score"] == 1
    assert "relu_score" not in plan and "scorecard" not in plan
    assert not [name for name in planned(folder) if name.startswith("stability")]


def dates(folder, seed):
    """When each result of a seed was written, by name without its folder."""
    kept = folder / RESULTS / "stability" / str(seed)
    return {
        str(path.relative_to(kept)): path.stat().st_mtime_ns
        for path in kept.rglob("*")
        if path.suffix in (".csv", ".json", ".safetensors") and not path.name.startswith(".")
    }


@pytest.mark.ci
def test_a_killed_run_goes_on_where_it_was_and_gives_what_that_seed_alone_gives(finished, folder):
    """The finished run has the second seed; the first of two is the number before it."""
    tiny_settings = folder / "tests/config.tiny.yaml"
    edit(tiny_settings, ALL, CHEAP)
    edit(tiny_settings, f"results: {RESULTS}\n", f"results: {RESULTS}\nseed: {OWN - 1}\n")
    scores = {OWN - 1: "linear/score.csv", OWN: f"stability/{OWN}.csv"}
    snakemake(folder, f"{RESULTS}/{scores[OWN - 1]}")
    run = started(folder, "stability")
    wait_for(folder, f"stability/{OWN}/linear/measure/*.csv", run)
    kill(run)
    before = dates(folder, OWN)
    measured = next(name for name in before if re.fullmatch(r"linear/measure/.*[.]csv", name))
    trained = measured.replace("measure", "train").replace(".csv", ".safetensors")
    assert trained in before and not (folder / RESULTS / scores[OWN]).exists()

    snakemake(folder, "stability", "--unlock")
    assert planned(folder, "stability")["stability_seed"] == 1
    snakemake(folder, "stability")
    assert not planned(folder, "stability")
    assert dates(folder, OWN)[trained] == before[trained]
    assert "own settings" in (folder / RESULTS / "stability.md").read_text()
    made = {seed: (folder / RESULTS / path).read_text() for seed, path in scores.items()}
    assert made[OWN] == (finished / RESULTS / "linear/score.csv").read_text()
    assert made[OWN] != made[OWN - 1]
