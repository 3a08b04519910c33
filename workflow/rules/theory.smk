"""The theory, statement by statement: closed forms compared with simulation, a job per statement."""

from fragility.statements import ON_NETWORKS, STATEMENTS, dimensions

THEORY = config["theory"]
THEORY_PAGES = "1 Theory"
THEORY_CHECK = f"{RESULTS}/theory/check/{{statement}}"


wildcard_constraints:
    statement="|".join(STATEMENTS),


rule theory_train:
    input:
        code=code("scripts/theory/train.py"),
    output:
        **traces(f"{RESULTS}/theory/train"),
        networks=f"{RESULTS}/theory/train.safetensors",
    log:
        f"{RESULTS}/logs/theory_train.log",
    benchmark:
        f"{RESULTS}/benchmarks/theory_train.tsv"
    cache: CACHING
    conda:
        "../../envs/torch.yaml"
    threads: 1
    resources:
        **need(2000, 30),
    params:
        **job(settings=THEORY["networks"], seed=config["seed"]),
    shell:
        JOB


rule theory_check:
    input:
        **made(
            networks=lambda wildcards: (
                [rules.theory_train.output.networks]
                if wildcards.statement in ON_NETWORKS
                else []
            )
        ),
        code=lambda wildcards: code(
            "scripts/theory/check.py",
            f"fragility.statements.{wildcards.statement}.check",
        ),
    output:
        **traces(THEORY_CHECK),
        rows=f"{THEORY_CHECK}.csv",
    log:
        f"{RESULTS}/logs/theory_check/{{statement}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/theory_check/{{statement}}.tsv"
    conda:
        "../../envs/torch.yaml"
    threads: 1
    resources:
        **need(2000, 30),
    params:
        **job(
            statement=lambda wildcards: wildcards.statement,
            settings=lambda wildcards: THEORY[wildcards.statement],
            seed=config["seed"],
        ),
    shell:
        JOB


THEORY_ROWS = [f"{THEORY_CHECK.format(statement=name)}.csv" for name in STATEMENTS]
# title, question, finding and caveats of each
THEORY_TEXTS = [
    os.path.relpath(WORKFLOW / f"fragility/statements/{name}/{name}.yaml")
    for name in STATEMENTS
]

notebook(
    "theory",
    inputs={
        "statements": THEORY_TEXTS,
        "rows": THEORY_ROWS,
        "records": [
            f"{THEORY_CHECK.format(statement=name)}.json" for name in STATEMENTS
        ],
    },
    outputs={
        "tables": [
            path
            for name, title in STATEMENTS.items()
            for path in rendered(name, THEORY_PAGES, f"{title}, as numbers")
        ],
        "figures": [
            path
            for name, title in STATEMENTS.items()
            for path in drawn(name, THEORY_PAGES, title)
        ],
        "cost": drawn("theory_cost", THEORY_PAGES, "What each statement costs"),
    },
    stamped=["seed", "theory"],
    also=[
        f"fragility.statements.{name}.{part}"
        for name in STATEMENTS
        for part in ("summary", "table", "figure")
    ],
    memory=2000,
)

evidence(
    "theory",
    "fragility.statements.evidence",
    inputs={"rows": THEORY_ROWS},
    also=[f"fragility.statements.{name}.evidence" for name in STATEMENTS],
    dimensions={name: dimensions(name, THEORY) for name in STATEMENTS},
)
