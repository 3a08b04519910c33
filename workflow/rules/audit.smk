"""The paper's printed numbers compared with one another; our numbers are not used."""


rule audit:
    input:
        code=code("scripts/report/audit.py"),
        printed=[f"{PAPER}/table_{n}.csv" for n in range(1, 9)],
        quoted=f"{PAPER}/quoted.csv",
    output:
        **traces(f"{RESULTS}/audit"),
        checks=f"{RESULTS}/audit.csv",
    log:
        f"{RESULTS}/logs/audit.log",
    benchmark:
        f"{RESULTS}/benchmarks/audit.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        **need(1000, 5),
    params:
        **job(),
    shell:
        JOB
