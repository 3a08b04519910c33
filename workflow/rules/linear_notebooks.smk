"""Linear networks: the notebooks that render tables and figures, and the named targets."""


rule linear_tables_notebook:
    input:
        code=notebook_code("linear"),
        notebook=os.path.relpath(WORKFLOW / "notebooks/linear.ipynb"),
        captions=captions(
            "table_1", "table_2", "linear_perturbations", "linear_scatter"
        ),
        measures=LINEAR_TABLE,
        printed=expand(f"{PAPER}/table_{{n}}.csv", n=[1, 2]),
    output:
        notebook=f"{RESULTS}/notebooks/linear.ipynb",
        provenance=f"{RESULTS}/notebooks/linear.json",
        table_1=rendered("table_1", LINEAR_PAGES, "Table 1"),
        table_2=rendered("table_2", LINEAR_PAGES, "Table 2"),
        perturbations=rendered(
            "linear_perturbations", LINEAR_PAGES, "Exact smallest perturbations"
        ),
        scatter=drawn("linear_scatter", LINEAR_PAGES, "Network by network"),
    log:
        f"{RESULTS}/logs/linear_tables_notebook.log",
    benchmark:
        f"{RESULTS}/benchmarks/linear_tables_notebook.tsv"
    conda:
        "../../envs/notebook.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
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
        training=[
            f"{RESULTS}/linear/networks/{linear_cell(d)}.json"
            for d in LINEAR["dimensions"]
        ],
    output:
        notebook=f"{RESULTS}/notebooks/linear_dimension.ipynb",
        provenance=f"{RESULTS}/notebooks/linear_dimension.json",
        figure_2=drawn("figure_2", LINEAR_PAGES, "Figure 2"),
        by_dimension=rendered(
            "linear_by_dimension", LINEAR_PAGES, "Figure 2, as numbers"
        ),
        cost=drawn("linear_cost", LINEAR_PAGES, "Cost of a network by dimension"),
    log:
        f"{RESULTS}/logs/linear_dimension_notebook.log",
    benchmark:
        f"{RESULTS}/benchmarks/linear_dimension_notebook.tsv"
    conda:
        "../../envs/notebook.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        parameters=notebook_parameters(
            stamp(
                *LINEAR_TRAINING, *LINEAR_DEFAULT, "linear.dimensions", "linear.n_runs"
            ),
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
        grid=rendered(
            "linear_sensitivity", LINEAR_PAGES, "Sensitivity to the open choices"
        ),
        heatmap=drawn(
            "linear_sensitivity", LINEAR_PAGES, "Sensitivity to the open choices"
        ),
    log:
        f"{RESULTS}/logs/linear_sensitivity_notebook.log",
    benchmark:
        f"{RESULTS}/benchmarks/linear_sensitivity_notebook.tsv"
    conda:
        "../../envs/notebook.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
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
        captions=captions(
            "linear_classifiers", "linear_max_margin", "linear_optimal", "linear_run_7"
        ),
        classifiers=expand(
            rules.linear_classifiers.output.classifiers, d=LINEAR["dimensions"]
        ),
        measures=LINEAR_TABLE,
        feasibility=rules.linear_feasibility.output.feasibility,
        printed=f"{PAPER}/table_1.csv",
    output:
        notebook=f"{RESULTS}/notebooks/linear_classifiers.ipynb",
        provenance=f"{RESULTS}/notebooks/linear_classifiers.json",
        classifiers=rendered(
            "linear_classifiers", LINEAR_PAGES, "Optimal and max-margin classifiers"
        ),
        max_margin=rendered(
            "linear_max_margin", LINEAR_PAGES, "Trained networks beside max-margin"
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
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        parameters=notebook_parameters(
            stamp(
                *LINEAR_TRAINING,
                *LINEAR_DEFAULT,
                *("linear.dimensions", "linear.classifiers", "linear.feasibility"),
            ),
            table_dimension=LINEAR["table_dimension"],
            column_scale=LINEAR["column_scale"],
            aligned_above=LINEAR["aligned_above"],
        ),
    shell:
        NOTEBOOK


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
