"""Which photos an experiment compares: by class, synset or name, packaged or from a folder."""

import re
import shutil

import numpy as np
import pytest

from fragility.images import imagenet_classes, photo_choice
from fragility.images.photos import packaged_photos, read
from fragility.images.pretrained import Pretrained

SPRINGER, HOUND = "n02102040", "n02088094"  # classes 217 and 160
FIRST = packaged_photos()[0]  # imagenet_00_243.jpg


def put(folder, *names):
    """Real photos under these names; one photo is as good as another here."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(FIRST.path, folder / name)


@pytest.fixture
def by_synset(tmp_path):
    """A folder a synset, as ImageNet's training images lie."""
    put(tmp_path, f"{SPRINGER}/{SPRINGER}_2.JPEG", f"{SPRINGER}/{SPRINGER}_10.JPEG")
    put(tmp_path, f"{HOUND}/own name.jpg", f"{HOUND}/a.png")
    return str(tmp_path)


@pytest.fixture
def flat(tmp_path):
    """All images in one folder, as downloads of single synsets lie."""
    put(tmp_path, f"{SPRINGER}_2.JPEG", f"{SPRINGER}_10.JPEG", f"{HOUND}_1.jpg", "other.jpg")
    return str(tmp_path)


def names(found):
    return [photo.name for photo in found]


# --- the packaged photos ---


@pytest.mark.parametrize("chosen", [251, "251", "n02110341", "imagenet_16_251.jpg"])
def test_a_packaged_photo_is_found_by_class_synset_and_name(chosen):
    (photo,) = photo_choice.matching("packaged", chosen)
    assert (photo.name, photo.label) == ("imagenet_16_251.jpg", 251)
    assert photo.path.is_file()


def test_a_class_of_two_packaged_photos_is_both_and_a_name_is_one():
    both = ["imagenet_06_609.jpg", "imagenet_07_609.jpg"]
    assert names(photo_choice.matching("packaged", 609)) == both
    assert names(photo_choice.matching("packaged", both[1])) == both[1:]


def test_a_class_without_a_packaged_photo_is_told_which_there_are():
    with pytest.raises(ValueError, match=r"none of class 217 \(English springer\)") as caught:
        photo_choice.matching("packaged", SPRINGER)
    listed = re.findall(r"\d+", str(caught.value).split("their classes:")[1])
    assert [int(number) for number in listed] == [photo.label for photo in packaged_photos()]


@pytest.mark.parametrize("chosen", ["imagenet_99_251.jpg", "dalmatian", "n02110341/x.jpg", ""])
def test_a_name_that_is_no_packaged_photo_is_refused(chosen):
    with pytest.raises(ValueError, match=f"{re.escape(chosen)} is no class.*foolbox's 20 photos"):
        photo_choice.matching("packaged", chosen)


@pytest.mark.parametrize(
    "chosen, what",
    [(1000, "no class 1000: .* 0 to 999"), ("1000", "no class 1000"), (-1, "no class -1"),
     ("n02102041", "n02102041 is none of the 1000")],
)  # fmt: skip
@pytest.mark.parametrize("folder", ["packaged", "a folder"])
def test_classes_out_of_range_and_unknown_synsets_are_refused(tmp_path, folder, chosen, what):
    with pytest.raises(ValueError, match=what):
        photo_choice.matching("packaged" if folder == "packaged" else str(tmp_path), chosen)


# --- a folder ---


@pytest.mark.parametrize("chosen", [217, "217", SPRINGER])
def test_a_class_of_a_folder_is_all_its_photos_by_name(by_synset, tmp_path, chosen):
    found = photo_choice.matching(by_synset, chosen)
    expected = [f"{SPRINGER}/{SPRINGER}_10.JPEG", f"{SPRINGER}/{SPRINGER}_2.JPEG"]
    assert names(found) == expected  # seen from the folder
    assert {photo.label for photo in found} == {217}
    assert [photo.path for photo in found] == [tmp_path / name for name in expected]


@pytest.mark.parametrize("chosen", [217, SPRINGER])
def test_photos_may_all_lie_in_one_folder(flat, chosen):
    assert names(photo_choice.matching(flat, chosen)) == [
        f"{SPRINGER}_10.JPEG",
        f"{SPRINGER}_2.JPEG",
    ]


def test_one_photo_of_a_folder_is_found_by_its_name_there(by_synset):
    for name in (f"{SPRINGER}/{SPRINGER}_2.JPEG", f"{HOUND}/own name.jpg"):
        (photo,) = photo_choice.matching(by_synset, name)
        assert photo.name == name
        assert photo.label == (217 if SPRINGER in name else 160)


def test_one_photo_among_all_in_one_folder(flat):
    (photo,) = photo_choice.matching(flat, f"{HOUND}_1.jpg")
    assert (photo.name, photo.label) == (f"{HOUND}_1.jpg", 160)


@pytest.mark.parametrize(
    "chosen, what",
    [
        (f"{SPRINGER}/{SPRINGER}_3.JPEG", "no photo n02102040/n02102040_3.JPEG among those in"),
        (f"{SPRINGER}_2.JPEG", "no photo n02102040_2.JPEG among"),  # it lies in a subfolder
        ("other.jpg", "other.jpg is no class.*whose name contains its class"),
        ("n02102041_1.JPEG", "n02102041 is none of the 1000"),
        ("n01440764/x.JPEG", "no photos of n01440764 in"),
    ],
)
def test_photos_that_are_not_there_are_refused_by_name_and_folder(by_synset, chosen, what):
    with pytest.raises(ValueError, match=what) as caught:
        photo_choice.matching(by_synset, chosen)
    assert by_synset in str(caught.value) or "1000" in what


def test_a_folder_without_the_synset_is_named(by_synset):
    with pytest.raises(ValueError, match="no photos of n01440764") as caught:
        photo_choice.matching(by_synset, 0)
    assert by_synset in str(caught.value)


def test_a_folder_may_be_written_with_a_tilde(by_synset, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path.parent))
    short = f"~/{tmp_path.name}"
    assert photo_choice.matching(short, SPRINGER) == photo_choice.matching(by_synset, SPRINGER)
    name = f"{HOUND}/a.png"
    assert photo_choice.located(short, name) == tmp_path / name


# --- all photos ---


def test_all_packaged_photos_are_at_hand_whatever_is_chosen():
    assert (
        photo_choice.every("packaged", [])
        == photo_choice.every("packaged", [251])
        == packaged_photos()
    )


def test_of_a_folder_those_chosen_are_at_hand_each_once(by_synset):
    one = f"{HOUND}/a.png"
    found = names(photo_choice.every(by_synset, [HOUND, SPRINGER, one, 160]))
    assert found == names(
        photo_choice.matching(by_synset, HOUND) + photo_choice.matching(by_synset, SPRINGER)
    )
    assert names(photo_choice.every(by_synset, [one, SPRINGER]))[0] == one
    assert len(photo_choice.every(by_synset, [one, SPRINGER])) == 3


# --- their pixels ---

SETTINGS = (32, 0.875, "bicubic")
MODEL = Pretrained("any", None, SETTINGS[0], interpolation=SETTINGS[2], crop_fraction=SETTINGS[1])


def test_pixels_are_read_as_the_model_takes_them_in_the_order_of_the_names():
    photos = packaged_photos()[3:0:-1]
    found = photo_choice.pixels("packaged", names(photos), MODEL)
    assert found.shape == (3, 3, 32, 32) and found.dtype == np.float32
    for pixels, photo in zip(found, photos, strict=True):
        assert np.array_equal(pixels, read(photo.path, *SETTINGS))
    assert not np.array_equal(found[0], found[1])


def test_pixels_from_a_folder_are_those_of_the_packaged_photo(tmp_path):
    photo = packaged_photos()[16]
    name = f"{imagenet_classes.synset(photo.label)}/{photo.name}"
    (tmp_path / name).parent.mkdir()
    shutil.copyfile(photo.path, tmp_path / name)
    found = photo_choice.pixels(str(tmp_path), [name], MODEL)
    assert np.array_equal(found, photo_choice.pixels("packaged", [photo.name], MODEL))


def test_every_photo_found_is_located_by_its_name(by_synset):
    for folder, chosen in (("packaged", 609), (by_synset, SPRINGER)):
        for photo in photo_choice.matching(folder, chosen):
            assert photo_choice.located(folder, photo.name) == photo.path


# --- the digest ---


def test_the_digest_tells_names_and_sizes_of_the_photos_chosen_apart(by_synset, tmp_path):
    def digest():
        return photo_choice.digest(by_synset, [217, f"{HOUND}/a.png"])

    first = digest()
    assert re.fullmatch("[0-9a-f]{64}", first)
    assert photo_choice.digest(by_synset, [f"{HOUND}/a.png", SPRINGER, 217]) == first
    put(tmp_path, f"{HOUND}/b.png")  # not chosen
    assert digest() == first
    put(tmp_path, f"{SPRINGER}/{SPRINGER}_3.JPEG")
    more = digest()
    (tmp_path / SPRINGER / f"{SPRINGER}_3.JPEG").rename(tmp_path / SPRINGER / f"{SPRINGER}_4.JPEG")
    renamed = digest()
    with (tmp_path / HOUND / "a.png").open("ab") as file:
        file.write(b"0")
    assert len({first, more, renamed, digest()}) == 4


def test_the_packaged_photos_have_no_digest():
    assert photo_choice.digest("packaged", [251]) == ""
