"""The theory, statement by statement: closed forms against simulation, one job a statement."""

THEORY = config["theory"]
THEORY_PAGES = "The theory, statement by statement"

# In the order of the paper, by the name of their modules.
STATEMENTS = {
    "theorem_1": "Theorem 1",
    "lemma_2": "Lemma 2",
    "remarks_2": "Remarks 2: average case and worst case",
    "lemma_3": "Lemma 3",
    "theorem_4": "Theorem 4",
    "theorem_5": "Theorem 5",
    "theorem_6": "Theorem 6",
    "theorem_7": "Theorem 7",
    "section_5": "Section 5: the two paths",
    "figure_1": "Figure 1",
}
ON_NETWORKS = [
    "theorem_7",
    "section_5",
    "figure_1",
]  # measured on trained ReLU networks


wildcard_constraints:
    statement="|".join(STATEMENTS),


rule theory_networks:
    input:
        code=code("scripts/train_theory.py"),
    output:
        networks=f"{RESULTS}/theory/networks.safetensors",
        provenance=f"{RESULTS}/theory/networks.json",
    log:
        f"{RESULTS}/logs/theory_networks.log",
    benchmark:
        f"{RESULTS}/benchmarks/theory_networks.tsv"
    cache: CACHING
    conda:
        "../../envs/torch.yaml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(30),
    params:
        settings=json.dumps(THEORY["networks"]),
        seed=config["seed"],
    shell:
        "python {input.code[0]} --settings {params.settings:q} --seed {params.seed} "
        "--output {output.networks} --provenance {output.provenance} > {log} 2>&1"


rule theory_check:
    input:
        code=lambda wildcards: code(f"scripts/check_{wildcards.statement}.py"),
        networks=lambda wildcards: (
            [rules.theory_networks.output.networks]
            if wildcards.statement in ON_NETWORKS
            else []
        ),
    output:
        rows=f"{RESULTS}/theory/{{statement}}.csv",
        provenance=f"{RESULTS}/theory/{{statement}}.json",
    log:
        f"{RESULTS}/logs/theory_check/{{statement}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/theory_check/{{statement}}.tsv"
    conda:
        "../../envs/torch.yaml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(30),
    params:
        settings=lambda wildcards: json.dumps(THEORY[wildcards.statement]),
        networks=lambda wildcards, input: (
            f"--networks {input.networks}" if input.networks else ""
        ),
        seed=config["seed"],
    shell:
        "python {input.code[0]} --settings {params.settings:q} --seed {params.seed} "
        "{params.networks} --output {output.rows} --provenance {output.provenance} > {log} 2>&1"


rule theory_notebook:
    input:
        code=notebook_code("theory"),
        notebook=os.path.relpath(WORKFLOW / "notebooks/theory.ipynb"),
        captions=captions(*STATEMENTS, "theory_cost"),
        rows=expand(rules.theory_check.output.rows, statement=STATEMENTS),
        records=expand(rules.theory_check.output.provenance, statement=STATEMENTS),
    output:
        notebook=f"{RESULTS}/notebooks/theory.ipynb",
        provenance=f"{RESULTS}/notebooks/theory.json",
        tables=[
            path
            for name, title in STATEMENTS.items()
            for path in rendered(name, THEORY_PAGES, f"{title}, as numbers")
        ],
        figures=[
            path
            for name, title in [
                *STATEMENTS.items(),
                ("theory_cost", "What each statement costs"),
            ]
            for path in drawn(name, THEORY_PAGES, title)
        ],
    log:
        f"{RESULTS}/logs/theory_notebook.log",
    benchmark:
        f"{RESULTS}/benchmarks/theory_notebook.tsv"
    conda:
        "../../envs/notebook.yaml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        parameters=notebook_parameters(stamp("seed", "theory")),
    shell:
        NOTEBOOK


rule theory_score:
    input:
        code=code("scripts/score_theory.py"),
        claims=f"{PAPER}/claims.csv",
        rows=expand(rules.theory_check.output.rows, statement=STATEMENTS),
    output:
        scores=f"{RESULTS}/theory/scores.csv",
        provenance=f"{RESULTS}/theory/scores.json",
    log:
        f"{RESULTS}/logs/theory_score.log",
    benchmark:
        f"{RESULTS}/benchmarks/theory_score.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        paper=subpath(input.claims, parent=True),
    shell:
        "python {input.code[0]} --paper {params.paper} --rows {input.rows} "
        "--output {output.scores} --provenance {output.provenance} > {log} 2>&1"


rule theory_page:
    input:
        code=code("scripts/render_statements.py"),
        statements=expand(
            f"{PAPER}/statements/{{statement}}.yaml", statement=STATEMENTS
        ),
        scores=rules.theory_score.output.scores,
        figures=expand(f"{RESULTS}/figures/{{statement}}.svg", statement=STATEMENTS),
    output:
        page=shown(
            f"{RESULTS}/theory/statements.html",
            "statements",
            THEORY_PAGES,
            "All statements: verdicts and caveats",
        ),
        provenance=f"{RESULTS}/theory/statements.json",
    log:
        f"{RESULTS}/logs/theory_page.log",
    benchmark:
        f"{RESULTS}/benchmarks/theory_page.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(5),
    params:
        stamp=stamp("seed", "theory"),
    shell:
        "python {input.code[0]} --statements {input.statements} --scores {input.scores} "
        "--figures {input.figures} --stamp {params.stamp:q} --output {output.page} "
        "--provenance {output.provenance} > {log} 2>&1"


THEORY_RECORDS = [
    rules.theory_networks.output.provenance,
    *expand(rules.theory_check.output.provenance, statement=STATEMENTS),
    rules.theory_notebook.output.provenance,
    rules.theory_score.output.provenance,
    rules.theory_page.output.provenance,
]


rule theory:
    input:
        rules.theory_notebook.output,
        rules.theory_score.output,
        rules.theory_page.output,
