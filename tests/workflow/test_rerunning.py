"""What is run again after a change, and what is not; and that it comes to the same bytes."""

import os
import shutil
import subprocess

import pytest
from workflow_runs import (
    RESULTS,
    contents,
    copy_of_repository,
    copy_of_run,
    edit,
    planned,
    snakemake,
)

from fragility.images.imagenet_classes import synset
from fragility.images.photos import packaged_photos

PAGES = {"site": 1, "provenance": 1, "report": 1, "crate": 1, "all": 1}
SCORES = {"linear_score": 1, "scorecard": 1}
THEORY = {"theory_score": 1, "scorecard": 1}
NOTEBOOKS = {
    f"linear_{name}notebook": 1 for name in ("", "dimension_", "sensitivity_", "classifiers_")
}
CELLS = 9  # three dimensions, a grid of four but one; two of one batch; one without the factor
RELU_NOTEBOOKS = {f"relu_{name}notebook": 1 for name in ("", "attack_", "conditions_")}
RELU_SCORES = {"relu_score": 1, "scorecard": 1}
# conditions on tiny settings: Table 3's, Table 4's, two depths, and one more learning rate; only
# the last is not attacked, only Table 4's is not measured
RELU_TRAINED, RELU_MEASURED, RELU_ATTACKED = 5, 4, 4
MNIST_NOTEBOOKS = {"mnist_notebook": 1, "mnist_sevens_notebook": 1}
MNIST_SCORES = {"mnist_score": 1, "scorecard": 1}
DIGIT_NETWORKS = 2
IMAGENET_NOTEBOOKS = {f"imagenet_{name}notebook": 1 for name in ("", "networks_", "pairs_")}
IMAGENET_SCORES = {"imagenet_score": 1, "scorecard": 1}
PRETRAINED = 2
# what follows where networks of the linear and ReLU experiments, or their attacks, are made anew
CAUSES_SCORES = {"causes_score": 1, "scorecard": 1}
THROUGH = {"causes_through_training": 2, "causes_through_training_notebook": 1} | CAUSES_SCORES
ROBUST_NOTEBOOK = {"causes_robust_training_notebook": 1}
RELABELLED = {"causes_relabelled_points": 1, "causes_relabelled_notebook": 1} | CAUSES_SCORES
ACCOUNTS = {"accounts_theorem_6": 1, "accounts_score": 1}
ACCOUNTS_NOTEBOOK = {"accounts_notebook": 1}  # it shows a claim of causes, too


def test_nothing_to_do_when_finished(finished):
    assert not planned(finished)


def test_touching_everything_reruns_nothing(copy):
    for path in copy.rglob("*"):
        if path.is_file() and ".snakemake" not in path.parts and ".git" not in path.parts:
            os.utime(path)
    assert not planned(copy)


def test_moving_the_folder_reruns_nothing(copy, tmp_path):
    assert not planned(copy.rename(tmp_path / "elsewhere"))


def test_fresh_clone_with_results_copied_reruns_nothing(finished, tmp_path):
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", finished, clone], check=True)
    for name in ("results", ".snakemake"):
        shutil.rmtree(clone / name, ignore_errors=True)  # git has results/README.md
        copy_of_run(finished / name, clone / name)
    assert not planned(clone)


def test_a_part_builds_only_its_ancestors(tmp_path):
    fresh = copy_of_repository(tmp_path / "fresh")
    steps = {"linear_draw": 1, "linear_train": 1, "linear_measure": 1}
    assert planned(fresh, "table_1") == steps | {"linear_notebook": 1, "table_1": 1}
    steps = {"linear_draw": 1, "relu_train": 1, "relu_attack": 1}
    assert planned(fresh, "table_4") == steps | {"relu_attack_notebook": 1, "table_4": 1}
    steps = {f"mnist_{verb}": DIGIT_NETWORKS for verb in ("train", "block", "measure")}
    steps |= {"mnist_fetch": 1, "mnist_notebook": 1}
    assert planned(fresh, "table_5") == steps | {"table_5": 1}
    steps = {f"imagenet_{verb}": 1 for verb in ("choose", "measure", "notebook")}
    assert planned(fresh, "table_8") == steps | {"table_8": 1}


@pytest.mark.parametrize(
    ("name", "old", "new", "jobs"),
    [
        pytest.param(
            "workflow/fragility/experiments/linear/figures.py", "input dimension d", "dimension d",
            NOTEBOOKS | PAGES, id="plotting",
        ),
        pytest.param(
            "workflow/fragility/exact/max_margin.py", "tol=1e-14", "tol=1e-13",
            {"linear_classifiers": 3, "linear_classifiers_notebook": 1}
            | RELABELLED | ROBUST_NOTEBOOK | ACCOUNTS_NOTEBOOK | SCORES | RELU_SCORES | PAGES,
            id="max-margin",
        ),
        pytest.param(
            "workflow/fragility/training/linear_cpu.py", "0.999", "0.99",
            {"linear_train": CELLS, "linear_measure": CELLS} | NOTEBOOKS | SCORES
            | THROUGH | RELABELLED | ACCOUNTS | ACCOUNTS_NOTEBOOK | PAGES,
            id="training",
        ),
        pytest.param(
            "workflow/fragility/training/relu_cpu.py", "0.999", "0.99",
            {"relu_train": RELU_TRAINED, "relu_measure": RELU_MEASURED}
            | {"relu_attack": RELU_ATTACKED} | RELU_NOTEBOOKS | RELU_SCORES
            | THROUGH | ACCOUNTS | ACCOUNTS_NOTEBOOK | PAGES,
            id="relu training",
        ),
        pytest.param(
            "workflow/fragility/exact/certificate.py", "HALVINGS = 12", "HALVINGS = 13",
            {"relu_attack": RELU_ATTACKED, "relu_attack_notebook": 1}
            | {"relu_conditions_notebook": 1} | RELU_SCORES
            | {"causes_one_hot": 2, "causes_one_hot_notebook": 1, "causes_robust_training": 1}
            | ROBUST_NOTEBOOK | CAUSES_SCORES | ACCOUNTS | ACCOUNTS_NOTEBOOK | PAGES,
            id="certificate",
        ),
        pytest.param(
            "workflow/fragility/images/artificial_ones.py",
            "ONE, SEVEN = 1, 7", "SEVEN, ONE = 7, 1",
            {"mnist_block": DIGIT_NETWORKS, "mnist_measure": DIGIT_NETWORKS}
            | MNIST_NOTEBOOKS | MNIST_SCORES | {"causes_digits_measure": 1}
            | {"causes_digits_notebook": 1} | CAUSES_SCORES | ACCOUNTS_NOTEBOOK | PAGES,
            id="artificial ones",
        ),
        pytest.param(
            "workflow/fragility/attacks/iterative.py",
            "first step that flips", "first step to flip",
            {"imagenet_measure": PRETRAINED, "imagenet_compare": 1}
            | IMAGENET_NOTEBOOKS | IMAGENET_SCORES | PAGES,
            id="iterative attack",
        ),
        pytest.param(
            "workflow/fragility/experiments/linear/evidence.py", "an identity", "identical",
            SCORES | PAGES, id="evidence",
        ),
        pytest.param(
            "workflow/fragility/statements/lemma_2/simulation.py", "2**20", "2**19",
            {"theory_check": 1, "theory_notebook": 1} | THEORY | PAGES, id="one statement",
        ),
    ],
)  # fmt: skip
def test_editing_a_module_reruns_exactly_its_dependents(copy, name, old, new, jobs):
    edit(copy / name, old, new)
    assert planned(copy) == jobs


def test_editing_a_notebook_reruns_it_and_the_report(copy):
    edit(copy / "workflow/notebooks/linear_sensitivity.ipynb", "The paper prints", "It prints")
    assert planned(copy) == {"linear_sensitivity_notebook": 1} | PAGES


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("workflow/site/findings.yaml", "The easiest input", "An easiest input"),
        ("workflow/report/table_1.rst", "The first ten", "Ten"),
        ("docs/limits.md", "# Limits", "# The limits"),
    ],
)  # fmt: skip
def test_editing_a_sentence_reruns_the_site_and_what_holds_it(copy, name, old, new):
    edit(copy / name, old, new)
    assert planned(copy) == {"site": 1, "report": 1, "crate": 1, "all": 1}


def test_another_category_reruns_the_report(copy):
    edit(copy / "workflow/rules/causes.smk", '"6 Causes"', '"6 Interventions"')
    assert planned(copy) == {"report": 1, "crate": 1, "all": 1}


def test_editing_a_printed_value_reruns_what_reads_it(copy):
    edit(copy / "workflow/paper/table_2.csv", "0.3645", "0.3654")
    assert planned(copy) == {"linear_notebook": 1, "audit": 1} | PAGES


DELETED = [  # read by one other job; by several; by all
    f"{RESULTS}/linear/measure/d5_batch4_rate0.01.csv",
    f"{RESULTS}/linear/train/d5_batch4_rate0.01.safetensors",
    f"{RESULTS}/audit.csv",
]


@pytest.mark.parametrize(
    ("targets", "more"),
    [
        pytest.param(DELETED, [], id="three"),
        pytest.param([], ["*/*/*.csv", "linear/*/*.sha256"], id="all", marks=pytest.mark.ci),
    ],
)
def test_deleted_intermediates_come_back_with_the_same_bytes(copy, finished, targets, more):
    """Three files; and in the whole run one of every job."""
    deleted = {copy / name for name in DELETED}
    deleted |= {path for glob in more for path in sorted((copy / RESULTS).glob(glob))[::4]}
    for path in deleted:
        path.unlink()
    assert planned(copy).keys() >= {"linear_measure", "linear_train", "audit"}
    snakemake(copy, *targets)
    assert contents(copy) == contents(finished)
    assert not planned(copy, *targets)


@pytest.mark.ci
def test_photos_of_one_s_own_count_when_they_change_not_when_touched(tmp_path):
    folder = copy_of_repository(tmp_path / "own")
    edit(folder / "tests/config.tiny.yaml", "imagenet:\n", "imagenet:\n  photos: photos\n")
    for photo in packaged_photos():
        (folder / "photos" / synset(photo.label)).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(photo.path, folder / "photos" / synset(photo.label) / photo.name)
    (dalmatian,) = (folder / "photos" / synset(251)).iterdir()
    (strawberry,) = (folder / "photos" / synset(949)).iterdir()
    target = f"{RESULTS}/imagenet/choose/tf_efficientnet_lite0/experiments.csv"
    snakemake(folder, target)
    before = dalmatian.read_bytes()

    dalmatian.touch()
    strawberry.unlink()  # of no class that is compared
    assert not planned(folder, target)
    dalmatian.write_bytes(before + b"!")
    assert planned(folder, target) == {"imagenet_choose": 1}
    dalmatian.write_bytes(before)
    assert not planned(folder, target)
    another = dalmatian.with_name("another.jpg")
    another.write_bytes(before)
    assert planned(folder, target) == {"imagenet_choose": 1}
    another.unlink()
    assert not planned(folder, target)


@pytest.mark.ci
def test_cells_packed_into_jobs_give_the_same_tables_and_figures(finished, tmp_path):
    folder = copy_of_repository(tmp_path / "packed")
    tiny = folder / "tests/config.tiny.yaml"
    edit(tiny, "    n_runs: 20\n", "    n_runs: 20\n    cells_per_job: 2\n")
    target = f"{RESULTS}/tables/linear_sensitivity.csv"
    jobs = planned(folder, target)
    assert jobs["linear_train"] == jobs["linear_measure"] == 3  # two and one, and the default cell
    snakemake(folder, target)
    made = {n: v for n, v in contents(folder).items() if n.startswith(("tables/", "figures/"))}
    assert len(made) == 5  # CSV, Markdown, LaTeX; SVG, PNG
    assert made == {name: value for name, value in contents(finished).items() if name in made}
