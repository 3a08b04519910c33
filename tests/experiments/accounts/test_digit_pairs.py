"""The nearest digit of another class, class means and copied pixels."""

import numpy as np
import torch

from fragility.experiments.accounts.digit_pairs import (
    Chosen,
    class_means,
    copied,
    nearest_of_another_class,
    tensors,
)


def image(value):
    return np.full((28, 28), value, np.uint8)


def test_the_nearest_image_of_the_same_class_is_passed_over():
    several = np.stack([image(11), image(20), image(14)])
    chosen = nearest_of_another_class(
        np.stack([image(10)]), np.array([3]), several, np.array([3, 5, 7])
    )
    assert chosen.second.tolist() == [7]
    assert (chosen.target == 14).all()


def test_class_means_are_in_pixels_from_0_to_1():
    labels = np.repeat(np.arange(10), 2)
    means = class_means(np.stack([image(51 * (k % 2)) for k in range(20)]), labels)
    assert means.shape == (10, 28, 28)
    assert np.allclose(means, 0.1)


def test_copied_pixels_keep_the_image_and_double_its_length():
    x = torch.rand(2, 1, 28, 28)
    twice = copied(x, 2)
    assert twice.shape == (2, 1, 56, 56)
    assert torch.equal(twice[:, :, ::2, 1::2], x)
    assert torch.allclose(twice.flatten(1).norm(dim=1), 2 * x.flatten(1).norm(dim=1))


def test_the_tilt_is_the_difference_of_own_and_other_mean():
    means = np.zeros((10, 28, 28))
    means[3], means[7] = 1.0, 0.25
    chosen = Chosen(
        np.stack([image(255)]), np.stack([image(0)]), np.array([3]), np.array([7]), means
    )
    pairs, first, second = tensors(chosen, 1, "cpu")
    assert (pairs.tilt == 0.75).all()
    assert (pairs.x == 1).all()
    assert (first.item(), second.item()) == (3, 7)
