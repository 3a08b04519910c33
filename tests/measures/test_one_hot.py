"""Distance from condition (1): 0 where it holds, whatever the scale and shift; else the minimum."""

import numpy as np
import pytest
from scipy.optimize import minimize

from fragility.measures.one_hot import condition_distance, cos_with_inverse
from fragility.runtime.seeds import generator

STREAM = generator(0, "test", "one-hot measures")
X = STREAM.standard_normal((3, 6, 6))
ROWS = STREAM.standard_normal((3, 1, 6))  # one more row for all classes
OUTPUTS = STREAM.standard_normal((3, 6, 6)) + 2 * np.eye(6)
CASES = [(1, 0), (3, 0), (3, 1), (10, -5)]


@pytest.mark.parametrize("c, shift", CASES)
def test_networks_built_to_satisfy_the_condition_have_distance_0(c, shift):
    weights = c * np.linalg.inv(X) + shift * ROWS
    # rounding: float64 times condition numbers of hundreds
    assert condition_distance(weights @ X) == pytest.approx(0, abs=1e-6)
    assert cos_with_inverse(weights, X) == pytest.approx(1, abs=1e-10)


@pytest.mark.parametrize("factor", [0.1, 10])
def test_a_scaled_network_is_as_far_away(factor):
    assert condition_distance(factor * OUTPUTS) == pytest.approx(condition_distance(OUTPUTS))
    assert cos_with_inverse(factor * OUTPUTS, X) == pytest.approx(cos_with_inverse(OUTPUTS, X))


def test_it_is_the_minimum_over_scale_and_shift():
    def distance(parameters, f):
        c, b = np.exp(parameters[0]), parameters[1:]
        return np.linalg.norm(f - c * np.eye(6) - b[None]) / (c * np.sqrt(6))

    for f, found in zip(OUTPUTS, condition_distance(OUTPUTS), strict=True):
        best = min(minimize(distance, [s, *np.zeros(6)], (f,)).fun for s in (-1, 0, 1, 2))
        assert found == pytest.approx(best, rel=1e-3)
        assert 0.1 < found < 1


def test_outputs_that_say_nothing_are_farthest():
    farthest = np.sqrt(1 - 1 / 6)
    assert condition_distance(np.zeros((6, 6))) == pytest.approx(farthest)
    assert condition_distance(-np.eye(6)) == pytest.approx(farthest)


def test_the_cosine_is_not_1_for_other_weights():
    assert (np.abs(cos_with_inverse(np.swapaxes(X, 1, 2), X)) < 0.9).all()
