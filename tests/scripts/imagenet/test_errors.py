"""What the ImageNet programs say of wrong settings, photos and weights."""

import json
import shutil
import subprocess
import sys

import pytest
from imagenet_scripts import LITE, choosing, comparing, measuring, read
from made_up_photos import HOUND, SPRINGER, TENCH, first
from workflow_runs import REPOSITORY, job_document, script_environment

from fragility.images import imagenet_classes
from fragility.runtime import files

THEIRS = "inception_resnet_v2.tf_in1k"
DRIVER = """
import io, json, runpy, sys
said = {}
for name, (script, document) in json.load(sys.stdin).items():
    sys.argv, sys.stdin = [script], io.StringIO(json.dumps(document))
    try:
        runpy.run_path(script, run_name="__main__")
        said[name] = None
    except SystemExit as error:
        said[name] = error.code
json.dump(said, open("said.json", "w"))
"""


@pytest.fixture(scope="session")
def failed(base, colours, small):
    """What each of these ends in, all in one process: the import of torch takes seconds."""
    model, made = small
    folder = base / "failed"
    folder.mkdir()
    cut = base / "cut" / imagenet_classes.synset(SPRINGER)
    shutil.copytree(
        colours / imagenet_classes.synset(HOUND), base / "cut" / imagenet_classes.synset(HOUND)
    )
    cut.mkdir()
    whole = (colours / first(SPRINGER, 0)[0]).read_bytes()
    (cut / "half.JPEG").write_bytes(whole[: len(whole) // 2])
    for label in (HOUND, TENCH):  # photos that look like springers
        wrong = base / "wrong" / imagenet_classes.synset(label)
        wrong.mkdir(parents=True)
        shutil.copyfile(colours / first(HOUND, 3)[0], wrong / "0.JPEG")
    table = read(made / "experiments.csv").head(1)
    files.write_csv(table.assign(source="", target="", reason="right on nothing"), folder / "e.csv")
    files.write_csv(read(made / "photos.csv").iloc[[0, 1, 2]], folder / "three.csv")
    pair = [{"from": SPRINGER, "to": HOUND}]

    def of(model, experiments=pair, photos=colours, **changes):
        return "choose", choosing(model, experiments, photos, **changes)

    other = model | {"sha256": "0" * 64}
    jobs = {
        "model": of(LITE | {"model": "inception_resnet_v3"}),
        "class": of(model, [{"from": 1000, "to": HOUND}]),
        "synset": of(model, [{"from": SPRINGER, "to": "n02102041"}]),
        "no synset": of(model, [{"from": SPRINGER, "to": 251}]),
        "no photo": of(model, [{"from": first(SPRINGER, 9)[0], "to": HOUND}]),
        "cut": of(model, photos=base / "cut"),
        "hash": of(other),
        "none right": of(model, [{"from": HOUND, "to": TENCH}], base / "wrong"),
        "same class": of(model, [{"from": SPRINGER, "to": first(SPRINGER, 1)[0]}]),
        "hub": of({"model": THEIRS, "weights": "hub", "sha256": ""}),
        "other photos": of(model, photos_digest="0" * 64),
        "no experiment": ("measure", measuring(model, colours, "e.csv")),
        "three photos": ("compare", comparing(model, colours, "three.csv")),
    }
    scripts = REPOSITORY / "workflow/scripts/imagenet"
    done = subprocess.run(
        [sys.executable, "-c", DRIVER], cwd=folder, capture_output=True, text=True,
        input=json.dumps({key: [str(scripts / f"{name}.py"), job_document(**told)]
                          for key, (name, told) in jobs.items()}),
        env=script_environment() | {"HF_HOME": str(folder / "hub")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads((folder / "said.json").read_text())


@pytest.mark.parametrize(
    "name, words",
    [
        ("model", ["no model 'inception_resnet_v3'", "did you mean inception_resnet_v2"]),
        ("class", ["no class 1000", "0 to 999"]),
        ("synset", ["n02102041 is none of the 1000 synsets"]),
        ("no synset", ["no photos of n02110341", "colours"]),
        ("no photo", ["no photo n02102040/9.JPEG among those in", "colours"]),
        ("cut", ["half.JPEG is no readable image", "truncated"]),
        ("hash", ["test_efficientnet.safetensors has the SHA-256", "0" * 64]),
        ("none right", ["test_efficientnet classifies none of the 2 photos correctly"]),
        ("same class", ["imagenet.experiments", "217", "both of class"]),
        ("other photos", ["colours are not those that this job was planned for", "again"]),
        ("hub", ["hub did not give the weights of inception_resnet_v2.tf_in1k", ".safetensors"]),
        ("no experiment", ["none of imagenet.experiments", "right on nothing"]),
        (
            "three photos",
            ["classifies 3 photos of 2 classes correctly", "imagenet.relation.models to 0"],
        ),
    ],
)
def test_what_goes_wrong_is_one_line_that_names_it(failed, name, words):
    assert failed[name], "there was no error"
    assert failed[name].startswith("error: ")
    assert "\n" not in failed[name]
    for word in words:
        assert word in failed[name]


def test_an_error_leaves_nothing_that_could_be_taken_for_a_result(base, failed):
    left = {path.name for path in (base / "failed").iterdir() if path.is_file()}
    assert left == {"e.csv", "three.csv", "said.json", "photos.csv"}  # what was classified is whole
