"""ImageNet: the notebooks that render tables and figures, and the named targets."""


rule imagenet_notebook:
    input:
        code=notebook_code("imagenet"),
        notebook=os.path.relpath(WORKFLOW / "notebooks/imagenet.ipynb"),
        captions=captions(
            "table_7", "table_8", "figure_4", "figure_5", "figure_6", "imagenet_panels"
        ),
        measures=f"{RESULTS}/imagenet/{IMAGENET_FIRST}/measures.csv",
        along=f"{RESULTS}/imagenet/{IMAGENET_FIRST}/along.csv",
        pictures=f"{RESULTS}/imagenet/{IMAGENET_FIRST}/pictures.safetensors",
        printed=expand(f"{PAPER}/table_{{n}}.csv", n=[7, 8]),
    output:
        notebook=f"{RESULTS}/notebooks/imagenet.ipynb",
        provenance=f"{RESULTS}/notebooks/imagenet.json",
        table_7=rendered("table_7", IMAGENET_PAGES, "Table 7"),
        table_8=rendered("table_8", IMAGENET_PAGES, "Table 8"),
        figure_4=drawn("figure_4", IMAGENET_PAGES, "Figure 4"),
        figure_5=drawn("figure_5", IMAGENET_PAGES, "Figure 5"),
        figure_6=drawn("figure_6", IMAGENET_PAGES, "Figure 6"),
        panels=drawn("imagenet_panels", IMAGENET_PAGES, "Photos, adversarial photos"),
    log:
        f"{RESULTS}/logs/imagenet_notebook.log",
    benchmark:
        f"{RESULTS}/benchmarks/imagenet_notebook.tsv"
    conda:
        "../../envs/notebook.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        parameters=notebook_parameters(
            stamp("seed", "imagenet"), scale=IMAGENET["scale"]
        ),
    shell:
        NOTEBOOK


rule imagenet_networks_notebook:
    input:
        code=notebook_code("imagenet_networks"),
        notebook=os.path.relpath(WORKFLOW / "notebooks/imagenet_networks.ipynb"),
        captions=captions("imagenet_networks", "imagenet_steps", "imagenet_by_step"),
        measures=expand(rules.imagenet_measure.output.measures, model=IMAGENET_MODELS),
        steps=expand(rules.imagenet_measure.output.steps, model=IMAGENET_MODELS),
        photos=expand(rules.imagenet_choose.output.photos, model=IMAGENET_MODELS),
    output:
        notebook=f"{RESULTS}/notebooks/imagenet_networks.ipynb",
        provenance=f"{RESULTS}/notebooks/imagenet_networks.json",
        networks=rendered("imagenet_networks", IMAGENET_PAGES, "Over networks"),
        steps=rendered("imagenet_steps", IMAGENET_PAGES, "Q by the attack's step"),
        by_step=drawn(
            "imagenet_by_step", IMAGENET_PAGES, "Q by the attack's step, as a figure"
        ),
    log:
        f"{RESULTS}/logs/imagenet_networks_notebook.log",
    benchmark:
        f"{RESULTS}/benchmarks/imagenet_networks_notebook.tsv"
    conda:
        "../../envs/notebook.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        parameters=notebook_parameters(
            stamp("seed", "imagenet"), scale=IMAGENET["scale"]
        ),
    shell:
        NOTEBOOK


# Of the first network, if imagenet.relation.models is not 0.
rule imagenet_pairs_notebook:
    input:
        code=notebook_code("imagenet_pairs"),
        notebook=os.path.relpath(WORKFLOW / "notebooks/imagenet_pairs.ipynb"),
        captions=captions(
            "imagenet_relations",
            "imagenet_scatter",
            "imagenet_chance",
            "imagenet_against_chance",
        ),
        pairs=f"{RESULTS}/imagenet/{IMAGENET_FIRST}/pairs.csv",
        printed=f"{PAPER}/table_8.csv",
    output:
        notebook=f"{RESULTS}/notebooks/imagenet_pairs.ipynb",
        provenance=f"{RESULTS}/notebooks/imagenet_pairs.json",
        relations=rendered(
            "imagenet_relations", IMAGENET_PAGES, "What predicts Q, over all pairs"
        ),
        scatter=drawn("imagenet_scatter", IMAGENET_PAGES, "Q against M, all pairs"),
        chance=rendered("imagenet_chance", IMAGENET_PAGES, "|cos| against chance"),
        against_chance=drawn(
            "imagenet_against_chance",
            IMAGENET_PAGES,
            "|cos| against chance, as a figure",
        ),
    log:
        f"{RESULTS}/logs/imagenet_pairs_notebook.log",
    benchmark:
        f"{RESULTS}/benchmarks/imagenet_pairs_notebook.tsv"
    conda:
        "../../envs/notebook.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        parameters=notebook_parameters(stamp("seed", "imagenet"), seed=config["seed"]),
    shell:
        NOTEBOOK


IMAGENET_RECORDS = [
    *expand(rules.imagenet_choose.output.provenance, model=IMAGENET_MODELS),
    *expand(rules.imagenet_measure.output.provenance, model=IMAGENET_MODELS),
    *expand(rules.imagenet_compare.output.provenance, model=IMAGENET_RELATED),
    rules.imagenet_score.output.provenance,
    rules.imagenet_notebook.output.provenance,
    rules.imagenet_networks_notebook.output.provenance,
    *([rules.imagenet_pairs_notebook.output.provenance] if IMAGENET_RELATED else []),
]


rule table_7:
    input:
        rules.imagenet_notebook.output.table_7,


rule table_8:
    input:
        rules.imagenet_notebook.output.table_8,


rule figure_4:
    input:
        rules.imagenet_notebook.output.figure_4,


rule figure_5:
    input:
        rules.imagenet_notebook.output.figure_5,


rule figure_6:
    input:
        rules.imagenet_notebook.output.figure_6,


rule imagenet:
    input:
        rules.imagenet_notebook.output,
        rules.imagenet_networks_notebook.output,
        rules.imagenet_pairs_notebook.output if IMAGENET_RELATED else [],
        rules.imagenet_score.output,
