"""Theorem 6's data: training is changed; do compression and robustness move together?"""

from itertools import product

ROBUST = CAUSES["robust_training"]
ROBUST_CELL = "d{d}_layers{layers}_width{width}"
ROBUST_CELLS = [
    ROBUST_CELL.format(d=d, layers=layers, width=width)
    for d, layers, width in product(
        ROBUST["dimensions"], ROBUST["layers"], ROBUST["widths"]
    )
]


rule causes_robust_training:
    input:
        code=code("scripts/causes/robust_training.py"),
    output:
        **traces(f"{RESULTS}/causes/robust_training/{ROBUST_CELL}"),
        measures=f"{RESULTS}/causes/robust_training/{ROBUST_CELL}.csv",
    log:
        f"{RESULTS}/logs/causes_robust_training/{ROBUST_CELL}.log",
    benchmark:
        f"{RESULTS}/benchmarks/causes_robust_training/{ROBUST_CELL}.tsv"
    cache: CACHING
    conda:
        "../../envs/attack.yaml"
    threads: 1
    resources:
        **need(2500, 120, gpu=1),
    params:
        **job(
            dimension=lambda wildcards: int(wildcards.d),
            layers=lambda wildcards: int(wildcards.layers),
            width=lambda wildcards: int(wildcards.width),
            column_scale=ROBUST["column_scale"],
            matrices=ROBUST["matrices"],
            radii=ROBUST["radii"],
            gradients=ROBUST["gradient_penalties"],
            decays=ROBUST["weight_decays"],
            angle=ROBUST["angle_penalty"],
            curvature=ROBUST["curvature_penalty"],
            epochs=ROBUST["epochs"],
            batch_size=ROBUST["batch_size"],
            learning_rate=ROBUST["learning_rate"],
            attack_steps=ROBUST["attack_steps"],
            points_per_network=ROBUST["points"],
            measure_steps=ROBUST["measure_steps"],
            certified=ROBUST["certified"],
            seed=config["seed"],
        ),
    shell:
        JOB


rule causes_linear_optimisers:
    input:
        code=code("scripts/causes/linear_optimisers.py"),
    output:
        **traces(f"{RESULTS}/causes/linear_optimisers/d{{d}}"),
        measures=f"{RESULTS}/causes/linear_optimisers/d{{d}}.csv",
    log:
        f"{RESULTS}/logs/causes_linear_optimisers/d{{d}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/causes_linear_optimisers/d{{d}}.tsv"
    cache: CACHING
    conda:
        "../../envs/torch.yaml"
    threads: 1
    resources:
        **need(1500, 60),
    params:
        **job(
            dimension=lambda wildcards: int(wildcards.d),
            width=ROBUST["linear"]["width"],
            column_scales=[ROBUST["column_scale"], 1],
            matrices=ROBUST["linear"]["matrices"],
            optimisers={
                "SGD": ROBUST["linear"]["sgd_rate"],
                "Adam": ROBUST["linear"]["adam_rate"],
                "Adam with decay": ROBUST["linear"]["adam_rate"],
            },
            decay=ROBUST["linear"]["weight_decay"],
            steps=ROBUST["linear"]["steps"],
            seed=config["seed"],
        ),
    shell:
        JOB


CAUSES_RESULTS |= {
    "robust": [f"{RESULTS}/causes/robust_training/{cell}.csv" for cell in ROBUST_CELLS],
    "robust_linear": f"{RESULTS}/causes/linear_optimisers/d{ROBUST['dimensions'][0]}.csv",
    "classifiers": [LINEAR_SOLVED.format(d=d) for d in LINEAR["dimensions"]],
}
CAUSES_SETTINGS |= {"robust_column_scale": ROBUST["column_scale"]}
CAUSES_STAMPED += ["linear.classifiers", "linear.dimensions"]

notebook(
    "causes_robust_training",
    inputs={
        "measures": CAUSES_RESULTS["robust"],
        "linear": CAUSES_RESULTS["robust_linear"],
        "classifiers": CAUSES_RESULTS["classifiers"],
    },
    outputs={
        "dose": drawn("causes_robust_dose", CAUSES_PAGES, "Theorem 6's data: dose"),
        "plane": drawn(
            "causes_robust_plane",
            CAUSES_PAGES,
            "Theorem 6's data: angle and robustness",
        ),
        "doses": rendered(
            "causes_robust_doses", CAUSES_PAGES, "Theorem 6's data: robust training"
        ),
        "factors": rendered(
            "causes_robust_factors",
            CAUSES_PAGES,
            "Theorem 6's data: angle, curvature, controls",
        ),
        "effects": rendered(
            "causes_robust_effects",
            CAUSES_PAGES,
            "Theorem 6's data: effects of the penalties",
        ),
        "best": rendered(
            "causes_robust_best",
            CAUSES_PAGES,
            "Theorem 6's data: the most robust networks",
        ),
        "optimisers": rendered(
            "causes_robust_linear", CAUSES_PAGES, "Theorem 6's data: linear networks"
        ),
    },
    stamped=[
        "seed",
        "causes.robust_training",
        "linear.dimensions",
        "linear.classifiers",
    ],
)
