"""Non-robust features: networks trained on inputs that were moved across a boundary."""

RELABELLED = CAUSES["relabelled"]


rule causes_relabelled_points:
    input:
        code=code("scripts/causes/relabel.py"),
    output:
        **traces(f"{RESULTS}/causes/relabelled/points"),
        accuracies=f"{RESULTS}/causes/relabelled/points.csv",
        moves=f"{RESULTS}/causes/relabelled/points_moves.csv",
    log:
        f"{RESULTS}/logs/causes_relabelled_points.log",
    benchmark:
        f"{RESULTS}/benchmarks/causes_relabelled_points.tsv"
    conda:
        "../../envs/attack.yaml"
    threads: 1
    resources:
        **need(2000, 60, gpu=1),
    params:
        **job(
            dimension=RELABELLED["dimension"],
            column_scale=RELABELLED["column_scale"],
            networks=RELABELLED["networks"],
            width=RELABELLED["width"],
            learning_rate=RELABELLED["learning_rate"],
            teacher_steps=RELABELLED["teacher_steps"],
            steps=RELABELLED["steps"],
            steps_relu=RELABELLED["steps_relu"],
            checkpoints=RELABELLED["checkpoints"],
            margins=RELABELLED["margins"],
            attacks=RELABELLED["attack"]["attacks"],
            attack_steps=RELABELLED["attack"]["steps"],
            seed=config["seed"],
        ),
    shell:
        JOB


rule causes_relabelled_digits:
    input:
        **made(networks=[f"{path}.safetensors" for path in DIGIT_KINDS]),
        code=code("scripts/causes/relabel_digits.py"),
    output:
        **traces(f"{RESULTS}/causes/relabelled/digits"),
        accuracies=f"{RESULTS}/causes/relabelled/digits.csv",
        moves=f"{RESULTS}/causes/relabelled/digits_moves.csv",
    log:
        f"{RESULTS}/logs/causes_relabelled_digits.log",
    benchmark:
        f"{RESULTS}/benchmarks/causes_relabelled_digits.tsv"
    conda:
        "../../envs/attack.yaml"
    threads: DIGITS["threads"]
    resources:
        **need(2600, 60, gpu=1),
    params:
        **job(
            folder=MNIST_DATA,
            margins=RELABELLED["margins"],
            attacks=RELABELLED["digits_attack"]["attacks"],
            steps=RELABELLED["digits_attack"]["steps"],
            checkpoints=RELABELLED["checkpoints"],
            seed=config["seed"],
            threads=DIGITS["threads"],
            **DIGIT_TRAINING,
        ),
    shell:
        JOB


RELABELLED_JOBS = [rules.causes_relabelled_points, rules.causes_relabelled_digits]
CAUSES_RESULTS |= {
    "relabelled": [each.output.accuracies for each in RELABELLED_JOBS],
    "moves": [each.output.moves for each in RELABELLED_JOBS],
}

notebook(
    "causes_relabelled",
    inputs={
        "accuracies": CAUSES_RESULTS["relabelled"],
        "moves": CAUSES_RESULTS["moves"],
    },
    outputs={
        "table": rendered(
            "causes_relabelled",
            CAUSES_PAGES,
            "Relabelled inputs: accuracy on clean inputs",
        ),
        "steps": rendered(
            "causes_relabelled_steps",
            CAUSES_PAGES,
            "Relabelled inputs: every step measured",
        ),
        "through": drawn(
            "causes_relabelled_through",
            CAUSES_PAGES,
            "Relabelled inputs: through training",
        ),
    },
    stamped=["seed", "causes.relabelled", "causes.digits"],
)
