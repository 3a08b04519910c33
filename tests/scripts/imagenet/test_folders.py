"""The ImageNet programs on networks of random weights from a file, and made-up folders
of photos; scores; errors."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import timm
import torch
from imagenet_scripts import (
    CLOSE,
    LITE,
    choose,
    choosing,
    compare,
    comparing,
    cosine,
    in_turn,
    measure,
    measuring,
    read,
    slope,
)
from PIL import Image
from safetensors.torch import save_file
from workflow_runs import REPOSITORY, job_document, run_job, script_environment

from fragility.images import imagenet_classes, photo_choice, pretrained
from fragility.images.photo_choice import pixels
from fragility.paper import claims
from fragility.paper.verdicts import NOT_COMPARABLE
from fragility.runtime import files
from fragility.runtime.seeds import generator

FOLDER = Path(claims.__file__).parents[2] / "paper"
SMALL = "test_efficientnet"  # timm's own, for tests: 160 x 160 pixels
THEIRS = "inception_resnet_v2.tf_in1k"
SPRINGER, HOUND, TENCH = 217, 160, 0
COLOURS = {SPRINGER: (200, 60, 40), HOUND: (40, 60, 200), TENCH: (60, 200, 60)}


@pytest.fixture(scope="session")
def base(tmp_path_factory):
    return tmp_path_factory.mktemp("imagenet scripts")


def made_up(label, k, side=180):
    """A photo of its class's colour with noise of its own."""
    noise = generator(7, "test", "scripts imagenet", label, k).integers(-30, 31, (side, side, 3))
    return Image.fromarray(np.clip(np.array(COLOURS[label]) + noise, 0, 255).astype(np.uint8))


@pytest.fixture(scope="session")
def colours(base):
    """Three synsets, with photos in CMYK and in grey, and a hound that looks like a springer."""
    images = {
        SPRINGER: [made_up(SPRINGER, 0), made_up(SPRINGER, 1).convert("CMYK")],
        HOUND: [made_up(HOUND, 0), made_up(HOUND, 1).convert("L"), made_up(HOUND, 2),
                made_up(SPRINGER, 3)],
        TENCH: [made_up(TENCH, 0)],
    }  # fmt: skip
    for label, some in images.items():
        folder = base / "colours" / imagenet_classes.synset(label)
        folder.mkdir(parents=True)
        for k, image in enumerate(some):
            image.save(folder / f"{k}.JPEG", quality=95)
    return base / "colours"


def taught(name, folder, photos):
    """Random weights, but for a last layer that tells the colours apart; path and checksum.

    The output of a class says how far the features lie towards those of its photos; all other
    classes are out of reach.
    """
    torch.manual_seed(7)
    network = timm.create_model(name).eval().requires_grad_(False)
    config = timm.data.resolve_model_data_config(network)
    mean, deviation = (torch.tensor(config[key])[:, None, None] for key in ("mean", "std"))
    model = pretrained.Pretrained(
        name, network, config["input_size"][1], config["interpolation"], config["crop_pct"]
    )
    head = network.get_classifier()
    features = {}
    for label in photos:
        images = torch.from_numpy(pixels(str(folder), photos[label], model))
        kept = network.forward_features((images - mean) / deviation)
        features[label] = network.forward_head(kept, pre_logits=True).mean(dim=0)
    centre = torch.stack(list(features.values())).mean(dim=0)
    head.weight.zero_()
    head.bias.fill_(-100)
    for label, feature in features.items():
        way = feature - centre
        head.weight[label] = 8 * way / (way @ way)
        head.bias[label] = -8 * centre @ way / (way @ way)
    path = folder.parent / f"{name}.safetensors"
    save_file(network.state_dict(), path)
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    return {"model": name, "weights": str(path), "sha256": checksum}


def first(label, *numbers):
    return [f"{imagenet_classes.synset(label)}/{k}.JPEG" for k in numbers]


@pytest.fixture(scope="session")
def small(base, colours):
    """The settings of a small network, and its folder of results on the made-up photos."""
    photos = {label: first(label, 0) for label in COLOURS}
    model = taught(SMALL, colours, photos)
    entries = [
        {"from": SPRINGER, "to": HOUND, "count": 2},
        {"from": "n02088094/0.JPEG", "to": TENCH, "count": 5},
        {"from": "n02102040/0.JPEG", "to": "n02088094/0.JPEG"},
    ]
    digest = photo_choice.digest(str(colours), [SPRINGER, HOUND, TENCH])
    folder = in_turn(
        base / "small",
        lambda folder: choose(folder, model, entries, colours, photos_digest=digest),
        lambda folder: measure(folder, model, colours, both_ways=False, steps=40),
        lambda folder: compare(folder, model, colours, steps=40, most=5),
    )
    return model, folder


@pytest.fixture(scope="session")
def small_network(small):
    model, _ = small
    return pretrained.load(model["model"], model["weights"])


def test_photos_of_any_pixel_format_are_classified(small, colours):
    table = read(small[1] / "photos.csv")
    expected = first(SPRINGER, 0, 1) + first(HOUND, 0, 1, 2, 3) + first(TENCH, 0)
    assert table["photo"].tolist() == expected
    seen = table.set_index("photo")["predicted"]
    assert seen[first(SPRINGER, 1)[0]] == SPRINGER  # in CMYK, and of the right colours
    assert seen[first(HOUND, 3)[0]] == SPRINGER
    assert (table["right"] == (table["predicted"] == table["label"])).all()
    with Image.open(colours / first(SPRINGER, 1)[0]) as image:
        assert image.mode == "CMYK"
    with Image.open(colours / first(HOUND, 1)[0]) as image:
        assert image.mode == "L"


def test_each_source_gets_the_nearest_target_that_the_network_is_right_on(
    small, small_network, colours
):
    table, photos = read(small[1] / "experiments.csv"), read(small[1] / "photos.csv")
    assert table["source"].tolist() == [
        *first(SPRINGER, 0, 1), *first(HOUND, 0), *first(SPRINGER, 0)
    ]  # fmt: skip
    assert table["experiment"].tolist() == [1, 2, 3, 4]
    assert table["target"].tolist()[2:] == first(TENCH, 0) + first(HOUND, 0)
    for _, row in table.head(3).iterrows():
        same = photos[photos["label"] == row["target_label"]]
        right = same.loc[same["right"] == 1, "photo"].tolist()
        every = pixels(str(colours), [row["source"], *right], small_network).astype(float)
        distances = np.square(every[1:] - every[0]).sum(axis=(1, 2, 3))
        assert row["target"] == right[distances.argmin()]
        if row["target_label"] == HOUND:
            assert right == first(HOUND, 0, 1, 2) and distances.argmin() == 1
            # the one that is wrong would be nearer
            wrong = pixels(str(colours), first(HOUND, 3), small_network).astype(float)
            assert np.square(wrong - every[0]).sum() < distances.min()


def test_pairs_are_all_ordered_ones_of_right_photos_of_two_classes(small):
    table, photos = read(small[1] / "pairs.csv"), read(small[1] / "photos.csv")
    # five at most: the first of each class, then the second ones; one hound is left
    taken = first(SPRINGER, 0, 1) + first(HOUND, 0, 1) + first(TENCH, 0)
    assert (photos["right"] == 1).sum() > len(taken)
    label = photos.set_index("photo")["label"][taken]
    expected = {(a, b) for a in label.index for b in label.index if label[a] != label[b]}
    found = list(zip(table["source"], table["target"], strict=True))
    assert len(found) == len(expected) == 2 * (2 * 2 + 2 + 2)
    assert set(found) == expected
    assert table["source_label"].tolist() == label[table["source"]].tolist()
    assert table["target_label"].tolist() == label[table["target"]].tolist()
    assert (table["entries"] == 3 * 160 * 160).all()
    assert (table["model"] == SMALL).all()


def test_measures_of_pairs_are_those_computed_here(small, small_network, colours):
    table, module = read(small[1] / "pairs.csv"), small_network.module
    names = sorted(set(table["source"]))
    images = dict(zip(names, pixels(str(colours), names, small_network), strict=True))
    for _, row in table.iloc[[0, 5, 9, 15]].iterrows():
        x, target = images[row["source"]], images[row["target"]]
        step, classes = (target - x).astype(float), (row["source_label"], row["target_label"])
        points = [slope(module, x + np.float32(a) * (target - x), classes) for a in (0, 0.5, 1)]
        (g, gradient), (end, _) = points[0], points[-1]
        norm, cosines = np.linalg.norm(gradient), [cosine(s, step) for _, s in points]
        relative = [np.linalg.norm(s) / norm for _, s in points]
        expected = {
            "L": np.linalg.norm(step), "M_exact": (end - g) / norm, "first_order": g / norm,
            "M": sum((s * step).sum() / 2 for _, s in points) / norm, "cos_theta_t": cosines[0],
            "average_cos": np.mean(cosines), "average_size": np.mean(np.abs(cosines)),
            "gradient_along": np.mean(relative), "gradient_largest": np.max(relative),
        }  # fmt: skip
        others = [name for name in names if name not in (row["source"], row["target"])]
        sizes = [
            abs(cosine(gradient, images[b].astype(float) - images[a]))
            for i, a in enumerate(others) for b in others[i + 1 :]
        ]  # fmt: skip
        assert len(sizes) == 3
        expected["cos_others"] = np.mean(sizes)
        for name, value in expected.items():
            assert row[name] == pytest.approx(value, rel=CLOSE, abs=1e-5), name


def test_the_chosen_experiments_measure_as_their_pairs_do(small):
    measures, pairs = read(small[1] / "measures.csv"), read(small[1] / "pairs.csv")
    joined = measures.merge(pairs, on=["source", "target"], suffixes=("", "_pair"))
    assert set(joined["experiment"]) >= {3, 4}
    names = ("L", "M", "M_exact", "first_order", "average_cos", "gradient_along", "Q_iterative")
    for name in (*names, "Q_minimal", "gradient_largest"):
        # batches and the bisection's halvings differ, hardly anything else
        np.testing.assert_allclose(joined[f"{name}_pair"], joined[name], rtol=CLOSE)
    np.testing.assert_allclose(joined["cos_2"], joined["cos_theta_t"], rtol=CLOSE)
    assert (joined["Q_minimal"] < joined["Q_iterative"]).all()
    # there both attacks end on the boundary, but not at one point: gradients may differ a little
    np.testing.assert_allclose(joined["gradient_change_pair"], joined["gradient_change"], rtol=0.2)


# --- the paper's network, of random weights ---


@pytest.fixture(scope="session")
def inception(base, colours):
    photos = {SPRINGER: first(SPRINGER, 0), HOUND: first(HOUND, 0)}
    model = taught("inception_resnet_v2", colours, photos)
    model["model"] = THEIRS  # the weights' tag is of no consequence where a file is given
    entries = [{"from": first(SPRINGER, 0)[0], "to": first(HOUND, 0)[0]}]
    few = {"both_ways": False, "alphas": 2, "alphas_figure": 2, "factors": [1], "steps": 2,
           "minimal_steps": 4}  # fmt: skip
    folder = in_turn(
        base / "inception",
        lambda folder: choose(folder, model, entries, colours),
        lambda folder: measure(folder, model, colours, **few),
    )
    Path(model["weights"]).unlink()  # 220 MB
    return folder


@pytest.mark.ci  # 55 million weights; test_pretrained.py loads them, too
def test_the_paper_s_network_is_measured_from_a_file_of_weights(inception):
    photos, measures = read(inception / "photos.csv"), read(inception / "measures.csv")
    assert photos["right"].tolist() == [1, 1]
    (row,) = measures.to_dict("records")
    assert row["entries"] == 299 * 299 * 3
    assert (row["source_label"], row["target_label"]) == (SPRINGER, HOUND)
    assert (row["source_name"], row["target_name"]) == ("English springer", "Afghan hound")
    assert row["model"] == THEIRS
    assert np.isfinite([row[name] for name in ("L", "M", "M_exact", "first_order")]).all()
    assert row["first_order"] > 0 > row["M_exact"]
    record = json.loads((inception / "measures.json").read_text())
    assert record["job"]["settings"]["sha256"] and record["experiments"] == 1


# --- scoring ---


def score(folder, pairs="pairs.csv", **changes):
    settings = {
        "module": "fragility.experiments.imagenet.evidence", "models": [SMALL], "related": [],
        "scale": [-1, 1], "seed": 7, "told": {}, "departures": [],
    }  # fmt: skip
    return run_job(
        "score", folder, outputs={"scores": "scores.csv"}, settings=settings | changes,
        inputs={"claims": str(FOLDER / "claims/imagenet.yaml"), "measures": ["measures.csv"],
                "pairs": [pairs]},
    )  # fmt: skip


def test_scores_are_on_the_imagenet_claims_and_the_numbers_not_comparable(small):
    done = score(small[1], related=[SMALL])
    assert done.returncode == 0, done.stderr
    table = read(small[1] / "scores.csv").set_index("id")
    listed = [claim.id for claim in claims.read_claims(FOLDER / "claims/imagenet.yaml")]
    assert table.index.tolist() == listed
    means = ["t7-mean", "t8-mean-l", "t8-mean-q", "t8-mean-m"]
    assert (table.loc[means, "verdict"] == NOT_COMPARABLE).all()  # another network
    assert (table.loc["t7-small", "n"], table.loc["t8-m-match", "n"]) == (5, 5)  # photos
    pairs = read(small[1] / "pairs.csv")
    assert table.loc["t7-small", "ours"] == pytest.approx(pairs["average_size"].mean())


@pytest.mark.parametrize(
    "told, words",
    [
        ({"models": ["other"]}, f"imagenet/measure: results of ['{SMALL}'], wanted: of ['other']"),
        ({"related": []}, f"imagenet/compare: results of ['{SMALL}'], wanted: of []"),
        (
            {"related": [SMALL], "pairs": "fewer.csv"},
            f"imagenet/compare/{SMALL}/pairs.csv: 15 pairs of 5 photos, wanted: 16",
        ),
    ],
    ids=["measures", "pairs", "a pair"],
)
def test_results_that_are_not_all_there_are_an_error_of_one_line(small, told, words):
    files.write_csv(read(small[1] / "pairs.csv").iloc[1:], small[1] / "fewer.csv")
    done = score(small[1], **told)
    assert done.returncode == 1
    assert done.stderr.strip().splitlines() == [f"error: {words}"]


# --- errors ---

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
