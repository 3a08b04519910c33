"""ReLU networks: Theorem 7 on synthetic data, Tables 3 and 4 (section 6 of the paper)."""


include: "relu_cells.smk"


rule relu_train:
    input:
        **made(matrices=rules.linear_draw.output.matrices),
        code=code("scripts/relu/train.py"),
    output:
        **traces(f"{RESULTS}/relu/train/{RELU_CELL}"),
        networks=f"{RESULTS}/relu/train/{RELU_CELL}.safetensors",
        attempts=f"{RESULTS}/relu/train/{RELU_CELL}.csv",
    log:
        f"{RESULTS}/logs/relu_train/{RELU_CELL}.log",
    benchmark:
        f"{RESULTS}/benchmarks/relu_train/{RELU_CELL}.tsv"
    cache: CACHING
    conda:
        "../../envs/torch.yaml"
    threads: 1
    resources:
        **need(2000, 60, gpu=1),
    params:
        **job(
            column_scale=RELU["column_scale"],
            layers=lambda wildcards: int(wildcards.layers),
            width=lambda wildcards: int(wildcards.width),
            epochs=RELU["epochs"],
            batch_size=lambda wildcards: wildcards.batch,
            learning_rate=lambda wildcards: float(wildcards.rate),
            wanted=relu_wanted,
            max_attempts=RELU["max_attempts"],
            seed=config["seed"],
        ),
    shell:
        JOB


rule relu_measure:
    input:
        **made(networks=rules.relu_train.output.networks),
        code=code("scripts/relu/measure.py"),
    output:
        **traces(f"{RESULTS}/relu/measure/{RELU_CELL}"),
        measures=f"{RESULTS}/relu/measure/{RELU_CELL}.csv",
    log:
        f"{RESULTS}/logs/relu_measure/{RELU_CELL}.log",
    benchmark:
        f"{RESULTS}/benchmarks/relu_measure/{RELU_CELL}.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        **need(1000, 20),
    params:
        **job(alphas=RELU["alphas"], pairs=RELU["pairs"], seed=config["seed"]),
    shell:
        JOB


rule relu_attack:
    input:
        **made(networks=rules.relu_train.output.networks),
        code=code("scripts/relu/attack.py"),
    output:
        **traces(f"{RESULTS}/relu/attack/{RELU_CELL}"),
        attacks=f"{RESULTS}/relu/attack/{RELU_CELL}.csv",
    log:
        f"{RESULTS}/logs/relu_attack/{RELU_CELL}.log",
    benchmark:
        f"{RESULTS}/benchmarks/relu_attack/{RELU_CELL}.tsv"
    conda:
        "../../envs/attack.yaml"
    threads: 1
    resources:
        **need(2000, 60, gpu=1),
    params:
        **job(
            n_networks=relu_attack_count,
            pairs=RELU["pairs"],
            methods=RELU["attack"]["attacks"],
            steps=RELU["attack"]["steps"],
            directions=RELU["attack"]["directions"],
            reach=RELU["attack"]["reach"],
            seed=config["seed"],
        ),
    shell:
        JOB


evidence(
    "relu",
    "fragility.experiments.relu.evidence",
    inputs={
        "table_3": relu_measures(RELU_TABLE),
        "depth": [relu_measures(cell) for cell in RELU_DEPTH],
        "narrow": relu_measures(RELU_NARROW),
        "wide": relu_measures(RELU_WIDE),
        "attacks": relu_attacks(RELU_TABLE),
        "depth_attacks": [relu_attacks(cell) for cell in RELU_DEPTH],
        "table_4": relu_attacks(RELU_ATTACKED),
        "classifiers": LINEAR_SOLVED.format(d=RELU["attack_dimension"]),
    },
    stamped=["linear.classifiers"],
    dimension=RELU["dimension"],
    attack_dimension=RELU["attack_dimension"],
    column_scale=RELU["column_scale"],
    n_attacked=RELU["attack"]["networks"],
    alphas=RELU["alphas"],
    pairs=RELU["pairs"],
)
