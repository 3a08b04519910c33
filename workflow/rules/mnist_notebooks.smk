"""MNIST: inputs, tables and figures of its notebooks."""

notebook(
    "mnist",
    inputs={
        "measures": MNIST_MEASURES,
        "pictures": f"{RESULTS}/mnist/measure/0.safetensors",
        "printed": [f"{PAPER}/table_5.csv", f"{PAPER}/table_6.csv"],
    },
    outputs={
        "table_5": rendered("table_5", MNIST_PAGES, "Table 5"),
        "table_6": rendered("table_6", MNIST_PAGES, "Table 6"),
        "figure_3": drawn("figure_3", MNIST_PAGES, "Figure 3"),
        "along": drawn("mnist_along", MNIST_PAGES, "Table 6 as a figure"),
        "strips": drawn(
            "mnist_strips", MNIST_PAGES, "From seven to one, image by image"
        ),
    },
    stamped=["seed", "mnist"],
    seed=config["seed"],
)

notebook(
    "mnist_sevens",
    inputs={
        "measures": MNIST_MEASURES,
        "masks": [f"{RESULTS}/mnist/block/{index}.csv" for index in MNIST_NETWORKS],
        "accuracies": [
            f"{RESULTS}/mnist/train/{index}.csv" for index in MNIST_NETWORKS
        ],
        "printed": f"{PAPER}/table_5.csv",
    },
    outputs={
        "relations": rendered("mnist_relations", MNIST_PAGES, "What predicts Q"),
        "scatter": drawn("mnist_scatter", MNIST_PAGES, "Q against M and cos θt"),
        "networks": rendered("mnist_networks", MNIST_PAGES, "Over networks"),
        "attacks": rendered(
            "mnist_attacks", MNIST_PAGES, "Attacks on the sevens compared"
        ),
        "gradients": rendered(
            "mnist_gradients", MNIST_PAGES, "How much the gradient changes"
        ),
    },
    stamped=["seed", "mnist"],
    seed=config["seed"],
)
