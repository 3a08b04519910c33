"""ImageNet: pretrained networks and photos, Tables 7 and 8, Figures 4 to 6 (section 6 of the paper)."""


include: "imagenet_models.smk"


rule imagenet_choose:
    input:
        code=code("scripts/imagenet/choose.py"),
    output:
        **traces(f"{RESULTS}/imagenet/choose/{{model}}/experiments"),
        photos=f"{RESULTS}/imagenet/choose/{{model}}/photos.csv",
        experiments=f"{RESULTS}/imagenet/choose/{{model}}/experiments.csv",
    log:
        f"{RESULTS}/logs/imagenet_choose/{{model}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/imagenet_choose/{{model}}.tsv"
    conda:
        "../../envs/imagenet.yaml"
    threads: IMAGENET["threads"]
    resources:
        **need(3000, 60, gpu=1),
    params:
        **job(
            **IMAGENET_SEEN,
            photos_digest=imagenet_photos_digest(),
            entries=IMAGENET["experiments"],
        ),
    shell:
        JOB


rule imagenet_measure:
    input:
        **made(experiments=rules.imagenet_choose.output.experiments),
        code=code("scripts/imagenet/measure.py"),
    output:
        **traces(f"{RESULTS}/imagenet/measure/{{model}}/measures"),
        measures=f"{RESULTS}/imagenet/measure/{{model}}/measures.csv",
        along=f"{RESULTS}/imagenet/measure/{{model}}/along.csv",
        by_step=f"{RESULTS}/imagenet/measure/{{model}}/steps.csv",
        pictures=f"{RESULTS}/imagenet/measure/{{model}}/pictures.safetensors",
    log:
        f"{RESULTS}/logs/imagenet_measure/{{model}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/imagenet_measure/{{model}}.tsv"
    conda:
        "../../envs/imagenet.yaml"
    threads: IMAGENET["threads"]
    resources:
        **need(3000, 120, gpu=1),
    params:
        **job(
            **IMAGENET_SEEN,
            both_ways=IMAGENET["both_ways"],
            alphas=IMAGENET["alphas"],
            alphas_figure=IMAGENET["alphas_figure"],
            step=IMAGENET["iterative"]["step"],
            factors=IMAGENET["iterative"]["factors"],
            steps=IMAGENET["iterative"]["steps"],
            attacks=IMAGENET["minimal"]["attacks"],
            minimal_steps=IMAGENET["minimal"]["steps"],
        ),
    shell:
        JOB


rule imagenet_compare:
    input:
        **made(photos=rules.imagenet_choose.output.photos),
        code=code("scripts/imagenet/compare.py"),
    output:
        **traces(f"{RESULTS}/imagenet/compare/{{model}}/pairs"),
        pairs=f"{RESULTS}/imagenet/compare/{{model}}/pairs.csv",
    log:
        f"{RESULTS}/logs/imagenet_compare/{{model}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/imagenet_compare/{{model}}.tsv"
    priority: 1  # the longest job: jobs that need it should not wait for others first
    conda:
        "../../envs/imagenet.yaml"
    threads: IMAGENET["threads"]
    resources:
        **need(3000, 240, gpu=1),
    params:
        **job(
            **IMAGENET_SEEN,
            most=IMAGENET["relation"]["photos"],
            alphas=IMAGENET["alphas"],
            step=IMAGENET["iterative"]["step"],
            steps=IMAGENET["iterative"]["steps"],
            attacks=IMAGENET["relation"]["attacks"],
            minimal_steps=IMAGENET["relation"]["steps"],
        ),
    shell:
        JOB


evidence(
    "imagenet",
    "fragility.experiments.imagenet.evidence",
    inputs={
        "measures": imagenet_all("measure", "measures.csv"),
        "pairs": imagenet_all("compare", "pairs.csv", IMAGENET_RELATED),
    },
    models=list(IMAGENET_MODELS),
    related=IMAGENET_RELATED,
    scale=IMAGENET["scale"],
)
