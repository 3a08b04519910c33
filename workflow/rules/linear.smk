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
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        n_matrices=LINEAR["max_attempts"],
        seed=config["seed"],
    shell:
        "python {input.code[0]} --dimension {wildcards.d} --count {params.n_matrices} "
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
    conda:
        "../../envs/torch.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
        gpu=1,
    params:
        column_scale=LINEAR["column_scale"],
        width=LINEAR["width"],
        epochs=LINEAR["epochs"],
        min_runs=lambda wildcards: linear_runs(wildcards)[0],
        min_valid=lambda wildcards: linear_runs(wildcards)[1],
        seed=config["seed"],
    shell:
        "python {input.code[0]} --matrices {input.matrices} --column-scale {params.column_scale} "
        "--width {params.width} --epochs {params.epochs} --batch-size {wildcards.batch} "
        "--learning-rate {wildcards.rate} --min-runs {params.min_runs} "
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
        mem_mb=2000,
        runtime=20,
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
        mem_mb=1000,
        runtime=30,
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
        mem_mb=1000,
        runtime=10,
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


rule linear_tables_notebook:
    input:
        code=notebook_code("linear"),
        notebook=os.path.relpath(WORKFLOW / "notebooks/linear.ipynb"),
        captions=captions("table_1", "table_2", "linear_perturbations", "linear_scatter"),
        measures=LINEAR_TABLE,
        printed=expand(f"{PAPER}/table_{{n}}.csv", n=[1, 2]),
    output:
        notebook=f"{RESULTS}/notebooks/linear.ipynb",
        provenance=f"{RESULTS}/notebooks/linear.json",
        table_1=rendered("table_1", LINEAR_PAGES, "Table 1"),
        table_2=rendered("table_2", LINEAR_PAGES, "Table 2"),
        perturbations=rendered("linear_perturbations", LINEAR_PAGES, "Exact smallest perturbations"),
        scatter=drawn("linear_scatter", LINEAR_PAGES, "Network by network"),
    log:
        f"{RESULTS}/logs/linear_tables_notebook.log",
    benchmark:
        f"{RESULTS}/benchmarks/linear_tables_notebook.tsv"
    conda:
        "../../envs/notebook.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        parameters=notebook_parameters(
            stamp(
                *LINEAR_TRAINING,
                *LINEAR_DEFAULT,
                "linear.table_dimension",
                "linear.n_runs",
            ),
            n_runs=LINEAR["n_runs"],
            aligned_above=LINEAR["aligned_above"],
        ),
    shell:
        NOTEBOOK


rule linear_dimension_notebook:
    input:
        code=notebook_code("linear_dimension"),
        notebook=os.path.relpath(WORKFLOW / "notebooks/linear_dimension.ipynb"),
        captions=captions("figure_2", "linear_by_dimension", "linear_cost"),
        measures=LINEAR_BY_DIMENSION,
        training=[f"{RESULTS}/linear/networks/{linear_cell(d)}.json" for d in LINEAR["dimensions"]],
    output:
        notebook=f"{RESULTS}/notebooks/linear_dimension.ipynb",
        provenance=f"{RESULTS}/notebooks/linear_dimension.json",
        figure_2=drawn("figure_2", LINEAR_PAGES, "Figure 2"),
        by_dimension=rendered("linear_by_dimension", LINEAR_PAGES, "Figure 2, as numbers"),
        cost=drawn("linear_cost", LINEAR_PAGES, "Cost of a network by dimension"),
    log:
        f"{RESULTS}/logs/linear_dimension_notebook.log",
    benchmark:
        f"{RESULTS}/benchmarks/linear_dimension_notebook.tsv"
    conda:
        "../../envs/notebook.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        parameters=notebook_parameters(
            stamp(*LINEAR_TRAINING, *LINEAR_DEFAULT, "linear.dimensions", "linear.n_runs"),
            aligned_above=LINEAR["aligned_above"],
        ),
    shell:
        NOTEBOOK


rule linear_sensitivity_notebook:
    input:
        code=notebook_code("linear_sensitivity"),
        notebook=os.path.relpath(WORKFLOW / "notebooks/linear_sensitivity.ipynb"),
        captions=captions("linear_sensitivity"),
        measures=LINEAR_GRID,
    output:
        notebook=f"{RESULTS}/notebooks/linear_sensitivity.ipynb",
        provenance=f"{RESULTS}/notebooks/linear_sensitivity.json",
        grid=rendered("linear_sensitivity", LINEAR_PAGES, "Sensitivity to the open choices"),
        heatmap=drawn("linear_sensitivity", LINEAR_PAGES, "Sensitivity to the open choices"),
    log:
        f"{RESULTS}/logs/linear_sensitivity_notebook.log",
    benchmark:
        f"{RESULTS}/benchmarks/linear_sensitivity_notebook.tsv"
    conda:
        "../../envs/notebook.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        parameters=notebook_parameters(
            stamp(*LINEAR_TRAINING, "linear.table_dimension", "linear.sensitivity"),
            n_runs=LINEAR["sensitivity"]["n_runs"],
            aligned_above=LINEAR["aligned_above"],
            batch_size=LINEAR["batch_size"],
            learning_rate=LINEAR["learning_rate"],
            batch_sizes=LINEAR["sensitivity"]["batch_sizes"],
            learning_rates=LINEAR["sensitivity"]["learning_rates"],
        ),
    shell:
        NOTEBOOK


rule linear_classifiers_notebook:
    input:
        code=notebook_code("linear_classifiers"),
        notebook=os.path.relpath(WORKFLOW / "notebooks/linear_classifiers.ipynb"),
        captions=captions("linear_classifiers", "linear_optimal", "linear_run_7"),
        classifiers=expand(rules.linear_classifiers.output.classifiers, d=LINEAR["dimensions"]),
        measures=LINEAR_TABLE,
        feasibility=rules.linear_feasibility.output.feasibility,
        printed=f"{PAPER}/table_1.csv",
    output:
        notebook=f"{RESULTS}/notebooks/linear_classifiers.ipynb",
        provenance=f"{RESULTS}/notebooks/linear_classifiers.json",
        classifiers=rendered(
            "linear_classifiers", LINEAR_PAGES, "Optimal and max-margin classifiers"
        ),
        optimal=drawn("linear_optimal", LINEAR_PAGES, "The optimal classifier's radius"),
        run_7=drawn("linear_run_7", LINEAR_PAGES, "Is Table 1's run 7 possible?"),
    log:
        f"{RESULTS}/logs/linear_classifiers_notebook.log",
    benchmark:
        f"{RESULTS}/benchmarks/linear_classifiers_notebook.tsv"
    conda:
        "../../envs/notebook.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        parameters=notebook_parameters(
            stamp(
                *LINEAR_TRAINING,
                *LINEAR_DEFAULT,
                *("linear.dimensions", "linear.classifiers", "linear.feasibility"),
            ),
            table_dimension=LINEAR["table_dimension"],
            aligned_above=LINEAR["aligned_above"],
        ),
    shell:
        NOTEBOOK


rule linear_score:
    input:
        code=code("scripts/score_linear.py"),
        claims=f"{PAPER}/claims.csv",
        measures=LINEAR_BY_DIMENSION,
        classifiers=expand(rules.linear_classifiers.output.classifiers, d=LINEAR["table_dimension"]),
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
        mem_mb=1000,
        runtime=10,
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


LINEAR_RECORDS = [
    *expand(rules.linear_data.output.provenance, d=LINEAR["dimensions"]),
    *(f"{RESULTS}/linear/networks/{cell}.json" for cell in LINEAR_CELLS),
    *(f"{RESULTS}/linear/measures/{cell}.json" for cell in LINEAR_CELLS),
    *expand(rules.linear_classifiers.output.provenance, d=LINEAR["dimensions"]),
    rules.linear_feasibility.output.provenance,
    rules.linear_score.output.provenance,
    rules.linear_tables_notebook.output.provenance,
    rules.linear_dimension_notebook.output.provenance,
    rules.linear_sensitivity_notebook.output.provenance,
    rules.linear_classifiers_notebook.output.provenance,
]


rule table_1:
    input:
        rules.linear_tables_notebook.output.table_1,


rule table_2:
    input:
        rules.linear_tables_notebook.output.table_2,


rule figure_2:
    input:
        rules.linear_dimension_notebook.output.figure_2,


rule linear:
    input:
        rules.linear_tables_notebook.output,
        rules.linear_dimension_notebook.output,
        rules.linear_sensitivity_notebook.output,
        rules.linear_classifiers_notebook.output,
        rules.linear_score.output,
