"""The overlays: valid on top of config.yaml, and planned with what their headers say."""

import json
import re
import shutil

import pytest
import warm
import yaml
from workflow_runs import REPOSITORY, copy_of_repository, environment

from fragility.experiments.imagenet.evidence import PAPER_CLASSES
from fragility.images.imagenet_classes import class_index
from fragility.runtime import settings

OVERLAYS = sorted(path.name for path in (REPOSITORY / "overlays").glob("*.yaml"))
THEIRS = "overlays/inception_resnet_v2.yaml"


def loaded(name):
    return yaml.safe_load((REPOSITORY / name).read_text(encoding="utf-8"))


def laid_over(base, overlay):
    """What Snakemake makes of --configfile: blocks are merged, all else is replaced."""
    merged = dict(base)
    for key, value in overlay.items():
        inner = isinstance(value, dict) and isinstance(base.get(key), dict)
        merged[key] = laid_over(base[key], value) if inner else value
    return merged


def planned(folder, *words):
    """What a dry run of ``imagenet`` with the overlay says."""
    words = ("-n", "imagenet", "--configfile", THEIRS, *words)
    return warm.snakemake(*words, folder=folder, environment=environment())


def own_photos(folder):
    """A folder of one photo of each of the paper's classes; a dry run opens none."""
    for synset in ("n02102040", "n02088094"):
        (folder / synset).mkdir(parents=True)
        (folder / synset / f"{synset}_1.JPEG").touch()
    return folder


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    return copy_of_repository(tmp_path_factory.mktemp("overlay") / "copy")


@pytest.mark.parametrize("name", OVERLAYS)
def test_an_overlay_makes_a_valid_configuration_with_results_of_its_own(name):
    merged = laid_over(loaded("config.yaml"), loaded(f"overlays/{name}"))
    settings.check(merged)
    assert merged["results"] == f"results/{name.removesuffix('.yaml')}"
    assert settings.changed_settings(merged)  # its pages get a notice


def test_there_is_the_paper_s():
    imagenet = loaded(THEIRS)["imagenet"]
    assert [model["name"] for model in imagenet["models"]] == ["inception_resnet_v2.tf_in1k"]
    (entry,) = imagenet["experiments"]
    assert tuple(class_index(entry[side]) for side in ("from", "to")) == PAPER_CLASSES
    assert entry["count"] == 4  # experiments in Tables 7 and 8
    assert imagenet["both_ways"] is False  # else the printed means would not be comparable


def test_the_paper_s_overlay_plans_its_network_alone_on_the_user_s_photos(repository, tmp_path):
    own_photos(tmp_path / "photos")
    done = planned(repository, "--config", f"imagenet={{photos: {tmp_path}/photos}}", "-p")
    assert done.returncode == 0, done.stdout
    jobs = dict(re.findall(r"^(imagenet_\w+)\s+(\d+)$", done.stdout, re.M))
    wanted = ["choose", "compare", "measure", "notebook", "networks_notebook", "pairs_notebook",
              "score"]  # fmt: skip
    assert jobs == {f"imagenet_{name}": "1" for name in wanted}
    seen = {"model": "inception_resnet_v2.tf_in1k", "weights": "hub", "sha256": ""}
    told = json.dumps(seen | {"folder": f"{tmp_path}/photos"})
    assert told.strip("{}") in done.stdout
    compared = "imagenet/compare/inception_resnet_v2.tf_in1k/pairs.csv"
    assert f"results/inception_resnet_v2/{compared}" in done.stdout
    assert '"both_ways": false' in done.stdout
    assert "n02088094" in done.stdout


def test_its_photos_may_lie_where_its_header_says(repository):
    own_photos(repository / "data/imagenet")
    done = planned(repository)
    shutil.rmtree(repository / "data/imagenet")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "words, folder",
    [([], "data/imagenet"), (["--config", "imagenet={photos: /no/such}"], "/no/such")],
)
def test_a_missing_folder_of_photos_is_one_error_by_the_name_of_its_key(repository, words, folder):
    done = planned(repository, *words)
    assert done.returncode != 0
    lines = [line for line in done.stdout.splitlines() if "imagenet.photos" in line]
    assert len(lines) == 1
    assert f"imagenet.photos: there is no folder {folder}; name one" in lines[0]
    assert "Traceback" not in done.stdout


def test_a_class_without_photos_is_one_error_by_its_synset_before_anything_runs(
    repository, tmp_path
):
    shutil.rmtree(own_photos(tmp_path / "photos") / "n02088094")
    done = planned(repository, "--config", f"imagenet={{photos: {tmp_path}/photos}}")
    assert done.returncode != 0
    (line,) = [line for line in done.stdout.splitlines() if "imagenet.experiments" in line]
    assert f"no photos of n02088094 in {tmp_path}/photos" in line
    assert "Traceback" not in done.stdout


def test_without_pairs_neither_they_nor_their_notebook_are_planned(repository, tmp_path):
    mine = tmp_path / "mine.yaml"
    photos = own_photos(tmp_path / "photos")
    mine.write_text(f"imagenet: {{photos: {photos}, relation: {{models: 0}}}}")
    done = planned(repository, mine)  # behind --configfile: laid over the overlay
    assert done.returncode == 0, done.stdout
    assert "imagenet_score" in done.stdout
    assert "imagenet_compare" not in done.stdout and "imagenet_pairs" not in done.stdout
