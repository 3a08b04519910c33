"""Linear networks: Theorem 6, Tables 1 and 2, Figure 2 (section 6 of the paper)."""


include: "linear_cells.smk"


rule linear_data:
    input:
        code=code("scripts/draw_matrices.py"),
    output:
        matrices=f"{RESULTS}/linear/matrices/d{{d}}.safetensors",
        provenance=f"{RESULTS}/linear/matrices/d{{d}}.json",
    log:
        f"{RESULTS}/logs/linear_data/d{{d}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/linear_data/d{{d}}.tsv"
    cache: CACHING
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        dimension=lambda wildcards: wildcards.d,
        n_matrices=LINEAR["max_attempts"],
        seed=config["seed"],
    shell:
        "python {input.code[0]} --dimension {params.dimension} --count {params.n_matrices} "
        "--seed {params.seed} --output {output.matrices} --provenance {output.provenance} "
        "> {log} 2>&1"


rule linear_train:
    input:
        code=code("scripts/train_linear.py"),
        matrices=rules.linear_data.output.matrices,
    output:
        weights=f"{RESULTS}/linear/networks/{LINEAR_CELL}.safetensors",
        provenance=f"{RESULTS}/linear/networks/{LINEAR_CELL}.json",
    log:
        f"{RESULTS}/logs/linear_train/{LINEAR_CELL}.log",
    benchmark:
        f"{RESULTS}/benchmarks/linear_train/{LINEAR_CELL}.tsv"
    cache: CACHING
    conda:
        "../../envs/torch.yaml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(60),
        gpu=1,
    params:
        column_scale=LINEAR["column_scale"],
        width=LINEAR["width"],
        epochs=LINEAR["epochs"],
        cells=linear_together,
        min_runs=lambda wildcards: linear_runs(wildcards)[0],
        min_valid=lambda wildcards: linear_runs(wildcards)[1],
        seed=config["seed"],
    shell:
        "python {input.code[0]} --matrices {input.matrices} --column-scale {params.column_scale} "
        "--width {params.width} --epochs {params.epochs} --cells {params.cells} "
        "--min-runs {params.min_runs} "
        "--min-valid {params.min_valid} --seed {params.seed} --device $(device {resources.gpu}) "
        "--output {output.weights} --provenance {output.provenance} > {log} 2>&1"


rule linear_measure:
    input:
        code=code("scripts/measure_linear.py"),
        matrices=rules.linear_data.output.matrices,
        weights=rules.linear_train.output.weights,
    output:
        measures=f"{RESULTS}/linear/measures/{LINEAR_CELL}.csv",
        provenance=f"{RESULTS}/linear/measures/{LINEAR_CELL}.json",
    log:
        f"{RESULTS}/logs/linear_measure/{LINEAR_CELL}.log",
    benchmark:
        f"{RESULTS}/benchmarks/linear_measure/{LINEAR_CELL}.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(20),
    params:
        column_scale=LINEAR["column_scale"],
    shell:
        "python {input.code[0]} --matrices {input.matrices} --weights {input.weights} "
        "--column-scale {params.column_scale} --output {output.measures} "
        "--provenance {output.provenance} > {log} 2>&1"


rule linear_classifiers:
    input:
        code=code("scripts/solve_classifiers.py"),
        matrices=rules.linear_data.output.matrices,
    output:
        classifiers=f"{RESULTS}/linear/classifiers/d{{d}}.csv",
        provenance=f"{RESULTS}/linear/classifiers/d{{d}}.json",
    log:
        f"{RESULTS}/logs/linear_classifiers/d{{d}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/linear_classifiers/d{{d}}.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(30),
    params:
        column_scales=LINEAR["classifiers"]["column_scales"],
        n_matrices=LINEAR["classifiers"]["n_matrices"],
        n_points=LINEAR["classifiers"]["n_points"],
        seed=config["seed"],
    shell:
        "python {input.code[0]} --matrices {input.matrices} "
        "--column-scales {params.column_scales} --count {params.n_matrices} --points {params.n_points} "
        "--seed {params.seed} --output {output.classifiers} --provenance {output.provenance} "
        "> {log} 2>&1"


rule linear_feasibility:
    input:
        code=code("scripts/solve_feasibility.py"),
        printed=f"{PAPER}/table_1.csv",
    output:
        feasibility=f"{RESULTS}/linear/feasibility.csv",
        provenance=f"{RESULTS}/linear/feasibility.json",
    log:
        f"{RESULTS}/logs/linear_feasibility.log",
    benchmark:
        f"{RESULTS}/benchmarks/linear_feasibility.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        paper=subpath(input.printed, parent=True),
        dimension=LINEAR["table_dimension"],
        column_scale=LINEAR["column_scale"],
        n_matrices=LINEAR["feasibility"]["n_matrices"],
        seed=config["seed"],
    shell:
        "python {input.code[0]} --paper {params.paper} --experiment 7 "
        "--dimension {params.dimension} --column-scale {params.column_scale} "
        "--count {params.n_matrices} --seed {params.seed} --output {output.feasibility} "
        "--provenance {output.provenance} > {log} 2>&1"


rule linear_score:
    input:
        code=code("scripts/score_linear.py"),
        claims=f"{PAPER}/claims.csv",
        measures=LINEAR_BY_DIMENSION,
        classifiers=expand(
            rules.linear_classifiers.output.classifiers, d=LINEAR["table_dimension"]
        ),
        feasibility=rules.linear_feasibility.output.feasibility,
        printed=expand(f"{PAPER}/table_{{n}}.csv", n=[1, 2]),
    output:
        scores=f"{RESULTS}/linear/scores.csv",
        provenance=f"{RESULTS}/linear/scores.json",
    log:
        f"{RESULTS}/logs/linear_score.log",
    benchmark:
        f"{RESULTS}/benchmarks/linear_score.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        paper=subpath(input.claims, parent=True),
        table_dimension=LINEAR["table_dimension"],
        column_scale=LINEAR["column_scale"],
        aligned_above=LINEAR["aligned_above"],
        n_runs=LINEAR["n_runs"],
    shell:
        "python {input.code[0]} --paper {params.paper} --measures {input.measures} "
        "--classifiers {input.classifiers} --feasibility {input.feasibility} "
        "--table-dimension {params.table_dimension} --column-scale {params.column_scale} "
        "--aligned-above {params.aligned_above} --n-runs {params.n_runs} "
        "--output {output.scores} --provenance {output.provenance} > {log} 2>&1"
