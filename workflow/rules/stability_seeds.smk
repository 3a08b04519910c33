"""Which seeds are compared, on whose claims, and what the job of a seed is told."""

STABILITY = config["stability"]
SEEDS = [config["seed"] + step for step in range(STABILITY["seeds"])]
COMPARED = [name for name in EVIDENCE if name in STABILITY["experiments"]]
OWN_SCORES = [f"{RESULTS}/{name}/score.csv" for name in COMPARED]
SNAKEFILE = os.path.relpath(WORKFLOW.parent / "Snakefile")


def reseeded(wildcards):
    """The whole configuration, with another seed and another folder of results."""
    folder = f"{RESULTS}/stability/{wildcards.seed}"
    return config | {"seed": int(wildcards.seed), "results": folder}


def code_of_scores(wildcards):
    """The program, and every file of the repository that scores are made from."""
    rules_read = [
        SNAKEFILE,
        *sorted(map(os.path.relpath, WORKFLOW.glob("rules/*.smk"))),
    ]
    jobs = [WRITERS.of(record) for _, record, _ in WRITERS.behind(OWN_SCORES)]
    read = (
        str(path)
        for made_by in jobs
        for path in made_by.rule.expand_input(dict(made_by.wildcards))[0]
    )
    repository = [path for path in read if WRITERS.of(path) is None]
    return [*code("scripts/stability/seed.py"), *dict.fromkeys(rules_read + repository)]


def memory_of_all(wildcards, attempt, threads):
    """As much as the jobs ask for that run at a time, on a thread each; in MB."""
    return 3000 * threads * attempt
