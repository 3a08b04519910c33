"""The accounts of fragility: every term of both identities, on the networks of all experiments."""


include: "accounts_sources.smk"


rule accounts_theorem_6:
    input:
        **made(
            weights=[
                f"{RESULTS}/linear/train/{cell}.safetensors"
                for cell in LINEAR_DEFAULT_CELLS
            ],
            matrices=[
                f"{RESULTS}/linear/draw/d{d}.safetensors" for d in LINEAR_DIMENSIONS
            ],
            relu=[path for path, *_ in ACCOUNTS_RELU],
        ),
        code=code("scripts/accounts/theorem_6.py"),
    output:
        **traces(f"{RESULTS}/accounts/theorem_6"),
        measures=f"{RESULTS}/accounts/theorem_6.csv",
    log:
        f"{RESULTS}/logs/accounts_theorem_6.log",
    benchmark:
        f"{RESULTS}/benchmarks/accounts_theorem_6.tsv"
    conda:
        "../../envs/attack.yaml"
    threads: 1
    resources:
        **need(2500, 30),
    params:
        **job(
            column_scale=LINEAR["column_scale"],
            linear_source=ACCOUNTS_LINEAR,
            relu_sources=[
                dict(zip(ACCOUNTS_RELU_KEYS, told)) for _, *told in ACCOUNTS_RELU
            ],
            networks=ACCOUNTS["theorem_6"]["networks"],
            certified=ACCOUNTS["theorem_6"]["certified"],
            pairs=ACCOUNTS["theorem_6"]["pairs"],
            steps=ACCOUNTS["theorem_6"]["steps"],
            points=ACCOUNTS["points"],
            seed=config["seed"],
        ),
    shell:
        JOB


rule accounts_digits:
    input:
        **made(
            networks=accounts_digits("networks"),
            checksums=rules.mnist_fetch.output.checksums,
        ),
        code=code("scripts/accounts/digits.py"),
    output:
        **traces(f"{RESULTS}/accounts/digits/{{account}}"),
        measures=f"{RESULTS}/accounts/digits/{{account}}.csv",
    log:
        f"{RESULTS}/logs/accounts_digits/{{account}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/accounts_digits/{{account}}.tsv"
    conda:
        "../../envs/attack.yaml"
    threads: MNIST["threads"]
    resources:
        **need(3000, 60, gpu=1),
    params:
        **job(
            folder=MNIST_DATA,
            source=lambda wildcards: wildcards.account,
            architecture=accounts_digits("architecture"),
            by=accounts_digits("by"),
            groups=accounts_digits("groups"),
            factors=accounts_digits("factors"),
            images=ACCOUNTS["digits"]["images"],
            pool=ACCOUNTS["digits"]["pool"],
            steps=ACCOUNTS["digits"]["steps"],
            points=ACCOUNTS["points"],
            threads=MNIST["threads"],
        ),
    shell:
        JOB


rule accounts_sized:
    input:
        **made(
            networks=dimension_files("train", ".safetensors"),
            trained=dimension_files("train", ".csv"),
            images=DIMENSION_IMAGES,
        ),
        code=code("scripts/accounts/sized.py"),
    output:
        **traces(f"{RESULTS}/accounts/sized"),
        measures=f"{RESULTS}/accounts/sized.csv",
    log:
        f"{RESULTS}/logs/accounts_sized.log",
    benchmark:
        f"{RESULTS}/benchmarks/accounts_sized.tsv"
    conda:
        "../../envs/attack.yaml"
    threads: DIMENSION["threads"]
    resources:
        **need(3000, 60, gpu=1),
    params:
        **job(
            sources=ACCOUNTS_SIZED,
            n_images=ACCOUNTS["digits"]["images"],
            pool=ACCOUNTS["digits"]["pool"],
            steps=ACCOUNTS["digits"]["steps"],
            points=ACCOUNTS["points"],
            threads=DIMENSION["threads"],
        ),
    shell:
        JOB


rule accounts_photos:
    input:
        **made(photos=rules.imagenet_choose.output.photos),
        code=code("scripts/accounts/photos.py"),
    output:
        **traces(f"{RESULTS}/accounts/photos/{{model}}"),
        measures=f"{RESULTS}/accounts/photos/{{model}}.csv",
    log:
        f"{RESULTS}/logs/accounts_photos/{{model}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/accounts_photos/{{model}}.tsv"
    conda:
        "../../envs/imagenet.yaml"
    threads: IMAGENET["threads"]
    resources:
        **need(3000, 120, gpu=1),
    params:
        **job(
            **IMAGENET_SEEN,
            source=lambda wildcards: f"photos {wildcards.model}",
            most=ACCOUNTS["photos"]["photos"],
            steps=ACCOUNTS["photos"]["steps"],
            points=ACCOUNTS["photos"]["points"],
        ),
    shell:
        JOB
