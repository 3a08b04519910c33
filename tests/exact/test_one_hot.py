"""Smallest perturbations of linear networks on Theorem 1's data: closed form, scale, shift."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from fragility.exact.one_hot import optimal_radii, smallest_perturbations
from fragility.runtime.seeds import generator
from fragility.statements.theorem_1.closed_form import sizes

STREAM = generator(0, "test", "one-hot exact")
X = STREAM.standard_normal((4, 7, 7))
INVERSE = np.linalg.inv(X)
TRAINED = np.swapaxes(X, 1, 2) + 0.3 * STREAM.standard_normal((4, 7, 7))
ROW = STREAM.standard_normal((4, 1, 7))


def test_the_inverse_has_theorem_1_s_smallest_perturbations():
    found = smallest_perturbations(INVERSE, X)
    assert found == pytest.approx(np.stack([sizes(x).smallest for x in X]), rel=1e-9)


@pytest.mark.parametrize("weights", [INVERSE, TRAINED], ids=["inverse", "other"])
@pytest.mark.parametrize("c, shift", [(10, 0), (3, 1)])
def test_scale_and_shift_move_no_perturbation(weights, c, shift):
    before, after = (smallest_perturbations(w, X) for w in (weights, c * weights + shift * ROW))
    assert after == pytest.approx(before, rel=1e-9)


def test_steps_of_that_length_flip_and_shorter_ones_of_any_direction_do_not():
    w, x = TRAINED[0], X[0]
    right = [i for i in range(7) if (w @ x[:, i]).argmax() == i]
    assert len(right) > 3
    for i in right:
        size = smallest_perturbations(w, x)[i]
        steps = w - w[i]
        lengths = np.linalg.norm(steps, axis=1)
        units = steps[lengths > 0] / lengths[lengths > 0, None]
        for factor, flips in ((1 + 1e-6, True), (1 - 1e-6, False)):
            decided = (w @ (x[:, i] + factor * size * units).T).argmax(axis=0)
            assert (decided != i).any() == flips


def test_a_misclassified_point_needs_none():
    found = smallest_perturbations(-INVERSE, X)
    assert (found == 0).all()


def test_the_optimal_radius_is_half_the_distance_to_the_nearest_other_point():
    for x, radii in zip(X, optimal_radii(X), strict=True):
        distances = cdist(x.T, x.T) + np.diag(np.full(7, np.inf))
        assert radii == pytest.approx(distances.min(axis=1) / 2)
