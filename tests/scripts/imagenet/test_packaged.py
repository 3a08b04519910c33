"""The ImageNet programs on a package's network and foolbox's photos: as they come, and
in folders by synset."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest
import torch
from imagenet_scripts import (
    CLOSE,
    LITE,
    at_once,
    chances,
    choose,
    cosine,
    images_of,
    in_turn,
    measure,
    read,
    slope,
)

from fragility.images import imagenet_classes, pretrained
from fragility.images.photo_choice import pixels
from fragility.images.photos import packaged_photos
from fragility.runtime import files

GREY = 1 / 255
NO_JEEP = "the network is right on no photo of n03594945"
DOGS = ["imagenet_16_251.jpg", "imagenet_00_243.jpg"]


EXPERIMENTS = [
    {"from": "n03594945", "to": 22},  # both jeeps are taken for other cars
    {"from": 251, "to": "n02108422"},
]


@pytest.fixture(scope="session")
def sorted_photos(base):
    """A folder a synset, as ImageNet's, of the 20 photos."""
    for photo in packaged_photos():
        synset = imagenet_classes.synset(photo.label)
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
    assert table["synset"].tolist() == [imagenet_classes.synset(photo.label) for photo in photos]
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
        relative = [np.linalg.norm(s) / np.linalg.norm(gradient) for _, s in points]
        assert row["gradient_along"] == pytest.approx(np.mean(relative), rel=CLOSE)
        assert row["gradient_largest"] == pytest.approx(np.max(relative), rel=CLOSE)
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
        before, after = (
            slope(network.module, image, classes)[1] for image in (x, pictures["minimal"][i])
        )
        change = np.linalg.norm(after - before) / np.linalg.norm(before)
        assert row["gradient_change"] == pytest.approx(change, rel=0.1) and change > 0.1
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
