"""Do verdicts turn with the master seed?  Every claim's verdict for several seeds, side by side.

The first seed is the configuration's own: its scores are those of the run itself.  Each other seed
is one job that runs Snakemake for the scores, with results in a folder of its own.
"""


include: "stability_seeds.smk"


rule stability_seed:
    input:
        code=code_of_scores,
    output:
        **traces(f"{RESULTS}/stability/{{seed}}"),
        configfile=f"{RESULTS}/stability/{{seed}}.yaml",
        scores=f"{RESULTS}/stability/{{seed}}.csv",
    log:
        f"{RESULTS}/logs/stability_seed/{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/stability_seed/{{seed}}.tsv"
    wildcard_constraints:
        seed=r"\d+",
    conda:
        "../../envs/snakemake.yaml"
    threads: lambda wildcards: workflow.cores
    resources:
        **need(3000, 1440, gpu=1) | {"mem_mb": memory_of_all},
    params:
        **job(config=reseeded, experiments=COMPARED, snakefile=SNAKEFILE),
    shell:
        JOB


rule stability:
    input:
        **made(
            own=OWN_SCORES,
            others=[f"{RESULTS}/stability/{seed}.csv" for seed in SEEDS[1:]],
        ),
        code=code("scripts/stability/table.py"),
    output:
        **traces(f"{RESULTS}/stability"),
        table=f"{RESULTS}/stability.csv",
        markdown=f"{RESULTS}/stability.md",
    log:
        f"{RESULTS}/logs/stability.log",
    benchmark:
        f"{RESULTS}/benchmarks/stability.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        **need(1000, 5),
    params:
        **job(seeds=SEEDS, stamp=configuration.changed_settings(config)),
    shell:
        JOB
