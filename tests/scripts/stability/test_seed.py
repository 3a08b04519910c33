"""The run with another seed inside a job, on a workflow of two rules: resumed, without locks."""

import pytest
import yaml
from workflow_runs import run_job

# each job leaves a line, so that one can count how often it ran
SNAKEFILE = """
RESULTS = config["results"]

rule train:
    output: f"{RESULTS}/{{name}}/train.txt",
    shell: "echo {wildcards.name} >> trained && touch {output}"

rule score:
    input: f"{RESULTS}/{{name}}/train.txt",
    output: f"{RESULTS}/{{name}}/score.csv",
    params: seed=config["seed"],
    shell: "test ! -e broken && (echo id,seed && echo {wildcards.name},{params.seed}) > {output}"
"""
CONFIG = {"results": "results/stability/8", "seed": 8, "linear": {"learning_rate": 1e-05}}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "Snakefile").write_text(SNAKEFILE)
    return tmp_path


def run_seed(folder):
    return run_job(
        "stability/seed", folder, inputs={},
        outputs={"configfile": "results/stability/8.yaml", "scores": "results/stability/8.csv"},
        settings={"config": CONFIG, "experiments": ["relu", "linear"], "snakefile": "Snakefile"},
        threads=2,
    )  # fmt: skip


def test_scores_are_put_together_in_order_and_the_configuration_is_left(folder):
    run_seed(folder).check_returncode()
    scores = (folder / "results/stability/8.csv").read_text()
    assert scores == "id,seed\nrelu,8\nlinear,8\n"
    assert yaml.safe_load((folder / "results/stability/8.yaml").read_text()) == CONFIG


def test_a_failed_run_is_told_and_goes_on_where_it_was(folder):
    (folder / "broken").touch()
    failed = run_seed(folder)
    assert failed.returncode == 1
    assert "error: the run with seed 8 failed" in failed.stderr
    assert "results so far are kept in results/stability/8" in failed.stderr
    assert not (folder / "results/stability/8.csv").exists()
    (folder / "broken").unlink()
    before = (folder / "trained").read_text()
    run_seed(folder).check_returncode()
    assert (folder / "trained").read_text() == before and before


def test_the_lock_of_the_run_that_it_is_a_part_of_stays(folder):
    locks = folder / ".snakemake/locks"
    locks.mkdir(parents=True)
    (locks / "0.output.lock").write_text("results/stability/8.csv\n")
    run_seed(folder).check_returncode()
    assert [path.name for path in locks.iterdir()] == ["0.output.lock"]
