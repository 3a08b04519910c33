"""ImageNet's 1000 classes: index, synset (WordNet's number) and name, as timm lists them."""

import re
from functools import cache

from timm.data import ImageNetInfo

CLASSES = 1000


@cache
def _info() -> ImageNetInfo:
    return ImageNetInfo()


def synset(index: int) -> str:
    """The class's synset, such as n02102040.

    Raises:
        ValueError: the index is not in 0, ..., 999.
    """
    if index not in range(CLASSES):
        raise ValueError(f"there is no class {index}: the classes are 0 to {CLASSES - 1}")
    return _info().index_to_label_name(index)


def name(index: int) -> str:
    """The first of the class's names, such as "dalmatian".

    Raises:
        ValueError: as :func:`synset`.
    """
    synset(index)
    return _info().index_to_description(index).split(",")[0]


def is_synset(text: str) -> bool:
    """Whether the text has the form of a synset."""
    return re.fullmatch(r"n\d{8}", text) is not None


def class_index(number: str) -> int:
    """The class of a synset.

    Raises:
        ValueError: it is not among the 1000 synsets.
    """
    names = _info().label_names()
    if number not in names:
        raise ValueError(f"{number} is none of the {CLASSES} synsets that networks are trained on")
    return names.index(number)
