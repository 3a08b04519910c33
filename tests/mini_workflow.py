"""A workflow of a few rules on the real rules/common.smk, whose jobs write what they are told."""

import json
from pathlib import Path

import warm
from workflow_runs import REPOSITORY, environment

# Each job writes its document as its first output, and touches the others.
SNAKEFILE = """
import json, sys
sys.path.insert(0, {workflow!r})
include: "{workflow}/rules/common.smk"

SAVE = "cat <<< {{params.job:q}} > {{output[0]}} && touch {{output}}"


rule all:
    input: [f"{{RESULTS}}/{{name}}/3.json" for name in ("draw", "train", "show")]


rule draw:
    input:
        code=["program.py", "library.py"],
        printed="printed.csv",
    output:
        matrices=f"{{RESULTS}}/draw/{{{{d}}}}.csv",
        **traces(f"{{RESULTS}}/draw/{{{{d}}}}"),
    params:
        **job(
            dimension=lambda wildcards: int(wildcards.d),
            text=config["text"],
            n_runs=config["n_runs"],
            n_valid=config["n_valid"],
        )
    shell: SAVE


rule train:
    input:
        **made(
            matrices=rules.draw.output.matrices,
            other=lambda wildcards: f"{{RESULTS}}/draw/{{int(wildcards.d) + 1}}.csv",
        ),
    output:
        weights=[f"{{RESULTS}}/train/{{{{d}}}}.a.csv", f"{{RESULTS}}/train/{{{{d}}}}.b.csv"],
        **traces(f"{{RESULTS}}/train/{{{{d}}}}"),
    threads: 2
    resources:
        **need(1000, 5, gpu=1),
    params:
        **job(n_runs=config["n_runs"])
    shell: SAVE


rule show:
    input:
        **made(
            weights=rules.train.output.weights,
            training=[rules.train.output.record, rules.draw.output.record],
        ),
    output:
        executed=f"{{RESULTS}}/show/{{{{d}}}}.ipynb",
        cost=f"{{RESULTS}}/show/{{{{d}}}}.svg",
        **traces(f"{{RESULTS}}/show/{{{{d}}}}"),
    params:
        **job()
    shell: SAVE


rule last:
    input:
        **made(shown=f"{{RESULTS}}/show/3.svg"),
    output:
        page=f"{{RESULTS}}/last.html",
        **traces(f"{{RESULTS}}/last"),
    params:
        **job()
    shell: SAVE


def answers(path):
    written = WRITERS.of(path)
    found = written and [written.rule.name, written.name, dict(written.wildcards)]
    return [found, WRITERS.is_volatile(path), str(WRITERS.digests(path))]


if config.get("ask"):
    with open("answers.json", "w") as file:
        json.dump({{
            "paths": {{path: answers(path) for path in config["ask"]}},
            "behind": WRITERS.behind([f"{{RESULTS}}/last.html"]),
        }}, file)
"""
CONFIG = {"results": "results", "text": "plain", "n_runs": 12, "n_valid": 4}


def write(folder: Path) -> Path:
    """The workflow and its files of the repository, in ``folder``."""
    text = SNAKEFILE.format(workflow=str(REPOSITORY / "workflow"))
    (folder / "Snakefile").write_text(text)
    for name in ("program.py", "library.py", "printed.csv"):
        (folder / name).touch()
    return folder


def snakemake(folder: Path, *words: str, **config: object) -> str:
    """Run it with these config values; what it prints."""
    (folder / "config.json").write_text(json.dumps(CONFIG | config))
    words = ("--cores", "2", "--configfile", "config.json", *words)
    done = warm.snakemake(*words, folder=folder, environment=environment())
    assert done.returncode == 0, done.stdout
    return done.stdout
