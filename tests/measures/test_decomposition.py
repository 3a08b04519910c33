"""The two identities and their shares: known answers, networks scaled, wrong models refused."""

from itertools import permutations

import numpy as np
import pytest
import torch

from fragility.measures.decomposition import (
    ANGLE_TERMS,
    SIZE_TERMS,
    covariance,
    dual,
    go,
    lmg_shares,
    shapley_shares,
    stacked,
    terms,
)
from fragility.runtime.seeds import generator

ROUNDING = 1e-12  # float64: sums of at most a hundred terms of size 1


def draw(*shape, key="x"):
    return generator(7, "test", "decomposition", key).standard_normal(shape)


def affine(scale=1.0, d=6):
    w, b = torch.from_numpy(draw(d, key="w")), 3.0
    return lambda x, rows: scale * (x @ w + b), w.numpy()


def smooth(scale=1.0, d=6):
    w = torch.from_numpy(draw(5, d, key="smooth w"))
    v = torch.from_numpy(draw(5, key="smooth v"))
    return lambda x, rows: scale * (torch.tanh(x @ w.T / 3) @ v + x[:, 0] * 2)


def ordered(g, d=6, n=12):
    """Inputs and targets with g(x) > g(x'): pairs are exchanged where it is the other way."""
    x, target = torch.from_numpy(draw(n, d)), torch.from_numpy(draw(n, d, key="target"))
    rows = torch.arange(n)
    falls = (g(x, rows) > g(target, rows))[:, None]
    return torch.where(falls, x, target), torch.where(falls, target, x)


@pytest.mark.parametrize("norm", ["l2", "linf"])
def test_both_identities_hold_on_a_smooth_network(norm):
    g = smooth()
    x, target = ordered(g)
    found = terms(go(g, x, target, 129), norm, np.full(len(x), 1.3))
    known = found["delta"][np.isfinite(found["delta"])]
    assert len(known) >= 4
    for names in (ANGLE_TERMS, SIZE_TERMS):
        total = stacked(found, names).sum(axis=1)
        assert total[np.isfinite(total)] == pytest.approx(known, abs=ROUNDING)


def test_the_terms_of_an_affine_network_are_the_closed_forms():
    g, w = affine()
    x, target = ordered(g)
    found = terms(go(g, x, target, 3), "l2", np.ones(len(x)))
    way = (x - target).numpy()
    cosine = way @ w / np.linalg.norm(way, axis=1) / np.linalg.norm(w)
    value = g(x, None).numpy()
    applies = value > 0
    assert np.isnan(found["angle"][~applies]).all()
    assert np.exp(found["angle"][applies]) == pytest.approx(cosine[applies], rel=ROUNDING)
    assert found["change"][applies] == pytest.approx(0, abs=ROUNDING)
    assert found["quadrature"][applies] == pytest.approx(0, abs=ROUNDING)
    distance = value[applies] / np.linalg.norm(w)
    assert np.exp(found["delta"][applies]) == pytest.approx(distance, rel=ROUNDING)


@pytest.mark.parametrize("norm", ["l2", "linf"])
def test_a_network_scaled_by_ten_moves_no_term(norm):
    x, target = ordered(smooth())
    one, ten = (
        terms(go(smooth(scale), x, target, 17), norm, np.ones(len(x))) for scale in (1.0, 10.0)
    )
    for name, values in one.items():
        assert ten[name] == pytest.approx(values, abs=ROUNDING, nan_ok=True), name


def test_the_gap_falls_with_the_fourth_power_of_the_step_on_smooth_networks_only():
    g = smooth()
    x, target = ordered(g)
    way = go(g, x, target, 65)
    gap = {
        k: np.nanmedian(np.abs(terms(way.thinned(k), "l2", np.ones(12))["quadrature"]))
        for k in (17, 33)
    }
    assert gap[17] / gap[33] > 10  # 16 in the limit
    assert gap[33] < 1e-4

    w, v = (torch.from_numpy(draw(*shape, key=f"kink {shape}")) for shape in ((40, 6), (40,)))

    def kinked(x, rows):
        return torch.relu(x @ w.T) @ v

    way = go(kinked, *ordered(kinked), 65)
    rough = [
        np.nanmedian(np.abs(terms(way.thinned(k), "l2", np.ones(12))["quadrature"]))
        for k in (17, 33)
    ]
    assert rough[1] > 1e-4
    assert rough[0] / rough[1] < 10


def test_an_even_number_of_points_is_refused():
    g, _ = affine()
    x, target = ordered(g)
    with pytest.raises(ValueError, match="odd number"):
        terms(go(g, x, target, 4), "l2", np.ones(len(x)))


def test_a_part_of_the_points_must_be_a_part():
    g, _ = affine()
    with pytest.raises(ValueError, match="no part of"):
        go(g, *ordered(g), 9).thinned(4)


@pytest.mark.parametrize(("order", "expected"), [(2.0, 2.0), (np.inf, 1.0), (1, np.inf), (3, 1.5)])
def test_dual_orders(order, expected):
    assert dual(order) == expected


def test_linf_lengths_go_with_l1_gradients():
    g, w = affine()
    x, target = ordered(g)
    way = go(g, x, target, 3)
    assert way.norms["linf"] == pytest.approx(np.abs(w).sum())
    assert way.lengths["linf"] == pytest.approx((x - target).abs().amax(dim=1).numpy())


def test_shapley_shares_are_those_of_the_definition():
    rows = draw(40, 4, key="shares") @ draw(4, 4, key="mixed")
    moments = covariance(rows)

    def worth(some):
        return moments[np.ix_(some, some)].sum()

    expected = np.zeros(4)
    for order in permutations(range(4)):
        for place, i in enumerate(order):
            before = list(order[:place])
            expected[i] += worth([*before, i]) - worth(before)
    expected /= 24 * moments.sum()
    assert shapley_shares(moments) == pytest.approx(expected, abs=ROUNDING)
    assert shapley_shares(moments).sum() == pytest.approx(1)


def test_lmg_shares_are_those_of_regressions():
    rows = draw(60, 3, key="lmg") @ draw(3, 3, key="lmg mixed")
    y = rows.sum(axis=1)

    def r2(some):
        if not some:
            return 0.0
        x = rows[:, some] - rows[:, some].mean(axis=0)
        fit = np.linalg.lstsq(x, y - y.mean(), rcond=None)[0]
        return 1 - np.square(y - y.mean() - x @ fit).sum() / np.square(y - y.mean()).sum()

    expected = np.zeros(3)
    for order in permutations(range(3)):
        for place, i in enumerate(order):
            before = list(order[:place])
            expected[i] += (r2([*before, i]) - r2(before)) / 6
    assert lmg_shares(covariance(rows)) == pytest.approx(expected, abs=1e-9)


def test_a_term_that_does_not_vary_has_no_share():
    rows = np.column_stack([draw(30, key="varies"), np.full(30, 2.0)])
    assert shapley_shares(covariance(rows)) == pytest.approx([1, 0])
    assert lmg_shares(covariance(rows)) == pytest.approx([1, 0], abs=1e-9)
    assert np.isnan(shapley_shares(covariance(np.ones((30, 2))))).all()


def test_weights_are_counts_of_rows():
    rows = draw(5, 2, key="weights")
    counts = np.array([[2, 0, 1, 1, 3]])
    repeated = np.repeat(rows, counts[0], axis=0)
    assert covariance(rows, counts)[0] == pytest.approx(np.cov(repeated.T, bias=True))
