"""The ImageNet experiment's scripts as programs: a package's network on foolbox's photos, the same
photos from a folder, and networks of random weights from a file on made-up folders."""

import hashlib
import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import timm
import torch
from PIL import Image
from safetensors.torch import save_file
from workflow_runs import REPOSITORY, script, script_environment, words_of

from fragility import files, labels, paper, pretrained
from fragility.choice import pixels
from fragility.photos import packaged_photos
from fragility.seeds import generator

FOLDER = Path(paper.__file__).parents[1] / "paper"
LITE = ["--model", "tf_efficientnet_lite0", "--weights", "package"]
SMALL = "test_efficientnet"  # timm's own, for tests: 160 x 160 pixels
THEIRS = "inception_resnet_v2.tf_in1k"
SPRINGER, HOUND, TENCH = 217, 160, 0
COLOURS = {SPRINGER: (200, 60, 40), HOUND: (40, 60, 200), TENCH: (60, 200, 60)}
GREY = 1 / 255
# float32 (eps 1.2e-7): some fifty layers of sums leave 1e-5 of a gradient, more in its direction
# where units stand on the brink; against wrong readings of the measures, which are off by half
CLOSE = 0.02


NO_JEEP = "the network is right on no photo of n03594945"
DOGS = ["imagenet_16_251.jpg", "imagenet_00_243.jpg"]


def choosing(experiments, photos="packaged"):
    return {
        "photos": photos, "experiments": json.dumps(experiments), "torch_threads": 1,
        "photos_output": "photos.csv", "output": "experiments.csv",
        "provenance": "experiments.json",
    }  # fmt: skip


def choose(folder, model, experiments, photos="packaged"):
    return script("choose_photos", folder, *model, **choosing(experiments, photos))


def measure(folder, model, photos="packaged", **changes):
    options = {
        "photos": photos, "experiments": "experiments.csv", "both_ways": 1, "alphas": 3,
        "alphas_figure": 4, "step": 1.0, "factors": [0.5, 1.0], "steps": 10, "attacks": ["ddn"],
        "minimal_steps": 10, "torch_threads": 1, "along": "along.csv", "steps_output": "steps.csv",
        "pictures": "pictures.safetensors", "output": "measures.csv", "provenance": "measures.json",
    }  # fmt: skip
    return script("measure_imagenet", folder, *model, **options | changes)


def compare(folder, model, photos, **changes):
    options = {
        "photos": photos, "photos_input": "photos.csv", "photos_most": 20, "alphas": 3,
        "step": 1.0, "steps": 10, "attacks": ["ddn"], "minimal_steps": 10, "torch_threads": 1,
        "output": "pairs.csv", "provenance": "pairs.json",
    }  # fmt: skip
    return script("compare_photos", folder, *model, **options | changes)


def in_turn(folder, *steps):
    """Each step in the folder, if those before it went well; what was said by the last."""
    folder.mkdir(exist_ok=True)
    for step in steps:
        done = step(folder)
        assert done.returncode == 0, done.stderr
    return folder


def at_once(*jobs):
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda job: job(), jobs))


def read(path):
    return pd.read_csv(path, keep_default_na=False, na_values=[""])


@pytest.fixture(scope="session")
def base(tmp_path_factory):
    return tmp_path_factory.mktemp("imagenet scripts")


# --- a package's network, foolbox's photos: as they lie there, and in folders by synset ---

EXPERIMENTS = [
    {"from": "n03594945", "to": 22},  # both jeeps are taken for other cars
    {"from": 251, "to": "n02108422"},
]


@pytest.fixture(scope="session")
def sorted_photos(base):
    """A folder a synset, as ImageNet's, of the 20 photos."""
    for photo in packaged_photos():
        synset = labels.synset(photo.label)
        (base / "photos" / synset).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(photo.path, base / "photos" / synset / f"{synset}_{photo.name[9:11]}.JPEG")
    return base / "photos"


@pytest.fixture(scope="session")
def lite(base, sorted_photos):
    """Folders of results: of the packaged photos, and of the same ones sorted."""
    return at_once(*(
        lambda name=name, photos=photos: in_turn(
            base / name,
            lambda folder: choose(folder, LITE, EXPERIMENTS, photos),
            lambda folder: measure(folder, LITE, photos),
        )
        for name, photos in (("packaged", "packaged"), ("sorted", sorted_photos))
    ))  # fmt: skip


@pytest.fixture(scope="session")
def network():
    return pretrained.load("tf_efficientnet_lite0", "package")


def test_every_packaged_photo_is_classified(lite, network):
    table = read(lite[0] / "photos.csv")
    photos = packaged_photos()
    assert table["photo"].tolist() == [photo.name for photo in photos]
    assert table["label"].tolist() == [photo.label for photo in photos]
    assert table["synset"].tolist() == [labels.synset(photo.label) for photo in photos]
    assert (table["right"] == (table["label"] == table["predicted"])).all()
    assert table["right"].sum() >= 17  # the package's own count, within the resizing of a photo
    with torch.no_grad():
        outputs = network.module(torch.from_numpy(pixels("packaged", table["photo"], network)))
    assert table["predicted"].tolist() == outputs.argmax(dim=1).tolist()
    own = outputs.softmax(dim=1)[torch.arange(20), torch.tensor(table["label"])]
    assert table["chance"].tolist() == pytest.approx(own.tolist(), abs=1e-4)
    record = json.loads((lite[0] / "experiments.json").read_text())
    assert [record[key] for key in ("photos", "right", "size")] == [20, table["right"].sum(), 224]


def test_experiments_without_a_right_photo_keep_a_row_with_the_reason(lite):
    table = read(lite[0] / "experiments.csv")
    assert table["experiment"].tolist() == [1, 2]
    assert table["reason"].fillna("").tolist() == [NO_JEEP, ""]
    assert table["source_name"].tolist() == ["jeep", "dalmatian"]
    assert table["target_label"].tolist() == [22, 243]
    assert table.loc[0, ["source", "target"]].isna().all()
    assert table.loc[1, ["source", "target"]].tolist() == DOGS
    assert (table["model"] == "tf_efficientnet_lite0").all()


def test_the_same_photos_in_folders_give_the_same_rows_but_for_their_names(lite):
    for name in ("experiments.csv", "measures.csv", "steps.csv", "along.csv"):
        packaged, found = (read(folder / name) for folder in lite)
        for side in {"source", "target"} & set(packaged):
            assert found[side].dropna().str.fullmatch(r"(n\d{8})/\1_\d\d\.JPEG").all()
            packaged[side], found[side] = "", ""
        pd.testing.assert_frame_equal(found, packaged, check_exact=True)
    pictures = [files.read_tensors(folder / "pictures.safetensors") for folder in lite]
    for name, value in pictures[0].items():
        assert np.array_equal(pictures[1][name], value), name
    # of a folder only what was asked for is classified, the rest is not even opened
    photos = read(lite[1] / "photos.csv")
    assert photos["label"].tolist() == [609, 609, 22, 251, 243]


def cosine(a, b):
    return float((a * b).sum() / np.linalg.norm(a) / np.linalg.norm(b))


def slope(module, image, classes):
    """g = f_i - f_j at an image (3, size, size), and its gradient, by autograd alone."""
    x = torch.from_numpy(image)[None].requires_grad_()
    outputs = module(x)[0]
    g = outputs[classes[0]] - outputs[classes[1]]
    (gradient,) = torch.autograd.grad(g, x)
    return g.item(), gradient[0].numpy().astype(float)


def chances(module, images):
    with torch.no_grad():
        return module(torch.from_numpy(np.asarray(images, np.float32))).softmax(dim=1).numpy()


def images_of(folder, photos, row, model):
    return pixels(photos, [row["source"], row["target"]], model)


def test_measures_are_a_row_an_experiment_and_direction(lite):
    table = read(lite[0] / "measures.csv")
    assert table[["experiment", "direction"]].to_numpy().tolist() == [
        [2, "there"], [2, "back"], [1, "there"]
    ]  # fmt: skip
    assert table["reason"].fillna("").tolist() == ["", "", NO_JEEP]
    assert table.loc[2, ["L", "M", "Q_iterative", "Q_minimal", "cos_0"]].isna().all()
    assert (table["entries"][:2] == 3 * 224 * 224).all()
    there, back = table.iloc[0], table.iloc[1]
    assert there[["source", "target"]].tolist() == DOGS
    for one, other in (("source", "target"), ("target", "source"), ("source_label", "target_label"),
                       ("source_name", "target_name"), ("L", "L"), ("cos_0", "cos_2")):  # fmt: skip
        assert there[one] == back[other]


def test_measures_are_those_computed_here(lite, network):
    table = read(lite[0] / "measures.csv").iloc[:2]
    for _, row in table.iterrows():
        x, target = images_of(lite[0], "packaged", row, network)
        step = (target - x).astype(float)
        length = np.linalg.norm(step)
        assert row["L"] == pytest.approx(length, rel=1e-6)
        classes = row["source_label"], row["target_label"]
        points = [slope(network.module, x + np.float32(a) * (target - x), classes)
                  for a in (0, 0.5, 1)]  # fmt: skip
        (g, gradient), (end, _) = points[0], points[-1]
        assert g > 0 > end
        assert row["first_order"] == pytest.approx(g / np.linalg.norm(gradient), rel=CLOSE)
        assert row["M_exact"] == pytest.approx((end - g) / np.linalg.norm(gradient), rel=CLOSE)
        found = [row["cos_2"], row["cos_1"], row["cos_0"]]  # the last alpha is the photo attacked
        cosines = [cosine(slope_at, step) for _, slope_at in points]
        assert found == pytest.approx(cosines, rel=CLOSE, abs=1e-5)
        assert row["average_cos"] == pytest.approx(np.mean(found))
        along = [(slope_at * step).sum() / 2 for _, slope_at in points]
        scale = np.abs(along).max() / np.linalg.norm(gradient)
        assert row["M"] == pytest.approx(sum(along) / np.linalg.norm(gradient), abs=CLOSE * scale)


def test_both_kinds_of_q_are_lengths_of_what_is_kept_and_flip(lite, network):
    table = read(lite[0] / "measures.csv").iloc[:1]
    pictures = files.read_tensors(lite[0] / "pictures.safetensors")
    size = np.sqrt(3 * 224 * 224) * GREY
    for i, row in table.iterrows():
        x, target = images_of(lite[0], "packaged", row, network)
        assert np.array_equal(pictures["source"][i], x)
        assert np.array_equal(pictures["target"][i], target)
        classes = [row["source_label"], row["target_label"]]
        for kind in ("minimal", "iterative"):
            image = pictures[kind][i]
            assert image.min() >= 0 and image.max() <= 1
            assert np.linalg.norm(image - x) == pytest.approx(row[f"Q_{kind}"], rel=1e-4)
            seen = chances(network.module, [image])[0]
            assert pictures[f"{kind}_chances"][i] == pytest.approx(seen[classes], abs=1e-3)
        assert seen.argmax() == row["target_label"]  # of the iterative, by more than rounding
        assert 0.5 * size < row["Q_iterative"] <= row["steps"] * size * (1 + 1e-6)
        # on the boundary: the target's class is as likely as the likeliest other
        seen = chances(network.module, [pictures["minimal"][i]])[0]
        others = np.delete(seen, row["target_label"]).max()
        assert seen[row["target_label"]] == pytest.approx(others, rel=0.01)
        assert row["Q_minimal"] == row["Q_ddn"] < row["Q_iterative"]
        line = [(1 - a) * target + a * x for a in pictures["alphas"]]
        along = chances(network.module, line)[:, classes]
        assert pictures["chances"][i] == pytest.approx(along, abs=1e-4)
        assert along[0].argmax() == 1 and along[-1].argmax() == 0


def test_steps_are_a_row_an_attack_and_size_the_table_s_with_factor_1(lite):
    table, measures = read(lite[0] / "steps.csv"), read(lite[0] / "measures.csv").iloc[:2]
    assert len(table) == 2 * 2
    assert set(zip(table["factor"], table["grey_levels"], strict=True)) == {(0.5, 0.5), (1.0, 1.0)}
    keys = ["experiment", "direction"]
    one = table[table["factor"] == 1].merge(measures, on=keys, suffixes=("", "_table"))
    assert one["Q"].tolist() == one["Q_iterative"].tolist()
    assert one["steps"].tolist() == one["steps_table"].tolist()
    half = table[table["factor"] == 0.5].merge(measures, on=keys)
    assert (half["Q"] < half["Q_iterative"]).all()


def test_figure_6_is_finer_and_agrees_at_both_ends(lite):
    along, measures = read(lite[0] / "along.csv"), read(lite[0] / "measures.csv")
    assert along["experiment"].tolist() == [2] * 4
    assert along["alpha"].tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1])
    ends = along["cos_theta"].tolist()[::3]
    expected = measures.loc[0, ["cos_0", "cos_2"]].astype(float).tolist()
    assert ends == pytest.approx(expected, rel=CLOSE, abs=1e-5)


# --- random weights from a file, made-up folders ---


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
        folder = base / "colours" / labels.synset(label)
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
    return ["--model", name, "--weights", str(path), "--sha256", checksum]


def first(label, *numbers):
    return [f"{labels.synset(label)}/{k}.JPEG" for k in numbers]


@pytest.fixture(scope="session")
def small(base, colours):
    """The options of a small network, and its folder of results on the made-up photos."""
    photos = {label: first(label, 0) for label in COLOURS}
    model = taught(SMALL, colours, photos)
    entries = [
        {"from": SPRINGER, "to": HOUND, "count": 2},
        {"from": "n02088094/0.JPEG", "to": TENCH, "count": 5},
        {"from": "n02102040/0.JPEG", "to": "n02088094/0.JPEG"},
    ]
    folder = in_turn(
        base / "small",
        lambda folder: choose(folder, model, entries, colours),
        lambda folder: measure(folder, model, colours, both_ways=0, steps=40),
        lambda folder: compare(folder, model, colours, steps=40, photos_most=5),
    )
    return model, folder


@pytest.fixture(scope="session")
def small_network(small):
    model, _ = small
    return pretrained.load(model[1], model[3])


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
        expected = {
            "L": np.linalg.norm(step), "M_exact": (end - g) / norm, "first_order": g / norm,
            "M": sum((s * step).sum() / 2 for _, s in points) / norm, "cos_theta_t": cosines[0],
            "average_cos": np.mean(cosines), "average_size": np.mean(np.abs(cosines)),
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
    for name in ("L", "M", "M_exact", "first_order", "average_cos", "Q_iterative", "Q_minimal"):
        # batches and the bisection's halvings differ, hardly anything else
        np.testing.assert_allclose(joined[f"{name}_pair"], joined[name], rtol=CLOSE)
    np.testing.assert_allclose(joined["cos_2"], joined["cos_theta_t"], rtol=CLOSE)
    assert (joined["Q_minimal"] < joined["Q_iterative"]).all()


# --- the paper's network, of random weights ---


@pytest.fixture(scope="session")
def inception(base, colours):
    photos = {SPRINGER: first(SPRINGER, 0), HOUND: first(HOUND, 0)}
    model = taught("inception_resnet_v2", colours, photos)
    model[1] = THEIRS  # the weights' tag is of no consequence where a file is given
    entries = [{"from": first(SPRINGER, 0)[0], "to": first(HOUND, 0)[0]}]
    few = {"both_ways": 0, "alphas": 2, "alphas_figure": 2, "factors": [1.0], "steps": 2,
           "minimal_steps": 4}  # fmt: skip
    folder = in_turn(
        base / "inception",
        lambda folder: choose(folder, model, entries, colours),
        lambda folder: measure(folder, model, colours, **few),
    )
    Path(model[3]).unlink()  # 220 MB
    return folder


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
    assert record["settings"]["sha256"] and record["experiments"] == 1


# --- scoring ---


def test_scores_are_on_the_imagenet_claims_and_the_numbers_not_comparable(small):
    done = script(
        "score_imagenet", small[1], "--scale=-1,1", paper=FOLDER, measures="measures.csv",
        pairs="pairs.csv", seed=7, output="scores.csv", provenance="scores.json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    table = read(small[1] / "scores.csv").set_index("id")
    claims = [claim.id for claim in paper.read_claims(FOLDER)]
    assert table.index.tolist() == [name for name in claims if name[:3] in ("t7-", "t8-")]
    means = ["t7-mean", "t8-mean-l", "t8-mean-q", "t8-mean-m"]
    assert (table.loc[means, "verdict"] == paper.NOT_COMPARABLE).all()  # another network
    assert (table.loc["t7-small", "n"], table.loc["t8-m-match", "n"]) == (5, 5)  # photos
    pairs = read(small[1] / "pairs.csv")
    assert table.loc["t7-small", "reproduced"] == pytest.approx(pairs["average_size"].mean())


# --- errors ---

DRIVER = """
import json, runpy, sys
said = {}
for name, (script, words) in json.load(sys.stdin).items():
    sys.argv = [script, *words]
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
    cut = base / "cut" / labels.synset(SPRINGER)
    shutil.copytree(colours / labels.synset(HOUND), base / "cut" / labels.synset(HOUND))
    cut.mkdir()
    whole = (colours / first(SPRINGER, 0)[0]).read_bytes()
    (cut / "half.JPEG").write_bytes(whole[: len(whole) // 2])
    for label in (HOUND, TENCH):  # photos that look like springers
        wrong = base / "wrong" / labels.synset(label)
        wrong.mkdir(parents=True)
        shutil.copyfile(colours / first(HOUND, 3)[0], wrong / "0.JPEG")
    table = read(made / "experiments.csv").head(1)
    files.write_csv(table.assign(source="", target="", reason="right on nothing"), folder / "e.csv")
    files.write_csv(read(made / "photos.csv").iloc[[0, 1, 2]], folder / "three.csv")
    pair = [{"from": SPRINGER, "to": HOUND}]

    def of(model, experiments=pair, photos=colours):
        return ["choose_photos", [*model, *words_of(choosing(experiments, photos))]]

    def later(name, **changes):
        options = {"torch_threads": 1, "photos": colours, "output": "o.csv",
                   "provenance": "o.json", "alphas": 2, "step": 1, "steps": 2, "attacks": "ddn",
                   "minimal_steps": 2}  # fmt: skip
        return [name, [*model, *words_of(options | changes)]]

    other = [*model[:5], "0" * 64]
    jobs = {
        "model": of(["--model", "inception_resnet_v3", "--weights", "package"]),
        "class": of(model, [{"from": 1000, "to": HOUND}]),
        "synset": of(model, [{"from": SPRINGER, "to": "n02102041"}]),
        "no synset": of(model, [{"from": SPRINGER, "to": 251}]),
        "no photo": of(model, [{"from": first(SPRINGER, 9)[0], "to": HOUND}]),
        "cut": of(model, photos=base / "cut"),
        "hash": of(other),
        "none right": of(model, [{"from": HOUND, "to": TENCH}], base / "wrong"),
        "same class": of(model, [{"from": SPRINGER, "to": first(SPRINGER, 1)[0]}]),
        "hub": of(["--model", THEIRS, "--weights", "hub"]),
        "no experiment": later(
            "measure_imagenet", experiments="e.csv", both_ways=0, alphas_figure=2, factors=1,
            along="a.csv", steps_output="s.csv", pictures="p.safetensors",
        ),
        "three photos": later("compare_photos", photos_input="three.csv", photos_most=20),
    }  # fmt: skip
    scripts = REPOSITORY / "workflow/scripts"
    done = subprocess.run(
        [sys.executable, "-c", DRIVER], cwd=folder, capture_output=True, text=True,
        input=json.dumps({key: [str(scripts / f"{name}.py"), words]
                          for key, (name, words) in jobs.items()}),
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
        ("none right", ["test_efficientnet is right on none of the 2 photos"]),
        ("same class", ["imagenet.experiments", "217", "both of class"]),
        ("hub", ["hub did not give the weights of inception_resnet_v2.tf_in1k", ".safetensors"]),
        ("no experiment", ["none of imagenet.experiments", "right on nothing"]),
        ("three photos", ["right on 3 photos of 2 classes", "imagenet.relation.models to 0"]),
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
