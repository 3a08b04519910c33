"""Rules of the same form in every experiment: notebooks, score, targets (table_1, linear, ...)."""

for name, book in NOTEBOOKS.items():

    rule:
        name:
            f"{name}_notebook"
        input:
            **made(**book["inputs"]),
            code=code("scripts/notebook.py", *book["also"], notebook=name),
            notebook=os.path.relpath(WORKFLOW / f"notebooks/{name}.ipynb"),
        output:
            **book["outputs"],
            **traces(f"{RESULTS}/notebooks/{name}"),
            executed=f"{RESULTS}/notebooks/{name}.ipynb",
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
            **made(**judged["inputs"]),
            code=code("scripts/score.py", judged["module"], *judged["also"]),
            claims=f"{PAPER}/claims/{experiment}.yaml",
        output:
            **traces(f"{RESULTS}/{experiment}/score"),
            scores=f"{RESULTS}/{experiment}/score.csv",
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
            **job(
                module=judged["module"],
                seed=config["seed"],
                told=told_keys(f"{PAPER}/claims/{experiment}.yaml"),
                departures=departures(*judged["stamped"]),
                **judged["settings"],
            ),
        shell:
            JOB


for experiment in EVIDENCE:

    rule:
        name:
            experiment
        input:
            [each.output for each in finished_rules(experiment)],


for artifact, paths in artifacts().items():

    rule:
        name:
            artifact
        input:
            paths,
