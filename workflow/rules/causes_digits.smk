"""Digits: small networks trained in several ways, measured on pairs of classes."""

DIGITS = CAUSES["digits"]
DIGIT_KINDS = [f"{RESULTS}/causes/digits/train/{i}" for i in range(DIGITS["networks"])]
DIGIT_TRAINING = {
    name: DIGITS[name] for name in ("images", "batch_size", "learning_rate", "epochs")
}


rule causes_digits_train:
    input:
        **made(checksums=rules.mnist_fetch.output.checksums),
        code=code("scripts/causes/train_digits.py"),
    output:
        **traces(f"{RESULTS}/causes/digits/train/{{index}}"),
        networks=f"{RESULTS}/causes/digits/train/{{index}}.safetensors",
        accuracies=f"{RESULTS}/causes/digits/train/{{index}}.csv",
    log:
        f"{RESULTS}/logs/causes_digits_train/{{index}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/causes_digits_train/{{index}}.tsv"
    cache: CACHING
    conda:
        "../../envs/attack.yaml"
    threads: DIGITS["threads"]
    resources:
        **need(2000, 60, gpu=1),
    params:
        **job(
            folder=MNIST_DATA,
            index=lambda wildcards: int(wildcards.index),
            strengths=DIGITS["strengths"],
            attack_steps=DIGITS["attack_steps"],
            seed=config["seed"],
            threads=DIGITS["threads"],
            **DIGIT_TRAINING,
        ),
    shell:
        JOB


rule causes_digits_measure:
    input:
        **made(networks=[f"{path}.safetensors" for path in DIGIT_KINDS]),
        code=code("scripts/causes/measure_digits.py"),
    output:
        **traces(f"{RESULTS}/causes/digits/measure"),
        measures=f"{RESULTS}/causes/digits/measure.csv",
    log:
        f"{RESULTS}/logs/causes_digits_measure.log",
    benchmark:
        f"{RESULTS}/benchmarks/causes_digits_measure.tsv"
    conda:
        "../../envs/attack.yaml"
    threads: DIGITS["threads"]
    resources:
        **need(2000, 60, gpu=1),
    params:
        **job(
            folder=MNIST_DATA,
            images=DIGITS["images"],
            least_accuracy=DIGITS["least_accuracy"],
            pairs=DIGITS["pairs"],
            digits_per_pair=DIGITS["digits_per_pair"],
            largest=DIGITS["largest_mask"],
            alphas=DIGITS["alphas"],
            attacks=DIGITS["attack"]["attacks"],
            steps=DIGITS["attack"]["steps"],
            threads=DIGITS["threads"],
        ),
    shell:
        JOB


CAUSES_RESULTS |= {"digits": rules.causes_digits_measure.output.measures}

notebook(
    "causes_digits",
    inputs={
        "measures": CAUSES_RESULTS["digits"],
        "accuracies": [f"{path}.csv" for path in DIGIT_KINDS],
    },
    outputs={
        "kinds": rendered("causes_digits", CAUSES_PAGES, "Digits: ways of training"),
        "changes": rendered(
            "causes_digits_changes",
            CAUSES_PAGES,
            "Digits: what robust training changes",
        ),
        "relation": drawn(
            "causes_digits_relation", CAUSES_PAGES, "Digits: robustness and compression"
        ),
    },
    stamped=["seed", "causes.digits"],
)
