"""Measuring the compression rho of trained ReLU networks."""

import itertools

import numpy as np
import pytest
from relu_jobs import PAIRS, SEED, D

from fragility.measures.compression import phi, rho
from fragility.synthetic.data import draw_corners


def test_measures_are_a_row_a_point_of_each_pair(measures, runs):
    columns = ["layers", "run", "phi", "pair", "alpha", "rho", "reason"]
    assert measures.columns.tolist() == columns
    alphas = [0, 0.333333, 0.666667, 1]
    keys = measures[["run", "pair", "alpha"]].itertuples(index=False, name=None)
    assert list(keys) == list(itertools.product(runs, range(PAIRS), alphas))
    assert (measures["layers"] == 1).all()
    assert (measures["reason"] == "").all()


def test_measures_are_rho_on_the_way_from_b_2_to_b_1(measures, runs, pairs):
    for run, (matrix, network) in zip(runs, pairs, strict=True):
        rows = measures[measures["run"] == run]
        assert (rows["phi"] == phi(matrix)).all()
        expected = []
        for z in draw_corners(D, PAIRS, SEED, "relu", int(run)).astype(float):
            z[-1] = 1
            b1, b2 = matrix @ z, matrix @ (z - 2 * np.eye(D)[-1])
            expected += [rho(matrix, network, (a * b1 + (1 - a) * b2)[None])[0]
                         for a in np.linspace(0, 1, 4)]  # fmt: skip
        # the same double sums in another order
        assert rows["rho"].astype(float).tolist() == pytest.approx(expected, rel=1e-9)
