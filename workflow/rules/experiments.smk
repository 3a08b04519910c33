"""What every experiment has: notebooks that show it, a score, named targets (table_1, linear, ...)."""

import re


for name, book in NOTEBOOKS.items():

    rule:
        name:
            f"{name}_notebook"
        input:
            code=code("scripts/notebook.py", *book["also"], notebook=name),
            notebook=os.path.relpath(WORKFLOW / f"notebooks/{name}.ipynb"),
            captions=captions(*stems(book["outputs"])),
            **made(**book["inputs"]),
        output:
            executed=f"{RESULTS}/notebooks/{name}.ipynb",
            **book["outputs"],
            **traces(f"{RESULTS}/notebooks/{name}"),
        log:
            f"{RESULTS}/logs/{name}_notebook.log",
        benchmark:
            f"{RESULTS}/benchmarks/{name}_notebook.tsv"
        conda:
            "../../envs/notebook.yaml"
        threads: 1
        resources:
            **need(book["memory"], 10),
        params:
            **job(stamp=stamp(*book["stamped"]), **book["settings"]),
        shell:
            JOB


for experiment, judged in EVIDENCE.items():

    rule:
        name:
            f"{experiment}_score"
        input:
            code=code("scripts/score.py", judged["module"], *judged["also"]),
            claims=f"{PAPER}/claims.csv",
            **made(**judged["inputs"]),
        output:
            scores=f"{RESULTS}/{experiment}/score.csv",
            **traces(f"{RESULTS}/{experiment}/score"),
        log:
            f"{RESULTS}/logs/{experiment}_score.log",
        benchmark:
            f"{RESULTS}/benchmarks/{experiment}_score.tsv"
        conda:
            "../../envs/analysis.yaml"
        threads: 1
        resources:
            **need(1000, 10),
        params:
            **job(module=judged["module"], **judged["settings"]),
        shell:
            JOB


def finished_rules(*names):
    """The rules of these names or experiments that make files of one name each, no wildcards."""
    return [
        each
        for each in workflow.rules
        if each.output
        and not each.wildcard_names
        and any(each.name == name or each.name.startswith(f"{name}_") for name in names)
    ]


for experiment in EVIDENCE:

    rule:
        name:
            experiment
        input:
            [each.output for each in finished_rules(experiment)],


for artifact, paths in {
    artifact: paths
    for book in NOTEBOOKS.values()
    for artifact, paths in book["outputs"].items()
    if re.fullmatch(r"(table|figure)_\d+", artifact)
}.items():

    rule:
        name:
            artifact
        input:
            paths,
