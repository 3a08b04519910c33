"""The paper's printed numbers held against each other: nothing of ours enters."""


rule audit:
    input:
        code=code("scripts/render_audit.py"),
        printed=expand(f"{PAPER}/table_{{n}}.csv", n=range(1, 9)),
        quoted=f"{PAPER}/quoted.csv",
        caption=captions("audit"),
    output:
        checks=f"{RESULTS}/audit.csv",
        page=shown(
            f"{RESULTS}/audit.html",
            "audit",
            "About the paper",
            "The printed tables, recomputed from themselves",
        ),
        provenance=f"{RESULTS}/audit.json",
    log:
        f"{RESULTS}/logs/audit.log",
    benchmark:
        f"{RESULTS}/benchmarks/audit.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(5),
    params:
        paper=subpath(input.quoted, parent=True),
    shell:
        "python {input.code[0]} --paper {params.paper} --caption {input.caption} "
        "--output {output.checks} --page {output.page} --provenance {output.provenance} "
        "> {log} 2>&1"
