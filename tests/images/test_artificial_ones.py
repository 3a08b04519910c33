"""Artificial ones: networks whose rule is known, against a search over all rectangles."""

import numpy as np
import pytest
import torch

from fragility.images.artificial_ones import ONE, SEVEN, Mask, classify, smallest_masks
from fragility.images.digits import SIDE, read
from fragility.runtime.seeds import generator

LARGEST = (14, 20)


class Rule(torch.nn.Module):
    """A "network" that calls an image a one where ``is_one`` (of pixels in [0, 1]) says so."""

    def __init__(self, is_one, other=SEVEN):
        super().__init__()
        self.is_one, self.other, self.sizes = is_one, other, []

    def forward(self, pixels):
        assert pixels.dtype == torch.float32
        assert pixels.shape[1:] == (1, SIDE, SIDE)
        assert 0 <= pixels.min() <= pixels.max() <= 1
        self.sizes.append(len(pixels))
        ones = self.is_one(pixels[:, 0])
        logits = torch.zeros(len(pixels), 10)
        logits[ones, ONE], logits[~ones, self.other] = 1, 1
        return logits


# The first is monotone: a larger rectangle does as well; the others are not.
RULES = {
    "a pixel is 0": lambda x: x[:, 9, 7] == 0,
    "one pixel is 0 and another is not": lambda x: (x[:, 7, 8] == 0) & (x[:, 8, 12] > 0),
    "so many pixels are not 0": lambda x: ((x > 0).sum(dim=(1, 2)) % 7) == 3,
    "little is left of a row": lambda x: x[:, 8].sum(dim=1) < 1.5,
    "a sum in a band": lambda x: ((x.sum(dim=(1, 2)) % 10) - 5).abs() < 0.4,
}


@pytest.fixture(scope="module")
def sevens(mnist):
    digits = read(mnist, "t10k")
    return digits.images[digits.labels == SEVEN][:8]


def made_up(count=6):
    """Images with ink everywhere, of few values: several rectangles remove alike."""
    stream = generator(7, "test", "artificial")
    images = stream.choice([0, 0, 0, 100, 255], (count, SIDE, SIDE)).astype(np.uint8)
    images[:, 7, 8] = images[:, 8, 12] = images[:, 9, 7] = 100
    return images


def by_brute_force(network, image, largest=LARGEST):
    """Of all rectangles that make a one the least (removed, area, height); NaN where none does."""
    sizes = [(r + 1, c + 1) for r, c in np.ndindex(*largest)]
    candidates = np.repeat(image[None], len(sizes), axis=0)
    for candidate, (r, c) in zip(candidates, sizes, strict=True):
        candidate[:r, :c] = 0
    logits = network(torch.from_numpy(candidates[:, None] / 255).float())
    ones = logits.argmax(dim=1).numpy() == 1
    removed = (image.astype(int) ** 2).sum() - (candidates.astype(int) ** 2).sum(axis=(1, 2))
    works = [
        (squares, r * c, r, c)
        for one, squares, (r, c) in zip(ones, removed, sizes, strict=True)
        if one and squares > 0
    ]
    return min(works)[2:] if works else (np.nan, np.nan)


def same(found, expected):
    return np.array_equal(np.array(found), np.array(expected), equal_nan=True)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("kind", ["real", "made up"])
def test_the_rectangle_is_the_one_that_removes_least_of_all_that_work(sevens, kind, rule):
    images = sevens if kind == "real" else made_up()
    network = Rule(RULES[rule])
    before = images.copy()
    found = list(smallest_masks(network, images, LARGEST))
    assert all(isinstance(mask, Mask) for mask in found)
    assert same(found, [by_brute_force(network, image) for image in images])
    assert np.array_equal(images, before)


def test_the_rules_tell_rectangles_apart(sevens):
    """Else a search that takes any rectangle that works, or the first or the last, would do."""
    seen = {rule: [by_brute_force(Rule(RULES[rule]), i) for i in sevens] for rule in RULES}
    finite = [mask for masks in seen.values() for mask in masks if not np.isnan(mask[0])]
    assert len(finite) > 20
    assert len(set(finite)) > 10
    assert any(np.isnan(mask[0]) for masks in seen.values() for mask in masks)


def test_a_rectangle_that_removes_less_is_taken_though_it_is_larger():
    image = np.zeros((SIDE, SIDE), dtype=np.uint8)
    image[0, 1], image[9, 0] = 200, 100
    # either pixel will do; 1 x 2 is the smaller rectangle, 10 x 1 removes less
    network = Rule(lambda x: (x[:, 0, 1] == 0) | (x[:, 9, 0] == 0))
    assert list(smallest_masks(network, image[None], LARGEST)) == [(10, 1)]
    assert list(smallest_masks(network, image[None], (9, 20))) == [(1, 2)]


@pytest.mark.parametrize("chunk", [1, 2, 7, 10_000])
@pytest.mark.parametrize("rule", RULES)
def test_chunks_do_not_matter_and_bound_what_is_passed_at_once(sevens, rule, chunk):
    network = Rule(RULES[rule])
    assert same(
        list(smallest_masks(network, sevens[:4], LARGEST, chunk)),
        list(smallest_masks(Rule(RULES[rule]), sevens[:4], LARGEST)),
    )
    assert max(network.sizes) <= chunk


@pytest.mark.parametrize("limit", [(14, 20), (3, 28), (28, 5), (1, 1)])
def test_no_rectangle_is_larger_than_the_largest(sevens, limit):
    # everything in the 10 x 8 corner must go
    network = Rule(lambda x: x[:, :10, :8].sum(dim=(1, 2)) == 0)
    images = sevens | np.uint8(1)  # no pixel is 0: only 10 x 8 itself removes least
    expected = (10, 8) if limit == (14, 20) else (np.nan, np.nan)
    assert same(list(smallest_masks(network, images, limit)), [expected] * len(images))


def test_where_no_rectangle_works_there_is_none(sevens):
    images = np.concatenate([sevens[:2], np.zeros((1, SIDE, SIDE), np.uint8), sevens[2:3]])
    never = list(smallest_masks(Rule(lambda x: x.sum(dim=(1, 2)) < 0), images, LARGEST))
    assert np.isnan(never).all()
    assert np.array(never).shape == (4, 2)
    # blocking nothing makes no artificial one, even of an image that is called a one already
    always = list(smallest_masks(Rule(lambda x: x.sum(dim=(1, 2)) >= 0), images, LARGEST))
    assert np.isnan(always[2]).all()
    assert np.isfinite([always[i] for i in (0, 1, 3)]).all()


def test_another_class_than_one_does_not_count(sevens):
    # a bug that asks "no longer a seven" would take the first rectangle
    late = Rule(lambda x: x[:, 9, 7:].sum(dim=1) == 0, other=2)
    assert same(
        list(smallest_masks(late, sevens, (14, 28))),
        [by_brute_force(late, image, (14, 28)) for image in sevens],
    )


@pytest.mark.parametrize("other", [0, 2, 7, 9])
def test_classes_are_those_with_the_largest_output(other):
    images = made_up(50)
    found = classify(Rule(RULES["so many pixels are not 0"], other), images)
    ones = [np.count_nonzero(image) % 7 == 3 for image in images]
    assert found.tolist() == [ONE if one else other for one in ones]
    assert set(found.tolist()) == {ONE, other}


def test_classification_is_of_pixels_in_0_to_1():
    class Level(torch.nn.Module):
        def forward(self, pixels):
            level = pixels[:, 0, 3, 4]
            # class k for a level of k/10 to (k + 1)/10
            return -((level[:, None] - (torch.arange(10) + 0.5) / 10) ** 2)

    images = np.zeros((256, SIDE, SIDE), dtype=np.uint8)
    images[:, 3, 4] = np.arange(256)
    expected = np.minimum(np.arange(256) / 25.5, 9).astype(int)
    between = np.arange(256) % 25.5 != 0  # not on an edge
    assert np.array_equal(classify(Level(), images)[between], expected[between])


def test_classification_keeps_no_gradients():
    network = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(SIDE * SIDE, 10))
    assert classify(network, made_up(3)).shape == (3,)
    assert network[1].weight.grad is None
