"""Linear networks: Theorem 6, Tables 1 and 2, Figure 2 (section 6 of the paper)."""


include: "linear_cells.smk"


rule linear_draw:
    input:
        code=code("scripts/linear/draw.py"),
    output:
        **traces(f"{RESULTS}/linear/draw/d{{d}}"),
        matrices=f"{RESULTS}/linear/draw/d{{d}}.safetensors",
    log:
        f"{RESULTS}/logs/linear_draw/d{{d}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/linear_draw/d{{d}}.tsv"
    cache: CACHING
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        **need(1000, 10),
    params:
        **job(
            dimension=lambda wildcards: int(wildcards.d),
            n_matrices=LINEAR["max_attempts"],
            seed=config["seed"],
        ),
    shell:
        JOB


rule linear_train:
    input:
        **made(matrices=rules.linear_draw.output.matrices),
        code=code("scripts/linear/train.py"),
    output:
        **traces(f"{RESULTS}/linear/train/{LINEAR_CELL}"),
        weights=f"{RESULTS}/linear/train/{LINEAR_CELL}.safetensors",
    log:
        f"{RESULTS}/logs/linear_train/{LINEAR_CELL}.log",
    benchmark:
        f"{RESULTS}/benchmarks/linear_train/{LINEAR_CELL}.tsv"
    cache: CACHING
    conda:
        "../../envs/torch.yaml"
    threads: 1
    resources:
        **need(2000, 60, gpu=1),
    params:
        **job(
            column_scale=linear_scale,
            width=LINEAR["width"],
            epochs=LINEAR["epochs"],
            cells=linear_together,
            min_runs=lambda wildcards: linear_runs(wildcards)[0],
            min_valid=lambda wildcards: linear_runs(wildcards)[1],
            seed=config["seed"],
        ),
    shell:
        JOB


rule linear_measure:
    input:
        **made(
            matrices=rules.linear_draw.output.matrices,
            weights=rules.linear_train.output.weights,
        ),
        code=code("scripts/linear/measure.py"),
    output:
        **traces(f"{RESULTS}/linear/measure/{LINEAR_CELL}"),
        measures=f"{RESULTS}/linear/measure/{LINEAR_CELL}.csv",
    log:
        f"{RESULTS}/logs/linear_measure/{LINEAR_CELL}.log",
    benchmark:
        f"{RESULTS}/benchmarks/linear_measure/{LINEAR_CELL}.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        **need(2000, 20),
    params:
        **job(column_scale=linear_scale),
    shell:
        JOB


rule linear_classifiers:
    input:
        **made(matrices=rules.linear_draw.output.matrices),
        code=code("scripts/linear/classifiers.py"),
    output:
        **traces(f"{RESULTS}/linear/classifiers/d{{d}}"),
        classifiers=f"{RESULTS}/linear/classifiers/d{{d}}.csv",
    log:
        f"{RESULTS}/logs/linear_classifiers/d{{d}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/linear_classifiers/d{{d}}.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        **need(1000, 30),
    params:
        **job(
            column_scales=LINEAR["classifiers"]["column_scales"],
            n_matrices=LINEAR["classifiers"]["n_matrices"],
            n_points=LINEAR["classifiers"]["n_points"],
            seed=config["seed"],
        ),
    shell:
        JOB


rule linear_feasibility:
    input:
        code=code("scripts/linear/feasibility.py"),
        printed=f"{PAPER}/table_1.csv",
    output:
        **traces(f"{RESULTS}/linear/feasibility"),
        feasibility=f"{RESULTS}/linear/feasibility.csv",
    log:
        f"{RESULTS}/logs/linear_feasibility.log",
    benchmark:
        f"{RESULTS}/benchmarks/linear_feasibility.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        **need(1000, 10),
    params:
        **job(
            experiment=7,  # Table 1's outlier
            dimension=LINEAR["table_dimension"],
            column_scale=LINEAR["column_scale"],
            n_matrices=LINEAR["feasibility"]["n_matrices"],
            seed=config["seed"],
        ),
    shell:
        JOB


evidence(
    "linear",
    "fragility.experiments.linear.evidence",
    inputs={
        "measures": LINEAR_BY_DIMENSION,
        "unscaled": LINEAR_UNSCALED,
        "classifiers": LINEAR_SOLVED.format(d=LINEAR["table_dimension"]),
        "feasibility": rules.linear_feasibility.output.feasibility,
        "printed": f"{PAPER}/table_1.csv",
    },
    table_dimension=LINEAR["table_dimension"],
    column_scale=LINEAR["column_scale"],
    aligned_above=LINEAR["aligned_above"],
    n_runs=LINEAR["n_runs"],
    wanted={str(d): LINEAR_NEEDS[linear_cell(d)] for d in LINEAR["dimensions"]},
)
