"""Theorem 6: networks solved for condition (6), and its perturbation on them."""

from functools import partial

import numpy as np
import pytest

from fragility.runtime.seeds import generator
from fragility.statements.theorem_6 import closed_form as theory
from fragility.statements.theorem_6 import simulation
from fragility.synthetic.data import corners, gaussian_matrix
from fragility.synthetic.networks import theorem_6_weights

EPS = np.finfo(float).eps


def solved(d, index=0, width=2, layers=2):
    stream = generator(6, "test", "theorem_6", d, index)
    a = gaussian_matrix(d, stream)
    z = simulation.sample_corners(d, 256, stream)
    return a, z, simulation.solve_network(a, z, width * d, stream, layers=layers)


@pytest.mark.parametrize("layers", [2, 4])
@pytest.mark.parametrize("d", [2, 3, 6, 12, 20])
def test_condition_6_forces_the_last_row_of_the_inverse(d, layers):
    a, _, network = solved(d, layers=layers)
    assert network.rank == d
    row = theorem_6_weights(a)
    # least squares through the hidden layers (condition about 6 each) and A: rounding times both
    tolerance = 1000 * 10 ** (layers - 2) * EPS * np.linalg.cond(a) * np.linalg.norm(row)
    assert np.allclose(network.output @ network.hidden, [row, -row], rtol=0, atol=tolerance)


def test_more_layers_have_another_hidden_product():
    shallow, deep = (solved(6, layers=layers)[2].hidden for layers in (2, 4))
    assert shallow.shape == deep.shape == (12, 6)
    assert not np.allclose(shallow, deep)


def test_too_few_points_force_nothing():
    # twin: with all points in a hyperplane (z_1 = z_2) the system has rank d - 1
    stream = generator(6, "test", "hyperplane")
    a, z = gaussian_matrix(6, stream), corners(6)
    network = simulation.solve_network(a, z[z[:, 0] == z[:, 1]], 12, stream)
    assert network.rank == 5
    row = theorem_6_weights(a)
    assert not np.allclose(network.output[0] @ network.hidden, row, rtol=0.01)


@pytest.mark.parametrize("d", [2, 5, 10])
def test_the_perturbation_flips_all_points_and_half_of_it_is_enough(d):
    a, _, network = solved(d)
    step = theory.theorem_6_perturbation(a, -1)
    seen = simulation.push(network, a, corners(d), step)
    assert (seen.flipped, seen.half_flipped, seen.half_short) == (1, 1, 0)
    tolerance = 1000 * EPS * np.linalg.cond(a)
    assert seen.output_error < tolerance
    for norm in (seen.smallest, seen.largest):
        assert norm == pytest.approx(np.linalg.norm(step) / 2, rel=tolerance)
    # twins: the wrong sign flips none, and another direction not all to exactly -+1
    assert simulation.push(network, a, corners(d), -step).flipped == 0
    other = np.linalg.norm(step) * a[:, 0] / np.linalg.norm(a[:, 0])
    assert simulation.push(network, a, corners(d), other).output_error > 0.1


@pytest.mark.parametrize(
    ("matrix", "name"),
    [(np.ones((1, 1)), "at least 2"), (np.ones((2, 3)), "square"), (np.ones((3, 3)), "singular")],
)
def test_matrices_that_are_not_meant_are_refused_by_name(matrix, name):
    for function in (theorem_6_weights, partial(theory.theorem_6_perturbation, bit=1)):
        with pytest.raises(ValueError, match=name):
            function(matrix)
