"""Attacking trained ReLU networks, and what bounds the attacks from below."""

import itertools
import json

import numpy as np
import pytest
from relu_jobs import PAIRS, SEED, D

from fragility.measures.compression import phi
from fragility.runtime.seeds import generator
from fragility.synthetic.data import corners, draw_corners, label, points
from fragility.synthetic.networks import margins


def test_attacks_are_a_row_a_point_of_the_first_networks(seen, runs, attacks):
    keys = attacks[["run", "input", "pair"]].itertuples(index=False, name=None)
    assert list(keys) == list(itertools.product(runs[:2], ["b1", "b2"], range(PAIRS)))
    assert attacks.columns.tolist() == [
        "layers", "run", "input", "pair", "margin", "delta", "attack", "delta_ddn",
        "delta_projection", "cos_theta_t", "certificate", "m", "phi", "class_radius",
        "point_radius", "random_least", "random_median", "random_flips", "directions", "reason",
    ]  # fmt: skip
    record = json.loads((seen / "attack/attacks.json").read_text())
    assert [record[key] for key in ("networks", "points", "found")] == [2, 12, 12]


def at(attacks, pairs):
    """Each row of the attacks with its A, network, corner and label."""
    runs = attacks["run"].unique()
    for (_, row), i in zip(attacks.iterrows(), range(len(attacks)), strict=True):
        matrix, network = pairs[runs.tolist().index(row["run"])]
        z = draw_corners(D, PAIRS, SEED, "relu", int(row["run"]))[i % PAIRS].astype(int)
        z[-1] = 1 if row["input"] == "b1" else -1
        yield row, matrix, network, z


def test_attacks_are_at_the_points_of_their_labels(attacks, pairs):
    for row, matrix, network, z in at(attacks, pairs):
        margin = margins(network, points(matrix, z[None]), z[-1])[0]
        assert row["margin"] == pytest.approx(margin, rel=1e-9)
        assert margin > 0


def test_radii_are_half_the_distances_to_the_other_class(attacks, pairs):
    every = corners(D)
    for row, matrix, _, z in at(attacks, pairs):
        x = points(matrix, every)
        plus, minus = x[label(every) > 0], x[label(every) < 0]
        between = np.linalg.norm(plus[:, None] - minus[None], axis=2)
        others = minus if z[-1] > 0 else plus
        own = np.linalg.norm(others - points(matrix, z[None]), axis=1).min() / 2
        assert row["class_radius"] == pytest.approx(between.min() / 2)
        assert row["point_radius"] == pytest.approx(own)
        assert row["m"] == pytest.approx(np.linalg.norm(matrix[:, -1]))
        assert row["phi"] == phi(matrix)
    assert (attacks["point_radius"] >= attacks["class_radius"] * (1 - 1e-12)).all()


def test_the_smallest_perturbation_lies_between_certificate_and_random_directions(attacks):
    assert attacks["delta"].notna().all()
    assert (attacks["certificate"] > 0).all()
    assert (attacks["delta"] >= attacks["certificate"]).all()
    # the attack ends at a local minimum to a thousandth (its own lengthening)
    assert (attacks["random_least"] >= 0.999 * attacks["delta"]).all()
    assert (attacks["random_least"] >= attacks["certificate"]).all()
    assert (attacks["random_median"].fillna(np.inf) >= attacks["random_least"]).all()
    assert attacks["random_flips"].between(1, 16).all()
    assert (attacks["directions"] == 16).all()
    assert attacks["cos_theta_t"].abs().between(1e-6, 1).all()


def test_the_smallest_is_that_of_the_attack_named(attacks):
    names = ["delta_ddn", "delta_projection"]
    assert attacks["delta"].tolist() == attacks[names].min(axis=1).tolist()
    assert ("delta_" + attacks["attack"]).tolist() == attacks[names].idxmin(axis=1).tolist()
    assert attacks["reason"].isna().all()


def test_no_point_flips_much_below_delta_on_a_fine_net_of_directions(attacks, pairs):
    """A search of another kind: 4000 directions at 0.9 delta flip nothing, at 1.5 delta something.

    On the sphere of four dimensions 4000 directions leave no gap above 0.4: cos is above 0.9.
    """
    u = generator(3, "test", "net").standard_normal((4000, D))
    u /= np.linalg.norm(u, axis=1, keepdims=True)
    for row, matrix, network, z in at(attacks, pairs):
        x = points(matrix, z[None])
        assert (margins(network, x + 0.9 * row["delta"] * u, z[-1]) > 0).all()
        assert (margins(network, x + 1.5 * row["delta"] * u, z[-1]) < 0).any()
