"""The report: scorecard, provenance, start page and all tables and figures in one file, the crate.

All files of the run are inputs here, so that a deleted one is made again.  Each is checked against
the record of the job that wrote it before a report or a crate is made.
"""

BEFORE_PROVENANCE = ("scorecard", "audit")
BEFORE_CRATE = (*BEFORE_PROVENANCE, "provenance", "site", "report")


rule scorecard:
    input:
        **made(scores=[f"{RESULTS}/{experiment}/score.csv" for experiment in EVIDENCE]),
        code=code("scripts/report/scorecard.py"),
        untested=f"{PAPER}/claims/text.yaml",
        stability=there("docs/stability.csv"),
    output:
        **traces(f"{RESULTS}/scorecard"),
        scorecard=f"{RESULTS}/scorecard.csv",
    log:
        f"{RESULTS}/logs/scorecard.log",
    benchmark:
        f"{RESULTS}/benchmarks/scorecard.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        **need(1000, 5),
    params:
        **job(),
    shell:
        JOB


rule provenance:
    input:
        **made(made=lambda wildcards: files_until(*BEFORE_PROVENANCE)),
        code=code("scripts/report/provenance.py"),
    output:
        **traces(f"{RESULTS}/provenance"),
        table=f"{RESULTS}/provenance.csv",
        config_file=f"{RESULTS}/config.yaml",
    log:
        f"{RESULTS}/logs/provenance.log",
    benchmark:
        f"{RESULTS}/benchmarks/provenance.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        **need(1000, 5),
    params:
        **job(
            jobs=lambda wildcards: jobs_until(*BEFORE_PROVENANCE),
            results=RESULTS,
            config=config,
        ),
    shell:
        JOB


rule report:
    input:
        **made(
            pages=lambda wildcards: shown_pages(),
            config=rules.provenance.output.config_file,
            start_page=f"{RESULTS}/start.html",
        ),
        code=code("scripts/report/report.py"),
        style=f"{REPORT}/report.css",
        start=f"{REPORT}/start.rst",
    output:
        **traces(f"{RESULTS}/report"),
        report=f"{RESULTS}/report.html",
    log:
        f"{RESULTS}/logs/report.log",
    benchmark:
        f"{RESULTS}/benchmarks/report.tsv"
    localrule: True
    conda:
        "../../envs/snakemake.yaml"
    threads: 1
    resources:
        **need(1000, 5),
    params:
        **job(
            snakefile=os.path.relpath(WORKFLOW.parent / "Snakefile"),
            categories=[category for category, _ in SHOWN.values()],
        ),
    shell:
        JOB


rule crate:
    input:
        **made(made=lambda wildcards: files_until(*BEFORE_CRATE)),
        code=code("scripts/report/crate.py"),
    output:
        **traces(f"{RESULTS}/crate"),
        crate=f"{RESULTS}/ro-crate-metadata.json",
    log:
        f"{RESULTS}/logs/crate.log",
    benchmark:
        f"{RESULTS}/benchmarks/crate.tsv"
    conda:
        "../../envs/crate.yaml"
    threads: 1
    resources:
        **need(1000, 5),
    params:
        **job(
            jobs=lambda wildcards: jobs_until(*BEFORE_CRATE),
            results=RESULTS,
        ),
    shell:
        JOB


# It checks a finished run, whatever the dates of its files: so they are no inputs.
rule verify:
    input:
        code=code("scripts/report/verify.py"),
    log:
        f"{RESULTS}/logs/verify.log",
    localrule: True
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        **need(1000, 5),
    params:
        **job(
            jobs=lambda wildcards: jobs_until(*BEFORE_CRATE, "crate"), results=RESULTS
        ),
    shell:
        JOB


rule everything_shown:
    input:
        lambda wildcards: shown_pages(),
