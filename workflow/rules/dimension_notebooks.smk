"""The second paper: inputs, tables and figures of its notebook."""

notebook(
    "dimension",
    inputs={
        "initial": rules.dimension_initial.output.initial,
        "measures": dimension_files("measure", ".csv"),
        "gaps": dimension_files("measure", ".gaps.csv"),
        "costs": dimension_files("measure", ".cost.csv"),
    },
    outputs={
        "slopes": rendered(
            "dimension_slopes", DIMENSION_PAGES, "Slopes at initialisation"
        ),
        "closed": rendered(
            "dimension_closed", DIMENSION_PAGES, "Closed forms at initialisation"
        ),
        "at_start": drawn("dimension_initial", DIMENSION_PAGES, "At initialisation"),
        "growth": rendered(
            "dimension_growth", DIMENSION_PAGES, "Growth after training"
        ),
        "sizes": drawn("dimension_sizes", DIMENSION_PAGES, "After training"),
        "trained": rendered("dimension_trained", DIMENSION_PAGES, "All conditions"),
        "curves": drawn("dimension_curves", DIMENSION_PAGES, "Regularisers"),
        "cost": drawn("dimension_cost", DIMENSION_PAGES, "Cost per image"),
        "equal": rendered(
            "dimension_gaps", DIMENSION_PAGES, "Penalty and augmentation"
        ),
    },
    stamped=["seed", "dimension"],
    topologies=DIMENSION["sizes"]["topologies"],
    robust=DIMENSION["sizes"]["robust"],
    epsilon=DIMENSION["attack"]["epsilon"],
    seed=config["seed"],
)
