"""ReLU networks: Theorem 7 on synthetic data, Tables 3 and 4 (section 6 of the paper)."""


include: "relu_cells.smk"


rule relu_train:
    input:
        code=code("scripts/train_relu.py"),
        matrices=rules.linear_data.output.matrices,
    output:
        networks=f"{RESULTS}/relu/networks/{RELU_CELL}.safetensors",
        attempts=f"{RESULTS}/relu/networks/{RELU_CELL}.csv",
        provenance=f"{RESULTS}/relu/networks/{RELU_CELL}.json",
    log:
        f"{RESULTS}/logs/relu_train/{RELU_CELL}.log",
    benchmark:
        f"{RESULTS}/benchmarks/relu_train/{RELU_CELL}.tsv"
    cache: CACHING
    conda:
        "../../envs/torch.yaml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(60),
        gpu=1,
    params:
        column_scale=RELU["column_scale"],
        layers=lambda wildcards: wildcards.layers,
        width=lambda wildcards: wildcards.width,
        epochs=RELU["epochs"],
        batch_size=lambda wildcards: wildcards.batch,
        learning_rate=lambda wildcards: wildcards.rate,
        networks=relu_wanted,
        max_attempts=RELU["max_attempts"],
        seed=config["seed"],
    shell:
        "python {input.code[0]} --matrices {input.matrices} --column-scale {params.column_scale} "
        "--layers {params.layers} --width {params.width} --epochs {params.epochs} "
        "--batch-size {params.batch_size} --learning-rate {params.learning_rate} "
        "--networks {params.networks} --max-attempts {params.max_attempts} --seed {params.seed} "
        "--device $(device {resources.gpu}) --attempts {output.attempts} "
        "--output {output.networks} --provenance {output.provenance} > {log} 2>&1"


rule relu_measure:
    input:
        code=code("scripts/measure_relu.py"),
        networks=rules.relu_train.output.networks,
    output:
        measures=f"{RESULTS}/relu/measures/{RELU_CELL}.csv",
        provenance=f"{RESULTS}/relu/measures/{RELU_CELL}.json",
    log:
        f"{RESULTS}/logs/relu_measure/{RELU_CELL}.log",
    benchmark:
        f"{RESULTS}/benchmarks/relu_measure/{RELU_CELL}.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(20),
    params:
        alphas=RELU["alphas"],
        pairs=RELU["pairs"],
        seed=config["seed"],
    shell:
        "python {input.code[0]} --networks {input.networks} --alphas {params.alphas} "
        "--pairs {params.pairs} --seed {params.seed} --output {output.measures} "
        "--provenance {output.provenance} > {log} 2>&1"


rule relu_attack:
    input:
        code=code("scripts/attack_relu.py"),
        networks=rules.relu_train.output.networks,
    output:
        attacks=f"{RESULTS}/relu/attacks/{RELU_CELL}.csv",
        provenance=f"{RESULTS}/relu/attacks/{RELU_CELL}.json",
    log:
        f"{RESULTS}/logs/relu_attack/{RELU_CELL}.log",
    benchmark:
        f"{RESULTS}/benchmarks/relu_attack/{RELU_CELL}.tsv"
    conda:
        "../../envs/attack.yaml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(60),
        gpu=1,
    params:
        n_networks=RELU["attack"]["networks"],
        pairs=RELU["pairs"],
        attacks=RELU["attack"]["attacks"],
        steps=RELU["attack"]["steps"],
        directions=RELU["attack"]["directions"],
        reach=RELU["attack"]["reach"],
        seed=config["seed"],
    shell:
        "python {input.code[0]} --networks {input.networks} --count {params.n_networks} "
        "--pairs {params.pairs} --attacks {params.attacks} --steps {params.steps} "
        "--directions {params.directions} --reach {params.reach} --seed {params.seed} "
        "--device $(device {resources.gpu}) --output {output.attacks} "
        "--provenance {output.provenance} > {log} 2>&1"


rule relu_score:
    input:
        code=code("scripts/score_relu.py"),
        claims=f"{PAPER}/claims.csv",
        table_3=f"{RESULTS}/relu/measures/{RELU_TABLE}.csv",
        depth=[f"{RESULTS}/relu/measures/{cell}.csv" for cell in RELU_DEPTH],
        attacks=f"{RESULTS}/relu/attacks/{RELU_TABLE}.csv",
        table_4=f"{RESULTS}/relu/attacks/{RELU_ATTACKED}.csv",
        classifiers=expand(
            rules.linear_classifiers.output.classifiers, d=RELU["attack_dimension"]
        ),
    output:
        scores=f"{RESULTS}/relu/scores.csv",
        provenance=f"{RESULTS}/relu/scores.json",
    log:
        f"{RESULTS}/logs/relu_score.log",
    benchmark:
        f"{RESULTS}/benchmarks/relu_score.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        paper=subpath(input.claims, parent=True),
        column_scale=RELU["column_scale"],
    shell:
        "python {input.code[0]} --paper {params.paper} --table-3 {input.table_3} "
        "--depth {input.depth} --attacks {input.attacks} --table-4 {input.table_4} "
        "--classifiers {input.classifiers} --column-scale {params.column_scale} "
        "--output {output.scores} --provenance {output.provenance} > {log} 2>&1"
