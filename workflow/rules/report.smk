"""The report: scorecard, start page, assumptions, provenance, all pages in one file, the crate.

Every file of the run is asked for by name, so that a deleted one comes back, and held to the
record of the job that wrote it before a report or a crate is made.
"""

import functools

from snakemake.io import is_flagged

ABOUT_PAGES = "About this run"
BEFORE_REPORT = ("scorecard", "pages", "audit")
BEFORE_CRATE = (*BEFORE_REPORT, "provenance", "report")


rule scorecard:
    input:
        code=code("scripts/report/scorecard.py"),
        claims=f"{PAPER}/claims.csv",
        **made(scores=[f"{RESULTS}/{experiment}/score.csv" for experiment in EVIDENCE]),
    output:
        scorecard=f"{RESULTS}/scorecard.csv",
        **traces(f"{RESULTS}/scorecard"),
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


rule pages:
    input:
        code=code("scripts/report/pages.py"),
        listed=f"{PAPER}/claims.csv",
        assumptions=f"{PAPER}/assumptions.csv",
        **made(
            scorecard=rules.scorecard.output.scorecard,
            figure=f"{RESULTS}/figures/figure_2.svg",
        ),
    output:
        start=f"{RESULTS}/start.html",
        markdown=f"{RESULTS}/scorecard.md",
        claims_page=shown(
            f"{RESULTS}/scorecard.html",
            "scorecard",
            ABOUT_PAGES,
            "All claims, with rules and reasons",
        ),
        assumptions_page=shown(
            f"{RESULTS}/assumptions.html",
            "assumptions",
            ABOUT_PAGES,
            "What the paper leaves open",
        ),
        **traces(f"{RESULTS}/pages"),
    log:
        f"{RESULTS}/logs/pages.log",
    benchmark:
        f"{RESULTS}/benchmarks/pages.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        **need(1000, 5),
    params:
        **job(stamp=settings.departures(config)),
    shell:
        JOB


@functools.cache
def jobs_until(*last):
    """All jobs that make the results and what these rules make: rule, record, other files."""
    ends = [str(path) for each in finished_rules(*EVIDENCE, *last) for path in each.output]
    return WRITERS.behind(ends)


def files_until(*last):
    """All files of those jobs."""
    return [
        path for _, record, paths in jobs_until(*last) for path in (record, *paths)
    ]


def shown_pages():
    """All pages of the report."""
    return [
        path
        for each in workflow.rules
        for path in each.output
        if is_flagged(path, "report")
    ]


rule provenance:
    input:
        code=code("scripts/report/provenance.py"),
        **made(made=lambda wildcards: files_until(*BEFORE_REPORT)),
    output:
        page=shown(
            f"{RESULTS}/provenance.html",
            "provenance",
            ABOUT_PAGES,
            "Provenance: commit, versions, devices, times",
        ),
        config_file=f"{RESULTS}/config.yaml",
        **traces(f"{RESULTS}/provenance"),
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
            jobs=lambda wildcards: jobs_until(*BEFORE_REPORT),
            results=RESULTS,
            config=config,
            stamp=settings.departures(config),
        ),
    shell:
        JOB


rule report:
    input:
        code=code("scripts/report/report.py"),
        style=f"{REPORT}/report.css",
        start=f"{REPORT}/start.rst",
        **made(
            pages=lambda wildcards: shown_pages(),
            config=rules.provenance.output.config_file,
        ),
    output:
        report=f"{RESULTS}/report.html",
        **traces(f"{RESULTS}/report"),
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
        **job(snakefile=os.path.relpath(WORKFLOW.parent / "Snakefile")),
    shell:
        JOB


rule crate:
    input:
        code=code("scripts/report/crate.py"),
        **made(made=lambda wildcards: files_until(*BEFORE_CRATE)),
    output:
        crate=f"{RESULTS}/ro-crate-metadata.json",
        **traces(f"{RESULTS}/crate"),
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


# Of a finished run, whatever the dates of its files: so it asks for none of them as an input.
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
        **job(jobs=lambda wildcards: jobs_until(*BEFORE_CRATE, "crate"), results=RESULTS),
    shell:
        JOB


rule everything_shown:
    input:
        lambda wildcards: shown_pages(),
