"""Linear networks: inputs, tables and figures of their notebooks."""

notebook(
    "linear",
    inputs={
        "measures": LINEAR_TABLE,
        "printed": [f"{PAPER}/table_1.csv", f"{PAPER}/table_2.csv"],
    },
    outputs={
        "table_1": rendered("table_1", LINEAR_PAGES, "Table 1"),
        "table_2": rendered("table_2", LINEAR_PAGES, "Table 2"),
        "perturbations": rendered(
            "linear_perturbations", LINEAR_PAGES, "Exact smallest perturbations"
        ),
        "scatter": drawn("linear_scatter", LINEAR_PAGES, "Network by network"),
    },
    stamped=[
        *LINEAR_TRAINING,
        *LINEAR_DEFAULT,
        "linear.table_dimension",
        "linear.n_runs",
    ],
    n_runs=LINEAR["n_runs"],
    aligned_above=LINEAR["aligned_above"],
)

notebook(
    "linear_dimension",
    inputs={
        "measures": LINEAR_BY_DIMENSION,
        "both_batches": LINEAR_BOTH_BATCHES,
        "training": LINEAR_TRAINED_BY_DIMENSION,
    },
    outputs={
        "figure_2": drawn("figure_2", LINEAR_PAGES, "Figure 2"),
        "by_dimension": rendered(
            "linear_by_dimension", LINEAR_PAGES, "Figure 2, as numbers"
        ),
        "by_batch": rendered(
            "linear_by_batch", LINEAR_PAGES, "What the batch size does, by dimension"
        ),
        "cost": drawn("linear_cost", LINEAR_PAGES, "Cost of a network by dimension"),
    },
    stamped=[
        *LINEAR_TRAINING,
        *LINEAR_DEFAULT,
        "linear.dimensions",
        "linear.table_dimension",
        "linear.n_runs",
    ],
    aligned_above=LINEAR["aligned_above"],
    epochs=LINEAR["epochs"],
)

notebook(
    "linear_sensitivity",
    inputs={"measures": LINEAR_GRID},
    outputs={
        "grid": rendered(
            "linear_sensitivity", LINEAR_PAGES, "Sensitivity to the open choices"
        ),
        "heatmap": drawn(
            "linear_sensitivity", LINEAR_PAGES, "Sensitivity to the open choices"
        ),
    },
    stamped=[
        *LINEAR_TRAINING,
        "linear.table_dimension",
        "linear.sensitivity",
        "linear.aligned_above",
    ],
    n_runs=LINEAR["sensitivity"]["n_runs"],
    aligned_above=LINEAR["aligned_above"],
    batch_size=LINEAR["batch_size"],
    learning_rate=LINEAR["learning_rate"],
    batch_sizes=LINEAR["sensitivity"]["batch_sizes"],
    learning_rates=LINEAR["sensitivity"]["learning_rates"],
)

notebook(
    "linear_classifiers",
    inputs={
        "classifiers": [LINEAR_SOLVED.format(d=d) for d in LINEAR["dimensions"]],
        "measures": LINEAR_TABLE,
        "scaled": LINEAR_SCALED,
        "as_drawn": LINEAR_UNSCALED,
        "feasibility": rules.linear_feasibility.output.feasibility,
        "printed": f"{PAPER}/table_1.csv",
    },
    outputs={
        "solved": rendered(
            "linear_classifiers", LINEAR_PAGES, "Optimal and max-margin classifiers"
        ),
        "max_margin": rendered(
            "linear_max_margin", LINEAR_PAGES, "Trained networks beside max-margin"
        ),
        "factor": rendered(
            "linear_without_factor", LINEAR_PAGES, "Trained without the factor 5"
        ),
        "optimal": drawn(
            "linear_optimal", LINEAR_PAGES, "The optimal classifier's radius"
        ),
        "run_7": drawn("linear_run_7", LINEAR_PAGES, "Is Table 1's run 7 possible?"),
    },
    stamped=[
        *LINEAR_TRAINING,
        *LINEAR_DEFAULT,
        *(
            f"linear.{key}"
            for key in ("dimensions", "classifiers", "feasibility", "unscaled")
        ),
    ],
    table_dimension=LINEAR["table_dimension"],
    column_scale=LINEAR["column_scale"],
    aligned_above=LINEAR["aligned_above"],
    unscaled=LINEAR["unscaled"],
)
