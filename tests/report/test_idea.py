"""The drawing of the idea has the library's numbers."""

import itertools

import numpy as np
import pytest

from fragility.exact.linear import smallest_perturbations
from fragility.exact.optimal import class_radius
from fragility.measures import compression
from fragility.report import idea


def matrices():
    generator = np.random.default_rng(5)
    drawn = generator.normal(size=(20, 2, 2)).tolist()
    return [*idea.PRESETS.values(), *(tuple(map(tuple, each)) for each in drawn)]


@pytest.mark.parametrize("other, feature", matrices())
def test_the_numbers_are_those_of_the_library(other, feature):
    matrix = np.array([other, feature]).T
    weights = np.linalg.inv(matrix)[-1]
    outputs = np.array([weights, -weights])
    told = idea.numbers(other, feature)
    assert told.phi == pytest.approx(compression.phi(matrix))
    assert told.cos_theta_1 == pytest.approx(compression.cos_theta_1(matrix, outputs))
    assert told.network == pytest.approx(smallest_perturbations(matrix, outputs).minimum)
    assert told.optimal == pytest.approx(class_radius(matrix))


@pytest.mark.parametrize("other, feature", matrices())
def test_the_boundary_is_as_near_to_either_class(other, feature):
    columns = np.array([other, feature])
    corners = {s: np.array([[1, s], [-1, s]]) @ columns for s in (1, -1)}
    line = np.array(idea.boundary(other, feature))
    for first, last in itertools.pairwise(line):
        for share in (0.0, 0.3, 1.0):
            point = first + share * (last - first)
            one, two = (np.linalg.norm(corners[s] - point, axis=1).min() for s in (1, -1))
            assert one == pytest.approx(two)


@pytest.mark.parametrize("other, feature", matrices())
def test_the_steps_have_the_lengths_that_are_read_off(other, feature):
    told = idea.numbers(other, feature)
    for step, length in ((idea.foot, told.network), (idea.nearest, told.optimal)):
        start, end = map(np.array, step(other, feature))
        assert np.linalg.norm(start - end) == pytest.approx(length)


def test_the_presets_show_what_their_names_say():
    told = {name: idea.numbers(*columns) for name, columns in idea.PRESETS.items()}
    assert told["no compression"].phi == pytest.approx(1)
    assert told["strong"].phi < 0.25
    _, feature = idea.PRESETS["factor 5"]
    assert told["factor 5"].optimal == pytest.approx(np.hypot(*feature))
    assert told["strong"].optimal < np.hypot(*idea.PRESETS["strong"][1])
