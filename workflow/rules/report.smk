"""The report: scorecard, start page, assumptions, provenance, and all pages in one file."""

ABOUT_PAGES = "About this run"
SCORES = [
    rules.linear_score.output.scores,
    rules.relu_score.output.scores,
    rules.mnist_score.output.scores,
    rules.imagenet_score.output.scores,
    rules.theory_score.output.scores,
]
# What the report shows and what made it; an experiment adds its own here.
SHOWN = [
    *rules.linear.input,
    *rules.relu.input,
    *rules.mnist.input,
    *rules.imagenet.input,
    *rules.theory.input,
    rules.audit.output.page,
]
RECORDS = [
    *LINEAR_RECORDS,
    *RELU_RECORDS,
    *MNIST_RECORDS,
    *IMAGENET_RECORDS,
    *THEORY_RECORDS,
    rules.audit.output.provenance,
]


rule scorecard:
    input:
        code=code("scripts/merge_scores.py"),
        claims=f"{PAPER}/claims.csv",
        scores=SCORES,
    output:
        scorecard=f"{RESULTS}/scorecard.csv",
        provenance=f"{RESULTS}/scorecard.json",
    log:
        f"{RESULTS}/logs/scorecard.log",
    benchmark:
        f"{RESULTS}/benchmarks/scorecard.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(5),
    params:
        paper=subpath(input.claims, parent=True),
    shell:
        "python {input.code[0]} --paper {params.paper} --scores {input.scores} "
        "--output {output.scorecard} --provenance {output.provenance} > {log} 2>&1"


rule pages:
    input:
        code=code("scripts/render_pages.py"),
        scorecard=rules.scorecard.output.scorecard,
        assumptions=f"{PAPER}/assumptions.csv",
        figure=rules.linear_dimension_notebook.output.figure_2[0],
    output:
        start=f"{RESULTS}/start.html",
        markdown=f"{RESULTS}/scorecard.md",
        scorecard=shown(
            f"{RESULTS}/scorecard.html",
            "scorecard",
            ABOUT_PAGES,
            "All claims, with rules and reasons",
        ),
        assumptions=shown(
            f"{RESULTS}/assumptions.html",
            "assumptions",
            ABOUT_PAGES,
            "What the paper leaves open",
        ),
        provenance=f"{RESULTS}/pages.json",
    log:
        f"{RESULTS}/logs/pages.log",
    benchmark:
        f"{RESULTS}/benchmarks/pages.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(5),
    params:
        stamp=settings.departures(config),
    shell:
        "python {input.code[0]} --scorecard {input.scorecard} --assumptions {input.assumptions} "
        "--figure {input.figure} --stamp {params.stamp:q} --start {output.start} --markdown {output.markdown} --claims-page {output.scorecard} "
        "--assumptions-page {output.assumptions} --provenance {output.provenance} > {log} 2>&1"


rule provenance:
    input:
        code=code("scripts/render_provenance.py"),
        records=[
            *RECORDS,
            rules.scorecard.output.provenance,
            rules.pages.output.provenance,
        ],
    output:
        page=shown(
            f"{RESULTS}/provenance.html",
            "provenance",
            ABOUT_PAGES,
            "Provenance: commit, versions, devices, times",
        ),
        config=f"{RESULTS}/config.yaml",
        provenance=f"{RESULTS}/provenance.json",
    log:
        f"{RESULTS}/logs/provenance.log",
    benchmark:
        f"{RESULTS}/benchmarks/provenance.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(5),
    params:
        config=json.dumps(config),
        stamp=settings.departures(config),
    shell:
        "python {input.code[0]} --records {input.records} --config {params.config:q} "
        "--stamp {params.stamp:q} --page {output.page} --config-file {output.config} "
        "--provenance {output.provenance} > {log} 2>&1"


# Snakemake writes its report from the finished run's records, so a second, short-lived Snakemake
# reads them while this job waits; it computes nothing and takes no lock.
rule report:
    input:
        rules.provenance.output,
        shown=SHOWN,
        style=os.path.relpath(WORKFLOW / "report" / "report.css"),
        start=os.path.relpath(WORKFLOW / "report" / "start.rst"),
        config=rules.provenance.output.config,
    output:
        f"{RESULTS}/report.html",
    log:
        f"{RESULTS}/logs/report.log",
    localrule: True
    conda:
        "../../envs/snakemake.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(5),
    params:
        snakefile=os.path.relpath(Path(workflow.basedir) / "Snakefile"),
    shell:
        "snakemake --snakefile {params.snakefile} --configfile {input.config} --cores 1 --nolock "
        "--report {output} --report-stylesheet {input.style} everything_shown > {log} 2>&1"


RUN_RECORDS = [*rules.provenance.input.records, rules.provenance.output.provenance]
RUN_JOBS = [job_of(record) for record in RUN_RECORDS]


rule crate:
    input:
        code=code("scripts/write_crate.py"),
        files=[path for _, made in RUN_JOBS for path in made],
        report=rules.report.output,
    output:
        crate=f"{RESULTS}/ro-crate-metadata.json",
        provenance=f"{RESULTS}/crate.json",
    log:
        f"{RESULTS}/logs/crate.log",
    benchmark:
        f"{RESULTS}/benchmarks/crate.tsv"
    conda:
        "../../envs/crate.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(5),
    params:
        jobs=[word for rule, made in RUN_JOBS for word in ("--job", rule, *made)],
    shell:
        "python {input.code[0]} {params.jobs:q} --also {input.report} "
        "--output {output.crate} --provenance {output.provenance} > {log} 2>&1"


rule everything_shown:
    input:
        rules.provenance.output,
        SHOWN,
