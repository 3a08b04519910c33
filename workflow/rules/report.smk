"""The report: scorecard, start page, assumptions, provenance, and all pages in one file."""

ABOUT_PAGES = "About this run"
SCORES = [rules.linear_score.output.scores]
# Everything the report shows; an experiment adds the notebook outputs of its own here.
SHOWN = rules.linear.input


def page(name, title):
    labels = {"artifact": title, "kind": "page"}
    caption = f"../report/{name}.rst"
    return report(f"{RESULTS}/{name}.html", caption=caption, category=ABOUT_PAGES, labels=labels)


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
    params:
        paper=subpath(input.claims, parent=True),
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    conda:
        "../../envs/analysis.yaml"
    shell:
        "python {input.code[0]} --paper {params.paper} --scores {input.scores} "
        "--output {output.scorecard} --provenance {output.provenance} > {log} 2>&1"


rule pages:
    input:
        code=code("scripts/render_pages.py"),
        scorecard=rules.scorecard.output.scorecard,
        assumptions=f"{PAPER}/assumptions.csv",
    output:
        start=f"{RESULTS}/start.html",
        scorecard=page("scorecard", "All claims, with rules and reasons"),
        assumptions=page("assumptions", "What the paper leaves open"),
        provenance=f"{RESULTS}/pages.json",
    log:
        f"{RESULTS}/logs/pages.log",
    benchmark:
        f"{RESULTS}/benchmarks/pages.tsv"
    params:
        stamp=settings.departures(config),
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    conda:
        "../../envs/analysis.yaml"
    shell:
        "python {input.code[0]} --scorecard {input.scorecard} --assumptions {input.assumptions} "
        "--stamp {params.stamp:q} --start {output.start} --claims-page {output.scorecard} "
        "--assumptions-page {output.assumptions} --provenance {output.provenance} > {log} 2>&1"


rule provenance:
    input:
        code=code("scripts/render_provenance.py"),
        shown=SHOWN,
        pages=rules.pages.output,
    output:
        page=page("provenance", "Provenance: commit, versions, devices, times"),
        config=f"{RESULTS}/config.yaml",
        provenance=f"{RESULTS}/provenance.json",
    log:
        f"{RESULTS}/logs/provenance.log",
    benchmark:
        f"{RESULTS}/benchmarks/provenance.tsv"
    params:
        results=RESULTS,
        config=json.dumps(config),
        stamp=settings.departures(config),
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    conda:
        "../../envs/analysis.yaml"
    shell:
        "python {input.code[0]} --results {params.results} --config {params.config:q} "
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
    params:
        snakefile=os.path.relpath(Path(workflow.basedir) / "Snakefile"),
    localrule: True
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    conda:
        "../../envs/snakemake.yaml"
    shell:
        "snakemake --snakefile {params.snakefile} --configfile {input.config} --cores 1 --nolock "
        "--report {output} --report-stylesheet {input.style} shown > {log} 2>&1"


rule shown:
    input:
        rules.provenance.output,
        SHOWN,
