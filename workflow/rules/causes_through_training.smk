"""Through training: when do networks compress, and when can their robustness be told?"""

THROUGH = CAUSES["through_training"]
THROUGH_MEASURES = f"{RESULTS}/causes/through_training/{{activation}}"
THROUGH_STAMPED = ["linear.column_scale", "linear.width", "relu.width"]


rule causes_through_training:
    input:
        **made(matrices=f"{RESULTS}/linear/draw/d{THROUGH['dimension']}.safetensors"),
        code=code("scripts/causes/through_training.py"),
    output:
        **traces(THROUGH_MEASURES),
        measures=f"{THROUGH_MEASURES}.csv",
    log:
        f"{RESULTS}/logs/causes_through_training/{{activation}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/causes_through_training/{{activation}}.tsv"
    wildcard_constraints:
        activation="linear|relu",
    cache: CACHING
    conda:
        "../../envs/attack.yaml"
    threads: 1
    resources:
        **need(2000, 60),
    params:
        **job(
            activation=lambda wildcards: wildcards.activation,
            column_scale=LINEAR["column_scale"],
            networks=lambda wildcards: THROUGH[f"{wildcards.activation}_networks"],
            width=lambda wildcards: config[wildcards.activation]["width"],
            epochs=THROUGH["epochs"],
            batch_size=THROUGH["batch_size"],
            learning_rate=THROUGH["learning_rate"],
            checkpoints=THROUGH["checkpoints"],
            pairs=THROUGH["pairs"],
            attack_steps=THROUGH["attack_steps"],
            seed=config["seed"],
        ),
    shell:
        JOB


CAUSES_RESULTS["through_training"] = [
    f"{THROUGH_MEASURES.format(activation=name)}.csv" for name in ("linear", "relu")
]
CAUSES_STAMPED += THROUGH_STAMPED

notebook(
    "causes_through_training",
    inputs={"measures": CAUSES_RESULTS["through_training"]},
    outputs={
        "table": rendered(
            "causes_through_training", CAUSES_PAGES, "Through training: as numbers"
        ),
        "order": rendered(
            "causes_through_training_order",
            CAUSES_PAGES,
            "Through training: what comes first",
        ),
        "curves": drawn(
            "causes_through_training_curves", CAUSES_PAGES, "Through training"
        ),
    },
    stamped=["seed", "causes.through_training", *THROUGH_STAMPED],
)
