"""ReLU networks: inputs, tables and figures of their notebooks."""

notebook(
    "relu",
    inputs={
        "measures": relu_measures(RELU_TABLE),
        "attempts": relu_attempts(RELU_TABLE),
        "printed": f"{PAPER}/table_3.csv",
    },
    outputs={
        "table_3": rendered("table_3", RELU_PAGES, "Table 3"),
        "by_alpha": drawn("relu_alpha", RELU_PAGES, "Table 3 as a figure"),
        "flat": drawn("relu_flat", RELU_PAGES, "Is ρ flat in α?"),
    },
    stamped=[*RELU_TRAINING, *RELU_DEFAULT, "relu.dimension", "relu.alphas"],
    dimension=RELU["dimension"],
)

notebook(
    "relu_attack",
    inputs={
        "attacks": relu_attacks(RELU_ATTACKED),
        "printed": f"{PAPER}/table_4.csv",
    },
    outputs={
        "table_4": rendered("table_4", RELU_PAGES, "Table 4"),
        "match": drawn("relu_match", RELU_PAGES, "|cos θt| and δ/m, point by point"),
        "brackets": drawn(
            "relu_brackets", RELU_PAGES, "Certificate and attack at each point"
        ),
        "compared": rendered("relu_attacks", RELU_PAGES, "Attacks compared"),
    },
    stamped=[*RELU_TRAINING, *RELU_DEFAULT, "relu.attack_dimension", "relu.attack"],
    dimension=RELU["attack_dimension"],
)

notebook(
    "relu_conditions",
    inputs={
        "depth_attempts": [relu_attempts(cell) for cell in RELU_DEPTH],
        "depth_measures": [relu_measures(cell) for cell in RELU_DEPTH],
        "grid_attempts": [relu_attempts(cell) for cell in RELU_GRID],
        "grid_measures": [relu_measures(cell) for cell in RELU_GRID],
        "attacks": [relu_attacks(cell) for cell in RELU_ALL_ATTACKED],
    },
    outputs={
        "depth": rendered("relu_depth", RELU_PAGES, "More layers"),
        "phi": drawn("relu_phi", RELU_PAGES, "ρ and φ, network by network"),
        "sensitivity": rendered(
            "relu_sensitivity", RELU_PAGES, "Batch size and learning rate"
        ),
        "robustness": rendered(
            "relu_robustness", RELU_PAGES, "Attack, certificate, optimum, chance"
        ),
    },
    stamped=["seed", "relu"],
    dimension=RELU["dimension"],
    depth_conditions=[relu_condition(cell) for cell in RELU_DEPTH],
    grid_conditions=[relu_condition(cell) for cell in RELU_GRID],
    attacked=[relu_attacked(cell) for cell in RELU_ALL_ATTACKED],
)
