"""The program that classifies photos and chooses pairs, on folders of made-up photos."""

import numpy as np
from imagenet_scripts import read
from made_up_photos import HOUND, SPRINGER, TENCH, first
from PIL import Image

from fragility.images.photo_choice import pixels


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
