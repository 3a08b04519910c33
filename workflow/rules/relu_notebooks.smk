"""ReLU networks: the notebooks that render tables and figures, and the named targets."""


rule relu_notebook:
    input:
        code=notebook_code("relu"),
        notebook=os.path.relpath(WORKFLOW / "notebooks/relu.ipynb"),
        captions=captions("table_3", "relu_alpha", "relu_flat"),
        measures=f"{RESULTS}/relu/measures/{RELU_TABLE}.csv",
        attempts=f"{RESULTS}/relu/networks/{RELU_TABLE}.csv",
        printed=f"{PAPER}/table_3.csv",
    output:
        notebook=f"{RESULTS}/notebooks/relu.ipynb",
        provenance=f"{RESULTS}/notebooks/relu.json",
        table_3=rendered("table_3", RELU_PAGES, "Table 3"),
        by_alpha=drawn("relu_alpha", RELU_PAGES, "Table 3 as a figure"),
        flat=drawn("relu_flat", RELU_PAGES, "Is ρ flat in α?"),
    log:
        f"{RESULTS}/logs/relu_notebook.log",
    benchmark:
        f"{RESULTS}/benchmarks/relu_notebook.tsv"
    conda:
        "../../envs/notebook.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        parameters=notebook_parameters(
            stamp(*RELU_TRAINING, *RELU_DEFAULT, "relu.dimension", "relu.alphas"),
            dimension=RELU["dimension"],
        ),
    shell:
        NOTEBOOK


rule relu_attack_notebook:
    input:
        code=notebook_code("relu_attack"),
        notebook=os.path.relpath(WORKFLOW / "notebooks/relu_attack.ipynb"),
        captions=captions("table_4", "relu_match", "relu_brackets", "relu_attacks"),
        attacks=f"{RESULTS}/relu/attacks/{RELU_ATTACKED}.csv",
        printed=f"{PAPER}/table_4.csv",
    output:
        notebook=f"{RESULTS}/notebooks/relu_attack.ipynb",
        provenance=f"{RESULTS}/notebooks/relu_attack.json",
        table_4=rendered("table_4", RELU_PAGES, "Table 4"),
        match=drawn("relu_match", RELU_PAGES, "|cos θt| and δ/m, point by point"),
        brackets=drawn(
            "relu_brackets", RELU_PAGES, "Certificate and attack at each point"
        ),
        attacks=rendered("relu_attacks", RELU_PAGES, "Attacks compared"),
    log:
        f"{RESULTS}/logs/relu_attack_notebook.log",
    benchmark:
        f"{RESULTS}/benchmarks/relu_attack_notebook.tsv"
    conda:
        "../../envs/notebook.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        parameters=notebook_parameters(
            stamp(
                *RELU_TRAINING, *RELU_DEFAULT, "relu.attack_dimension", "relu.attack"
            ),
            dimension=RELU["attack_dimension"],
        ),
    shell:
        NOTEBOOK


rule relu_conditions_notebook:
    input:
        code=notebook_code("relu_conditions"),
        notebook=os.path.relpath(WORKFLOW / "notebooks/relu_conditions.ipynb"),
        captions=captions(
            "relu_depth", "relu_phi", "relu_sensitivity", "relu_robustness"
        ),
        depth_attempts=expand(f"{RESULTS}/relu/networks/{{cell}}.csv", cell=RELU_DEPTH),
        depth_measures=expand(f"{RESULTS}/relu/measures/{{cell}}.csv", cell=RELU_DEPTH),
        sensitivity_attempts=expand(
            f"{RESULTS}/relu/networks/{{cell}}.csv", cell=RELU_GRID
        ),
        sensitivity_measures=expand(
            f"{RESULTS}/relu/measures/{{cell}}.csv", cell=RELU_GRID
        ),
        attacks=expand(f"{RESULTS}/relu/attacks/{{cell}}.csv", cell=RELU_ALL_ATTACKED),
    output:
        notebook=f"{RESULTS}/notebooks/relu_conditions.ipynb",
        provenance=f"{RESULTS}/notebooks/relu_conditions.json",
        depth=rendered("relu_depth", RELU_PAGES, "More layers"),
        phi=drawn("relu_phi", RELU_PAGES, "ρ and φ, network by network"),
        sensitivity=rendered(
            "relu_sensitivity", RELU_PAGES, "Batch size and learning rate"
        ),
        robustness=rendered(
            "relu_robustness", RELU_PAGES, "Attack, certificate, optimum, chance"
        ),
    log:
        f"{RESULTS}/logs/relu_conditions_notebook.log",
    benchmark:
        f"{RESULTS}/benchmarks/relu_conditions_notebook.tsv"
    conda:
        "../../envs/notebook.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        parameters=notebook_parameters(
            stamp("seed", "relu"),
            dimension=RELU["dimension"],
            depth=[relu_condition(cell) for cell in RELU_DEPTH],
            sensitivity=[relu_condition(cell) for cell in RELU_GRID],
            attacked=[relu_attacked(cell) for cell in RELU_ALL_ATTACKED],
        ),
    shell:
        NOTEBOOK


RELU_RECORDS = [
    *(f"{RESULTS}/relu/networks/{cell}.json" for cell in RELU_CELLS),
    *(f"{RESULTS}/relu/measures/{cell}.json" for cell in RELU_MEASURED),
    *(f"{RESULTS}/relu/attacks/{cell}.json" for cell in RELU_ALL_ATTACKED),
    rules.relu_score.output.provenance,
    rules.relu_notebook.output.provenance,
    rules.relu_attack_notebook.output.provenance,
    rules.relu_conditions_notebook.output.provenance,
]


rule table_3:
    input:
        rules.relu_notebook.output.table_3,


rule table_4:
    input:
        rules.relu_attack_notebook.output.table_4,


rule relu:
    input:
        rules.relu_notebook.output,
        rules.relu_attack_notebook.output,
        rules.relu_conditions_notebook.output,
        rules.relu_score.output,
