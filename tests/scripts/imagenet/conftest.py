"""A small network on made-up photos: chosen, measured and compared once, for all these tests."""

import pytest
from imagenet_scripts import choose, compare, in_turn, measure
from made_up_photos import COLOURS, HOUND, SMALL, SPRINGER, TENCH, first, made_up, taught

from fragility.images import imagenet_classes, photo_choice, pretrained


@pytest.fixture(scope="session")
def base(tmp_path_factory):
    return tmp_path_factory.mktemp("imagenet scripts")


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
