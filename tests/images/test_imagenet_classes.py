"""ImageNet's classes: index, synset and name."""

import pytest

from fragility.images import imagenet_classes
from fragility.images.photos import packaged_photos

# as they are printed in the paper (Figures 4 and 5) or on foolbox's photos
KNOWN = [
    (217, "n02102040", "English springer"),
    (160, "n02088094", "Afghan hound"),
    (243, "n02108422", "bull mastiff"),
    (251, "n02110341", "dalmatian"),
    (0, "n01440764", "tench"),
    (999, "n15075141", "toilet tissue"),
]


@pytest.mark.parametrize("index, synset, name", KNOWN)
def test_known_classes(index, synset, name):
    assert imagenet_classes.synset(index) == synset
    assert imagenet_classes.name(index) == name
    assert imagenet_classes.class_index(synset) == index


def test_every_class_has_its_own_synset_and_comes_back_from_it():
    synsets = [imagenet_classes.synset(index) for index in range(imagenet_classes.CLASSES)]
    assert synsets == sorted(set(synsets))  # ImageNet's order is that of the synsets
    assert len(synsets) == 1000
    assert all(imagenet_classes.is_synset(synset) for synset in synsets)
    assert [imagenet_classes.class_index(synset) for synset in synsets[::97]] == list(
        range(0, 1000, 97)
    )


def test_names_are_the_first_of_several():
    names = [imagenet_classes.name(photo.label) for photo in packaged_photos()]
    assert names[:2] == ["bull mastiff", "folding chair"]
    assert not any("," in name or name == "" for name in names)


@pytest.mark.parametrize("index", [-1, 1000, 10**6])
def test_a_class_out_of_range_is_refused_by_its_number(index):
    for of in (imagenet_classes.synset, imagenet_classes.name):
        with pytest.raises(ValueError, match=f"no class {index}: .* 0 to 999"):
            of(index)


@pytest.mark.parametrize("number", ["n00000000", "n02102041", "dalmatian", ""])
def test_a_synset_that_is_none_of_the_1000_is_refused_by_its_number(number):
    with pytest.raises(ValueError, match=f"{number} is none of the 1000"):
        imagenet_classes.class_index(number)


@pytest.mark.parametrize(
    "text",
    ["02102040", "n0210204", "n021020400", "n02102040/", "n02102040_1.JPEG", "N02102040", ""],
)
def test_other_words_have_not_the_form_of_a_synset(text):
    assert not imagenet_classes.is_synset(text)
