"""The site: one folder of pages that needs no network, made by Sphinx from all results.

Snakemake knows its start page and the list of its files; `verify` and the crate read that list.
"""

BEFORE_SITE = ("scorecard", "audit", "provenance")
# pages of docs/ that are the same in the repository and on the site, in its menu's order
DOCS = (
    *("running", "cluster", "cache", "container", "scale", "times"),
    *("troubleshooting", "debugging", "limits"),
)


rule site:
    input:
        **made(made=lambda wildcards: files_until(*BEFORE_SITE)),
        code=code("scripts/site/build.py"),
        content=site_content(),
        captions=[*captions(), f"{REPORT}/audit.rst"],
        docs=[os.path.relpath(WORKFLOW.parent / f"docs/{name}.md") for name in DOCS],
        statements=THEORY_TEXTS,
        library=library(),
        listed=[f"{PAPER}/claims/{part}.yaml" for part in (*EVIDENCE, "text")],
        assumptions=f"{PAPER}/assumptions.csv",
    output:
        **traces(f"{RESULTS}/site"),
        start=f"{RESULTS}/start.html",
        pages=shown(),
        index=f"{RESULTS}/site/index.html",
        manifest=f"{RESULTS}/site/files.sha256",
    log:
        f"{RESULTS}/logs/site.log",
    benchmark:
        f"{RESULTS}/benchmarks/site.tsv"
    conda:
        "../../envs/site.yaml"
    threads: 1
    resources:
        **need(1000, 10),
    params:
        **job(
            results=RESULTS,
            titles=[title for _, title in SHOWN.values()],
            stamp=configuration.changed_settings(config),
        ),
    shell:
        JOB
