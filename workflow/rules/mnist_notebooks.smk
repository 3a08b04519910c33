"""MNIST: the notebooks that render tables and figures, and the named targets."""


rule mnist_notebook:
    input:
        code=notebook_code("mnist"),
        notebook=os.path.relpath(WORKFLOW / "notebooks/mnist.ipynb"),
        captions=captions(
            "table_5", "table_6", "figure_3", "mnist_along", "mnist_strips"
        ),
        measures=MNIST_MEASURES[0],
        pictures=f"{RESULTS}/mnist/measures/0.safetensors",
        printed=expand(f"{PAPER}/table_{{n}}.csv", n=[5, 6]),
    output:
        notebook=f"{RESULTS}/notebooks/mnist.ipynb",
        provenance=f"{RESULTS}/notebooks/mnist.json",
        table_5=rendered("table_5", MNIST_PAGES, "Table 5"),
        table_6=rendered("table_6", MNIST_PAGES, "Table 6"),
        figure_3=drawn("figure_3", MNIST_PAGES, "Figure 3"),
        along=drawn("mnist_along", MNIST_PAGES, "Table 6 as a figure"),
        strips=drawn("mnist_strips", MNIST_PAGES, "From seven to one, image by image"),
    log:
        f"{RESULTS}/logs/mnist_notebook.log",
    benchmark:
        f"{RESULTS}/benchmarks/mnist_notebook.tsv"
    conda:
        "../../envs/notebook.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        parameters=notebook_parameters(stamp("seed", "mnist")),
    shell:
        NOTEBOOK


rule mnist_sevens_notebook:
    input:
        code=notebook_code("mnist_sevens"),
        notebook=os.path.relpath(WORKFLOW / "notebooks/mnist_sevens.ipynb"),
        captions=captions(
            "mnist_relations", "mnist_scatter", "mnist_networks", "mnist_attacks"
        ),
        measures=MNIST_MEASURES,
        masks=expand(rules.mnist_block.output.masks, index=MNIST_NETWORKS),
        accuracies=expand(rules.mnist_train.output.accuracy, index=MNIST_NETWORKS),
        printed=f"{PAPER}/table_5.csv",
    output:
        notebook=f"{RESULTS}/notebooks/mnist_sevens.ipynb",
        provenance=f"{RESULTS}/notebooks/mnist_sevens.json",
        relations=rendered(
            "mnist_relations", MNIST_PAGES, "What predicts Q, over all sevens"
        ),
        scatter=drawn(
            "mnist_scatter", MNIST_PAGES, "Q against M and cos θt, all sevens"
        ),
        networks=rendered("mnist_networks", MNIST_PAGES, "Over networks"),
        attacks=rendered("mnist_attacks", MNIST_PAGES, "Attacks on the sevens compared"),
    log:
        f"{RESULTS}/logs/mnist_sevens_notebook.log",
    benchmark:
        f"{RESULTS}/benchmarks/mnist_sevens_notebook.tsv"
    conda:
        "../../envs/notebook.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        parameters=notebook_parameters(stamp("seed", "mnist")),
    shell:
        NOTEBOOK


MNIST_RECORDS = [
    rules.mnist_data.output.provenance,
    *expand(rules.mnist_train.output.provenance, index=MNIST_NETWORKS),
    *expand(rules.mnist_block.output.provenance, index=MNIST_NETWORKS),
    *expand(rules.mnist_measure.output.provenance, index=MNIST_NETWORKS),
    rules.mnist_score.output.provenance,
    rules.mnist_notebook.output.provenance,
    rules.mnist_sevens_notebook.output.provenance,
]


rule table_5:
    input:
        rules.mnist_notebook.output.table_5,


rule table_6:
    input:
        rules.mnist_notebook.output.table_6,


rule figure_3:
    input:
        rules.mnist_notebook.output.figure_3,


rule mnist:
    input:
        rules.mnist_notebook.output,
        rules.mnist_sevens_notebook.output,
        rules.mnist_score.output,
