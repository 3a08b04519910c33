"""The distance to the boundary of two classes: exact on affine networks, in both norms."""

import numpy as np
import pytest
import torch

from fragility.attacks.boundary import ATTACKS, kappas
from fragility.runtime.seeds import generator

PRECISE = 1e-5  # a bisection to 2^-20 of the distance


def draw(*shape, key="x"):
    return torch.from_numpy(generator(7, "test", "boundary", key).standard_normal(shape))


def affine(d=6):
    w = draw(d, key="w")
    return (lambda x, rows: x.flatten(1) @ w + 4), w.numpy()


def norm_of(w, order):
    return np.abs(w).sum() if order == np.inf else np.linalg.norm(w)


@pytest.mark.parametrize("order", [2.0, np.inf])
@pytest.mark.parametrize("attack", ATTACKS)
def test_an_affine_network_has_kappa_1(attack, order):
    g, w = affine()
    x = draw(9, 1, 2, 3) / 4
    values = g(x, None).numpy()
    norms = np.full(9, norm_of(w, order))
    found = kappas(g, x, values, norms, order=order, attacks=[attack], steps=60)[attack]
    # FMN, and DDN's step of a twentieth, come near; the projection is exact
    tolerance = PRECISE if attack == "projection" else 0.05
    assert (found > 1 - PRECISE).all()
    assert found == pytest.approx(1, abs=tolerance)


@pytest.mark.parametrize("order", [2.0, np.inf])
def test_a_curved_boundary_moves_kappa_and_both_attacks_agree(order):
    def g(x, rows):  # a sphere around 0: its distance from x is 2 - ||x||
        return 4 - x.square().sum(dim=1)

    x = torch.zeros(3, 4, dtype=torch.float64)
    x[:, 0] = torch.tensor([0.5, 1.0, 1.5])
    values, norms = g(x, None).numpy(), 2 * x[:, 0].numpy()
    found = kappas(g, x, values, norms, order=order, attacks=list(ATTACKS), steps=60)
    smallest = np.minimum(*found.values())
    if order == 2.0:
        assert smallest == pytest.approx((2 - x[:, 0].numpy()) * norms / values, rel=0.01)
    assert (smallest < 0.99).all()  # a linear model, for which kappa is 1, is refused


def test_a_boundary_that_is_not_there_is_not_found():
    x = draw(4, 3).abs()
    found = kappas(
        lambda x, rows: x.square().sum(dim=1) + 1, x, (x.square().sum(dim=1) + 1).numpy(),
        2 * x.norm(dim=1).numpy(), order=2.0, attacks=list(ATTACKS), steps=20,
    )  # fmt: skip
    assert np.isnan(np.stack(list(found.values()))).all()


def test_wrong_requests_are_refused():
    g, _ = affine()
    x = draw(2, 6) / 4
    told = {"order": 2.0, "attacks": ["projection"], "steps": 3}
    with pytest.raises(ValueError, match="not positive at"):
        kappas(g, x, np.array([1.0, -1.0]), np.ones(2), **told)
    with pytest.raises(ValueError, match="unknown attacks"):
        kappas(g, x, np.ones(2), np.ones(2), **told | {"attacks": ["guess"]})
