"""The whole workflow on tiny settings, and the contracts of rerunning; faults: test_faults.py."""

import hashlib
import os
import re
import shutil
import subprocess

import pandas as pd
import pytest
from rocrate.rocrate import ROCrate
from workflow_runs import (
    REPOSITORY,
    RESULTS,
    contents,
    copy_of_repository,
    edit,
    planned,
    snakemake,
)

from fragility.images.imagenet_classes import synset
from fragility.images.photos import packaged_photos
from fragility.paper.claims import read_all_claims
from fragility.paper.verdicts import OWN_SETTINGS, WITHOUT_EVIDENCE
from fragility.runtime import digests

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


# --- the run itself


def test_every_claim_has_a_row_and_on_tiny_settings_none_has_a_verdict(finished):
    claims = read_all_claims(finished / "workflow/paper/claims")
    scores = pd.read_csv(finished / RESULTS / "scorecard.csv")
    assert list(scores["id"]) == [claim.id for claim in claims]
    without = set(WITHOUT_EVIDENCE)
    expected = [claim.rule if claim.rule in without else OWN_SETTINGS for claim in claims]
    assert list(scores["verdict"]) == expected


def test_report_is_one_file_with_the_start_page_and_every_artifact(finished):
    report = (finished / RESULTS / "report.html").read_text()
    assert "Does feature compression explain" in report
    tables = [f"Table {n}" for n in range(1, 9)]
    for title in (
        *tables,
        *(f"Figure {n}" for n in range(1, 7)),
    ):
        assert title in report
    assert 'src="http' not in report and 'href="http://' not in report.split("<body>")[0]


def test_every_page_and_figure_is_stamped_on_other_settings(finished):
    results = finished / RESULTS
    made = [*results.glob("tables/*.md"), *results.glob("pages/*.html"), *results.glob("*.html")]
    for page in [*made, *results.glob("site/*.html"), *results.glob("figures/*.svg")]:
        text = page.read_text()
        assert "Not the paper" in text or "settings are not the paper" in text, page.name
    assert not (finished / "results" / "scorecard.csv").exists()


def test_every_result_is_in_the_record_of_the_job_that_made_it(finished):
    results = finished / RESULTS
    there = {str(path.relative_to(finished)) for path in results.rglob("*") if path.is_file()}
    recorded = set()
    for path in sorted(results.rglob("*.json")):
        if path.name == "ro-crate-metadata.json" or "site" in path.relative_to(results).parts[:-1]:
            continue
        record = digests.read_record(path)
        assert record["versions"]["numpy"] and record["device"] == "cpu"
        assert len(record["commit"]) >= 12 and "+changes" not in record["commit"]
        assert record["threads"] == record["job"]["threads"] == 1  # the tiny digit networks' too
        recorded |= {*record["written"], str(path.relative_to(finished))}
        for written in record["written"]:
            recorded |= {
                str((finished / name).relative_to(finished))
                for name in listed_in(finished, written)
            }
    logs = {name for name in there if "/logs/" in name or "/benchmarks/" in name}
    assert recorded == there - logs


def listed_in(folder, path):
    """The files of the site's list, if ``path`` is that: relative to the repository."""
    if not path.endswith("site/files.sha256"):
        return []
    lines = (folder / path).read_text().splitlines()
    return [f"{RESULTS}/site/{line.partition('  ')[2]}" for line in lines]


def test_the_sites_list_of_files_is_complete_and_right(finished):
    site = finished / RESULTS / "site"
    lines = [line.partition("  ") for line in (site / "files.sha256").read_text().splitlines()]
    there = {str(path.relative_to(site)) for path in site.rglob("*") if path.is_file()}
    assert {name for _, _, name in lines} == there - {"files.sha256"}
    for sha256, _, name in lines:
        assert sha256 == hashlib.sha256((site / name).read_bytes()).hexdigest(), name


def test_the_crate_lists_every_result_and_the_job_that_made_it(finished):
    results = finished / RESULTS
    crate = ROCrate(results)
    for entity in crate.data_entities:
        content = (results / entity.id).read_bytes()
        assert entity["sha256"] == hashlib.sha256(content).hexdigest(), entity.id
    there = {str(path.relative_to(results)) for path in results.rglob("*") if path.is_file()}
    unlisted = {name for name in there if not name.startswith(("logs/", "benchmarks/"))}
    unlisted -= {"ro-crate-metadata.json", "crate.json", "crate.sha256"}  # written last, together
    assert {entity.id for entity in crate.data_entities} == unlisted
    made = [job["result"] for job in crate.root_dataset["mentions"]]
    names = [entity.id for files in made for entity in files]
    assert sorted(names) == sorted(unlisted)  # each by one job, once


def test_every_computing_rule_states_what_it_needs():
    """log, benchmark, threads, memory, time and a conda file that exists, in each rule."""
    for path in (REPOSITORY / "workflow/rules").glob("*.smk"):
        for rule in re.split(r"\n *rule\b", path.read_text())[1:]:
            if "shell:" not in rule:
                continue  # a named target: it computes nothing
            wanted = ["log:", "threads:", "**need(", "**job(", "conda:", "JOB"]
            wanted += ["benchmark:", "**traces("] if "output:" in rule else []
            missing = [word for word in wanted if word not in rule]
            assert not missing, f"{path.name}: {missing} in {rule[:60]}"
            conda = rule.split("conda:")[1].split('"')[1]
            assert (path.parent / conda).is_file()


def test_progress_is_kept_in_a_file(finished):
    told = (finished / RESULTS / "logs/progress.log").read_text()
    jobs = re.search(r"(\d+) jobs\n", told)[1]
    assert f"Progress: {jobs} of {jobs} jobs done" in told.splitlines()[-1]


def test_a_plan_names_jobs_time_and_disk(finished):
    words = ["--dry-run", "--quiet", "host", "rules", "progress", "--forceall"]
    told = snakemake(finished, "table_1", *words).stdout
    assert re.search(r"linear_train +1 +\d+ s +\d+ kB", told)
    assert re.search(
        r"^4 jobs\ntime: about \d+ s on \d+ cores?; \d+ s one job after the other$", told, re.M
    )
    assert re.search(r"^disk: \d+ kB; .* free$", told, re.M)


def test_a_plan_without_an_earlier_run_says_so(tmp_path):
    fresh = copy_of_repository(tmp_path / "fresh")
    told = snakemake(fresh, "table_1", "--dry-run", "--quiet", "host", "rules", "progress").stdout
    assert "time: unknown; there is no benchmark file of an earlier run" in told
    assert not (fresh / RESULTS).exists()


# --- rerunning


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
        subprocess.run(["cp", "-a", finished / name, clone], check=True)
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
            {"imagenet_measure": PRETRAINED, "imagenet_compare": PRETRAINED}
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


def test_editing_a_printed_value_reruns_what_reads_it(copy):
    edit(copy / "workflow/paper/table_2.csv", "0.3645", "0.3654")
    assert planned(copy) == {"linear_notebook": 1, "audit": 1} | PAGES


@pytest.mark.parametrize("experiment", ["linear", pytest.param("*", marks=pytest.mark.ci)])
def test_deleted_intermediates_come_back_with_the_same_bytes(copy, finished, experiment):
    """One file of every job is deleted, of those that others read too."""
    results = copy / RESULTS
    deleted = sorted(results.glob(f"{experiment}/*/*.csv"))[::3]
    deleted += [results / "linear/train/d5_batch4_rate0.01.safetensors", results / "audit.csv"]
    if experiment == "*":
        deleted += sorted(results.glob("linear/*/*.sha256"))
    for path in deleted:
        path.unlink()
    assert planned(copy)
    snakemake(copy)
    assert contents(copy) == contents(finished)
    assert not planned(copy)


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


# --- the same bytes, however it is run


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


# --- what goes wrong says so


def test_a_wrong_key_stops_before_any_job(tmp_path):
    folder = copy_of_repository(tmp_path / "wrong")
    edit(folder / "tests/config.tiny.yaml", "epochs: 40", "epoch: 40")
    done = snakemake(folder, check=False)
    assert done.returncode != 0
    assert "linear.epoch: unknown key; did you mean epochs?" in done.stdout
    assert not (folder / RESULTS).exists()


def test_too_few_valid_runs_name_what_to_change(tmp_path):
    folder = copy_of_repository(tmp_path / "few")
    edit(folder / "tests/config.tiny.yaml", "epochs: 40", "epochs: 1")
    edit(folder / "tests/config.tiny.yaml", "max_attempts: 200", "max_attempts: 30")
    edit(folder / "tests/config.tiny.yaml", "learning_rate: 0.01", "learning_rate: 0.000001")
    done = snakemake(folder, "table_1", check=False)
    assert done.returncode != 0
    for word in ("d=5", "of 30 attempts", "valid fraction", "raise linear.max_attempts"):
        assert word in done.stdout
    assert not list((folder / RESULTS).glob("linear/train/*"))


def test_a_gpu_that_is_not_there_is_a_clear_error(copy):
    import torch

    words = ["table_1", "--forcerun", "linear_train", "--resources", "gpu=1"]
    done = snakemake(copy, *words, check=torch.cuda.is_available())
    if not torch.cuda.is_available():
        assert done.returncode != 0
        assert "torch finds no CUDA device" in done.stdout
        assert "--resources gpu=0" in done.stdout
