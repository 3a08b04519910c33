"""Theorem 1's data: do trained networks satisfy condition (1), and how fragile are they?"""

ONE_HOT = CAUSES["one_hot"]
ONE_HOT_NETWORKS = [
    *(f"linear{layers}" for layers in ONE_HOT["linear_layers"]),
    *(f"relu{layers}" for layers in ONE_HOT["relu_layers"]),
]


rule causes_one_hot:
    input:
        code=code("scripts/causes/one_hot.py"),
    output:
        **traces(f"{RESULTS}/causes/one_hot/{{activation}}{{layers}}"),
        measures=f"{RESULTS}/causes/one_hot/{{activation}}{{layers}}.csv",
    log:
        f"{RESULTS}/logs/causes_one_hot/{{activation}}{{layers}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/causes_one_hot/{{activation}}{{layers}}.tsv"
    wildcard_constraints:
        activation="linear|relu",
        layers=r"\d+",
    cache: CACHING
    conda:
        "../../envs/attack.yaml"
    threads: 1
    resources:
        **need(2000, 60, gpu=1),
    params:
        **job(
            activation=lambda wildcards: wildcards.activation,
            layers=lambda wildcards: int(wildcards.layers),
            dimensions=lambda wildcards: ONE_HOT[f"{wildcards.activation}_dimensions"],
            width_ratio=lambda wildcards: ONE_HOT[
                "relu_width_ratio" if wildcards.activation == "relu" else "width_ratio"
            ],
            matrices=ONE_HOT["matrices"],
            steps=ONE_HOT["steps"],
            checkpoints=ONE_HOT["checkpoints"],
            learning_rate=ONE_HOT["learning_rate"],
            weight_decay=ONE_HOT["weight_decay"],
            points=ONE_HOT["points"],
            attack_steps=ONE_HOT["attack_steps"],
            seed=config["seed"],
        ),
    shell:
        JOB


CAUSES_RESULTS |= {
    "one_hot": [f"{RESULTS}/causes/one_hot/{name}.csv" for name in ONE_HOT_NETWORKS]
}

notebook(
    "causes_one_hot",
    inputs={"measures": CAUSES_RESULTS["one_hot"]},
    outputs={
        "table": rendered(
            "causes_one_hot", CAUSES_PAGES, "Theorem 1's data: after training"
        ),
        "dimensions": rendered(
            "causes_one_hot_dimension", CAUSES_PAGES, "Theorem 1's data: by dimension"
        ),
        "steps": rendered(
            "causes_one_hot_through", CAUSES_PAGES, "Theorem 1's data: through training"
        ),
        "slopes": rendered(
            "causes_one_hot_slopes", CAUSES_PAGES, "Theorem 1's data: slopes in d"
        ),
        "through": drawn(
            "causes_one_hot_through", CAUSES_PAGES, "Theorem 1's data: through training"
        ),
        "dimension": drawn(
            "causes_one_hot_dimension", CAUSES_PAGES, "Theorem 1's data: by dimension"
        ),
    },
    stamped=["seed", "causes.one_hot"],
)
