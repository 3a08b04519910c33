"""The cache between workflows: a second checkout trains nothing, and no stale result is served."""

import json
import re

import pytest
from planning import asked, tiny
from workflow_runs import RESULTS, copy_of_repository, planned, snakemake

pytestmark = pytest.mark.ci  # it trains everything of the tiny run anew

TRAINING = ["linear_train", "relu_train", "mnist_train", "theory_train"]
UNTIL = ["--cache", "--until", *TRAINING]
DRAWN, LINEAR, RELU, MNIST, THEORY = 3, 9, 5, 2, 1  # cached jobs of each kind on tiny settings
EVERYTHING = DRAWN + LINEAR + RELU + MNIST + THEORY


def made(folder):
    """Matrices and networks, by name."""
    results = folder / RESULTS
    kinds = ("linear/draw", "linear/train", "relu/train", "mnist/train")
    paths = [path for kind in kinds for path in (results / kind).iterdir()]
    paths += (results / "theory").glob("train.*")
    return {str(path.relative_to(results)): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return {"SNAKEMAKE_OUTPUT_CACHE": str(tmp_path_factory.mktemp("cache") / "new")}


@pytest.fixture(scope="module")
def first(cache, tmp_path_factory):
    """A checkout that has trained everything and left it in the cache."""
    folder = copy_of_repository(tmp_path_factory.mktemp("cached") / "first")
    snakemake(folder, *UNTIL, **cache)
    return folder


@pytest.fixture
def second(first, tmp_path):
    """Another checkout, with nothing made in it."""
    return copy_of_repository(tmp_path / "second")


def reused(folder, *words, **variables):
    """How many cached jobs a dry run would take from the cache."""
    told = snakemake(folder, "-n", *UNTIL, *words, **variables).stdout
    assert told.count("between-workflow cache") >= EVERYTHING
    return told.count("will be obtained from global between-workflow cache")


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_second_checkout_trains_nothing_and_has_the_same_files(first, second, cache):
    assert reused(second, **cache) == EVERYTHING
    snakemake(second, *UNTIL, **cache)
    assert made(second) == made(first)  # the records too: they tell of the job that ran
    logs = (second / RESULTS / "logs").glob("*_train/*.log")
    assert [path.name for path in logs if path.stat().st_size] == []
    # with or without the cache, what came from it stands
    assert not {"linear_draw", *TRAINING} & set(planned(second))
    assert not {"linear_draw", *TRAINING} & set(planned(second, "--cache", **cache))


def test_the_cache_serves_each_job_its_own(first):
    """Jobs of one rule that differ in wildcards alone got different files."""
    by_dimension = {d: f"linear/draw/d{d}.safetensors" for d in (4, 5, 6)}
    assert len({made(first)[name] for name in by_dimension.values()}) == DRAWN
    networks = [v for n, v in made(first).items() if re.search(r"/train/.*\.safetensors", n)]
    assert len(set(networks)) == len(networks) == LINEAR + RELU + MNIST


@pytest.mark.parametrize(
    ("name", "old", "new", "missed"),
    [
        pytest.param("config", "width: 200", "width: 210", LINEAR, id="a setting"),
        pytest.param("config", "images: 3000", "images: 3010", MNIST, id="a number of images"),
        pytest.param("config", "results:", "seed: 5\nresults:", EVERYTHING, id="the seed"),
        pytest.param("config", "max_attempts: 200", "max_attempts: 210", DRAWN + LINEAR + RELU,
                     id="a setting of the job before"),
        pytest.param("workflow/scripts/relu/train.py", '"""', '"""By hand. ', RELU, id="a script"),
        pytest.param("workflow/fragility/training/linear_cpu.py", "0.999", "0.99", LINEAR,
                     id="a module that the script imports"),
        pytest.param("workflow/fragility/synthetic/data.py", '"""', '"""Some ', EVERYTHING - MNIST,
                     id="a module that the job before imports"),
    ],
)  # fmt: skip
def test_a_change_misses_the_cache_where_it_matters(second, cache, name, old, new, missed):
    edit(second / ("tests/config.tiny.yaml" if name == "config" else name), old, new)
    assert reused(second, **cache) == EVERYTHING - missed


def test_another_environment_has_a_cache_of_its_own(second, cache, tmp_path):
    package = tmp_path / "packages" / "made_up-1.0.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: made-up\nVersion: 1.0\n")
    assert reused(second, PYTHONPATH=str(package.parent), **cache) == 0


def test_another_folder_of_results_shares_the_cache(second, cache):
    edit(second / "tests/config.tiny.yaml", "results: results/demo", "results: results/other")
    assert reused(second, **cache) == EVERYTHING


def test_nothing_is_cached_unless_asked(second, cache):
    told = snakemake(second, "-n", "linear", **cache).stdout
    assert "between-workflow" not in told and "benchmark: " in told


@pytest.mark.parametrize(
    ("words", "variables", "message"),
    [
        (["--resources", "gpu=1"], {}, "--cache works only without a GPU"),
        (
            [],
            {"SNAKEMAKE_OUTPUT_CACHE": ""},
            "--cache needs a folder: export SNAKEMAKE_OUTPUT_CACHE",
        ),
        ([], {"SNAKEMAKE_OUTPUT_CACHE": "/dev/null/x"}, "cannot be used for the cache"),
    ],
    ids=["gpu", "no folder", "no place"],
)
def test_a_cache_that_cannot_be_is_refused(second, cache, words, variables, message):
    done = snakemake(second, "-n", "--cache", *words, check=False, **cache | variables)
    assert done.returncode != 0 and message in done.stdout


def test_what_a_cached_job_is_told_is_hashed(tmp_path):
    """Params and the content of inputs are; wildcards, threads and resources are not.

    So every field of its document but the folder of results, device and threads is in a param.
    """
    folder = copy_of_repository(tmp_path / "any")
    every = asked(folder, {"tiny": tiny()})["tiny"]["jobs"]
    cached = [job for job in every if job["rule"] in ("linear_draw", *TRAINING)]
    assert len(cached) == EVERYTHING
    for job in cached:
        settings = job["document"]["settings"].items()
        told = {f"{name}={json.dumps(value, sort_keys=True)}" for name, value in settings}
        assert told <= set(job["compared"]), job["rule"]
        assert any(text.startswith("inputs=") for text in job["compared"])
