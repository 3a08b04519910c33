"""ImageNet: inputs, tables and figures of its notebooks."""

notebook(
    "imagenet",
    inputs={
        "measures": f"{RESULTS}/imagenet/measure/{IMAGENET_FIRST}/measures.csv",
        "along": f"{RESULTS}/imagenet/measure/{IMAGENET_FIRST}/along.csv",
        "pictures": f"{RESULTS}/imagenet/measure/{IMAGENET_FIRST}/pictures.safetensors",
        "printed": [f"{PAPER}/table_7.csv", f"{PAPER}/table_8.csv"],
    },
    outputs={
        "table_7": rendered("table_7", IMAGENET_PAGES, "Table 7"),
        "table_8": rendered("table_8", IMAGENET_PAGES, "Table 8"),
        "figure_4": drawn("figure_4", IMAGENET_PAGES, "Figure 4"),
        "figure_5": drawn("figure_5", IMAGENET_PAGES, "Figure 5"),
        "figure_6": drawn("figure_6", IMAGENET_PAGES, "Figure 6"),
        "panels": drawn("imagenet_panels", IMAGENET_PAGES, "Photos and perturbations"),
    },
    stamped=["seed", "imagenet"],
    scale=IMAGENET["scale"],
)

notebook(
    "imagenet_networks",
    inputs={
        "measures": imagenet_all("measure", "measures.csv"),
        "steps": imagenet_all("measure", "steps.csv"),
        "photos": imagenet_all("choose", "photos.csv"),
    },
    outputs={
        "networks": rendered("imagenet_networks", IMAGENET_PAGES, "Over networks"),
        "step_sizes": rendered(
            "imagenet_steps", IMAGENET_PAGES, "Q by the attack's step"
        ),
        "by_step": drawn(
            "imagenet_by_step", IMAGENET_PAGES, "Q by the attack's step, as a figure"
        ),
    },
    stamped=["seed", "imagenet"],
    scale=IMAGENET["scale"],
)

if IMAGENET_RELATED:
    notebook(
        "imagenet_pairs",
        inputs={
            "pairs": imagenet_all("compare", "pairs.csv", IMAGENET_RELATED),
            "printed": f"{PAPER}/table_8.csv",
        },
        outputs={
            "relations": rendered(
                "imagenet_relations", IMAGENET_PAGES, "What predicts Q, over all pairs"
            ),
            "scatter": drawn(
                "imagenet_scatter", IMAGENET_PAGES, "Q against M, all pairs"
            ),
            "chance": rendered(
                "imagenet_chance", IMAGENET_PAGES, "|cos| against chance"
            ),
            "against_chance": drawn(
                "imagenet_against_chance",
                IMAGENET_PAGES,
                "|cos| against chance, as a figure",
            ),
            "gradients": rendered(
                "imagenet_gradients", IMAGENET_PAGES, "How much the gradient changes"
            ),
        },
        stamped=["seed", "imagenet"],
        seed=config["seed"],
    )
