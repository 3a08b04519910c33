"""ImageNet: pretrained networks and photos, Tables 7 and 8, Figures 4 to 6 (section 6 of the paper)."""


include: "imagenet_models.smk"


rule imagenet_choose:
    input:
        code=code("scripts/choose_photos.py"),
    output:
        photos=f"{RESULTS}/imagenet/{{model}}/photos.csv",
        experiments=f"{RESULTS}/imagenet/{{model}}/experiments.csv",
        provenance=f"{RESULTS}/imagenet/{{model}}/experiments.json",
    log:
        f"{RESULTS}/logs/imagenet_choose/{{model}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/imagenet_choose/{{model}}.tsv"
    conda:
        "../../envs/imagenet.yaml"
    threads: IMAGENET["threads"]
    resources:
        mem_mb=growing(3000),
        runtime=growing(60),
        gpu=1,
    params:
        model=imagenet_model,
        experiments=json.dumps(IMAGENET["experiments"]),
        photos=imagenet_photos_digest(),
    shell:
        "python {input.code[0]} {params.model:q} --experiments {params.experiments:q} "
        "--device $(device {resources.gpu}) --photos-output {output.photos} "
        "--output {output.experiments} --provenance {output.provenance} > {log} 2>&1"


rule imagenet_measure:
    input:
        code=code("scripts/measure_imagenet.py"),
        experiments=rules.imagenet_choose.output.experiments,
    output:
        measures=f"{RESULTS}/imagenet/{{model}}/measures.csv",
        along=f"{RESULTS}/imagenet/{{model}}/along.csv",
        steps=f"{RESULTS}/imagenet/{{model}}/steps.csv",
        pictures=f"{RESULTS}/imagenet/{{model}}/pictures.safetensors",
        provenance=f"{RESULTS}/imagenet/{{model}}/measures.json",
    log:
        f"{RESULTS}/logs/imagenet_measure/{{model}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/imagenet_measure/{{model}}.tsv"
    conda:
        "../../envs/imagenet.yaml"
    threads: IMAGENET["threads"]
    resources:
        mem_mb=growing(3000),
        runtime=growing(120),
        gpu=1,
    params:
        model=imagenet_model,
        both_ways=int(IMAGENET["both_ways"]),
        alphas=IMAGENET["alphas"],
        alphas_figure=IMAGENET["alphas_figure"],
        step=IMAGENET["iterative"]["step"],
        factors=IMAGENET["iterative"]["factors"],
        steps=IMAGENET["iterative"]["steps"],
        attacks=IMAGENET["minimal"]["attacks"],
        minimal_steps=IMAGENET["minimal"]["steps"],
    shell:
        "python {input.code[0]} {params.model:q} --experiments {input.experiments} "
        "--both-ways {params.both_ways} --alphas {params.alphas} "
        "--alphas-figure {params.alphas_figure} --step {params.step} --factors {params.factors} "
        "--steps {params.steps} --attacks {params.attacks} --minimal-steps {params.minimal_steps} "
        "--device $(device {resources.gpu}) --along {output.along} --steps-output {output.steps} "
        "--pictures {output.pictures} --output {output.measures} "
        "--provenance {output.provenance} > {log} 2>&1"


rule imagenet_compare:
    input:
        code=code("scripts/compare_photos.py"),
        photos=rules.imagenet_choose.output.photos,
    output:
        pairs=f"{RESULTS}/imagenet/{{model}}/pairs.csv",
        provenance=f"{RESULTS}/imagenet/{{model}}/pairs.json",
    log:
        f"{RESULTS}/logs/imagenet_compare/{{model}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/imagenet_compare/{{model}}.tsv"
    priority: 1  # the longest job: what waits for it should not wait for others first
    conda:
        "../../envs/imagenet.yaml"
    threads: IMAGENET["threads"]
    resources:
        mem_mb=growing(3000),
        runtime=growing(240),
        gpu=1,
    params:
        model=imagenet_model,
        photos=IMAGENET["relation"]["photos"],
        alphas=IMAGENET["alphas"],
        step=IMAGENET["iterative"]["step"],
        steps=IMAGENET["iterative"]["steps"],
        attacks=IMAGENET["relation"]["attacks"],
        minimal_steps=IMAGENET["relation"]["steps"],
    shell:
        "python {input.code[0]} {params.model:q} --photos-input {input.photos} "
        "--photos-most {params.photos} --alphas {params.alphas} --step {params.step} "
        "--steps {params.steps} --attacks {params.attacks} --minimal-steps {params.minimal_steps} "
        "--device $(device {resources.gpu}) --output {output.pairs} "
        "--provenance {output.provenance} > {log} 2>&1"


rule imagenet_score:
    input:
        code=code("scripts/score_imagenet.py"),
        claims=f"{PAPER}/claims.csv",
        measures=expand(rules.imagenet_measure.output.measures, model=IMAGENET_MODELS),
        pairs=expand(rules.imagenet_compare.output.pairs, model=IMAGENET_RELATED),
    output:
        scores=f"{RESULTS}/imagenet/scores.csv",
        provenance=f"{RESULTS}/imagenet/scores.json",
    log:
        f"{RESULTS}/logs/imagenet_score.log",
    benchmark:
        f"{RESULTS}/benchmarks/imagenet_score.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        paper=subpath(input.claims, parent=True),
        scale=IMAGENET["scale"],
        seed=config["seed"],
    shell:
        "python {input.code[0]} --paper {params.paper} --measures {input.measures} "
        "--pairs {input.pairs} --scale={params.scale[0]},{params.scale[1]} "
        "--seed {params.seed} --output {output.scores} --provenance {output.provenance} > {log} 2>&1"
