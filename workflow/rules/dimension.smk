"""The second paper: gradients at initialisation, trained networks by size, regularisers."""


include: "dimension_packs.smk"


wildcard_constraints:
    pack=r"\d+",


rule dimension_data:
    input:
        **made(
            checksums=(
                [rules.mnist_fetch.output.checksums] if DIMENSION_FETCHED else []
            )
        ),
        code=code("scripts/dimension/data.py"),
    output:
        **traces(f"{RESULTS}/dimension/images"),
        images=DIMENSION_IMAGES,
    log:
        f"{RESULTS}/logs/dimension_data.log",
    benchmark:
        f"{RESULTS}/benchmarks/dimension_data.tsv"
    localrule: DIMENSION["download"]
    conda:
        "../../envs/dataset.yaml"
    threads: 1
    resources:
        **need(3000, 30),
    params:
        **job(
            dataset=DIMENSION["dataset"],
            folder=MNIST_DATA if DIMENSION_FETCHED else DIMENSION["folder"],
            fetched=DIMENSION_FETCHED,
            download=DIMENSION["download"],
            train_images=DIMENSION["images"],
            test_images=DIMENSION["test_images"],
            sides=DIMENSION["sizes"]["sides"],
        ),
    shell:
        JOB


rule dimension_initial:
    input:
        code=code("scripts/dimension/initial.py"),
    output:
        **traces(f"{RESULTS}/dimension/initial"),
        initial=f"{RESULTS}/dimension/initial.csv",
    log:
        f"{RESULTS}/logs/dimension_initial.log",
    benchmark:
        f"{RESULTS}/benchmarks/dimension_initial.tsv"
    conda:
        "../../envs/torch.yaml"
    threads: DIMENSION["threads"]
    resources:
        **need(2000, 20),
    params:
        **job(
            **DIMENSION["initial"],
            seed=config["seed"],
            threads=DIMENSION["threads"],  # a setting, too: results depend on it
        ),
    shell:
        JOB


rule dimension_train:
    input:
        **made(images=rules.dimension_data.output.images),
        code=code("scripts/dimension/train.py"),
    output:
        **traces(f"{RESULTS}/dimension/train/{{pack}}"),
        networks=f"{RESULTS}/dimension/train/{{pack}}.safetensors",
        trained=f"{RESULTS}/dimension/train/{{pack}}.csv",
    log:
        f"{RESULTS}/logs/dimension_train/{{pack}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/dimension_train/{{pack}}.tsv"
    cache: CACHING
    conda:
        "../../envs/attack.yaml"
    threads: DIMENSION["threads"]
    resources:
        **need(2000, 60, gpu=1),
    params:
        **job(
            conditions=lambda wildcards: DIMENSION_PARTS[int(wildcards.pack)],
            **DIMENSION["network"],
            **DIMENSION["training"],
            bounds=DIMENSION["attack"]["bounds"],
            seed=config["seed"],
            threads=DIMENSION["threads"],
        ),
    shell:
        JOB


rule dimension_measure:
    input:
        **made(
            images=rules.dimension_data.output.images,
            networks=rules.dimension_train.output.networks,
            trained=rules.dimension_train.output.trained,
        ),
        code=code("scripts/dimension/measure.py"),
    output:
        **traces(f"{RESULTS}/dimension/measure/{{pack}}"),
        measures=f"{RESULTS}/dimension/measure/{{pack}}.csv",
        gaps=f"{RESULTS}/dimension/measure/{{pack}}.gaps.csv",
        cost=f"{RESULTS}/dimension/measure/{{pack}}.cost.csv",
    log:
        f"{RESULTS}/logs/dimension_measure/{{pack}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/dimension_measure/{{pack}}.tsv"
    conda:
        "../../envs/attack.yaml"
    threads: DIMENSION["threads"]
    resources:
        **need(2000, 60, gpu=1),
    params:
        **job(
            epsilons=DIMENSION["attack"]["epsilons"],
            steps=DIMENSION["attack"]["steps"],
            relative_step=DIMENSION["attack"]["relative_step"],
            bounds=DIMENSION["attack"]["bounds"],
            threads=DIMENSION["threads"],
        ),
    shell:
        JOB


evidence(
    "dimension",
    "fragility.experiments.dimension.evidence",
    inputs={
        "initial": rules.dimension_initial.output.initial,
        "measures": dimension_files("measure", ".csv"),
        "gaps": dimension_files("measure", ".gaps.csv"),
    },
    topologies=DIMENSION["sizes"]["topologies"],
    robust=DIMENSION["sizes"]["robust"],
    epsilon=DIMENSION["attack"]["epsilon"],
)
