"""Lemma 3: R by QR, products of triangular factors and closed forms against each other."""

import numpy as np
import pytest
from scipy import stats

from fragility.runtime.seeds import generator
from fragility.statements.lemma_3 import closed_form as theory
from fragility.statements.lemma_3.simulation import (
    decomposed,
    entries,
    factors,
    independent,
    joint,
    product,
)

DRAWS = 4000
CHAINS = [(4, 6, 9), (3, 5, 8, 13), (4, 4, 4), (4, 9, 5), (5, 3, 7), (3, 2)]
IDS = ["-".join(map(str, chain)) for chain in CHAINS]
# one false alarm in ten thousand per chain, shared among its tests (Bonferroni, Holm's first step)
LEVEL = 1e-4


def stream(*key):
    return generator(0, "test", "lemma_3", *key)


def smallest_p(first, second):
    """Bonferroni's smallest p over all entries and joint statistics; joint ones apart."""
    each = [
        [stats.ks_2samp(a[name], b[name], method="asymp").pvalue for name in a]
        for a, b in ((part(first), part(second)) for part in (entries, joint))
    ]
    return tuple(min(1, sum(map(len, each)) * min(p)) for p in each)


def by_qr(chain, **options):
    return decomposed(chain, DRAWS, stream("qr", *chain), **options)[0]


@pytest.mark.parametrize("chain", CHAINS, ids=IDS)
def test_every_entry_and_the_whole_of_r_follow_the_product_of_factors(chain):
    law = product(factors(chain, DRAWS, stream("law", *chain)))
    assert min(smallest_p(by_qr(chain), law)) > LEVEL


@pytest.mark.parametrize("chain", CHAINS, ids=IDS)
@pytest.mark.parametrize("shift", [1, 2])
def test_a_wrong_chi_square_degree_is_refused(chain, shift):
    wrong = product(factors(chain, DRAWS, stream("wrong", *chain), shift=shift))
    assert max(smallest_p(by_qr(chain), wrong)) < LEVEL


@pytest.mark.parametrize("layer", [0, 1])
def test_one_wrong_factor_among_right_ones_is_refused(layer):
    chain = (4, 6, 9)
    parts = factors(chain, DRAWS, stream("law"))
    parts[layer] = factors(chain, DRAWS, stream("wrong"), shift=1)[layer]
    assert smallest_p(by_qr(chain), product(parts))[0] < LEVEL


def test_a_factor_used_twice_is_refused():
    # each factor has its law, their independence is missing: the step the proof leaves out
    chain = (4, 4, 4)
    once = factors(chain, DRAWS, stream("law"))[0]
    assert smallest_p(by_qr(chain), product([once, once]))[1] < LEVEL


def test_entries_shuffled_between_draws_are_refused_by_the_joint_statistics_alone():
    # twin of the joint check: every entry keeps its law, their dependence is lost
    chain = (4, 4, 4)
    law = product(factors(chain, DRAWS, stream("law")))
    shuffled = independent(law, stream("shuffle"))
    entry, whole = smallest_p(by_qr(chain), shuffled)
    assert entry > LEVEL > whole
    assert (np.sort(shuffled, axis=0) == np.sort(law, axis=0)).all()  # the same values


def test_the_order_of_the_factors_does_not_matter_in_law():
    chain = (4, 6, 9)
    parts = factors(chain, DRAWS, stream("law"))
    assert min(smallest_p(by_qr(chain), product(parts[::-1]))) > LEVEL


def test_lapack_s_own_signs_are_refused():
    chain = (4, 6, 9)
    law = product(factors(chain, DRAWS, stream("law")))
    assert smallest_p(by_qr(chain, positive=False), law)[0] < LEVEL


@pytest.mark.parametrize("chain", CHAINS, ids=IDS)
def test_closed_means_meet_simulation(chain):
    r, law = by_qr(chain), product(factors(chain, DRAWS, stream("law", *chain)))
    j = np.arange(r.shape[1])
    for sample in (r, law):
        logs, whole = np.log(sample[:, j, j]), joint(sample)
        for values, (mean, variance) in (
            (logs, theory.log_diagonal(chain)),
            (whole["ln det R"][:, None], theory.log_volume(chain)),
            (whole["ln ‖Rv‖²"][:, None], theory.log_square(chain)),
        ):
            # 4.5 standard errors: under 1e-5 for each mean
            assert np.abs(values.mean(axis=0) - mean) == pytest.approx(
                0, abs=4.5 * np.sqrt(np.max(variance) / DRAWS)
            )
            # a sample variance's relative error is about sqrt((kurtosis - 1) / DRAWS); ln of a
            # chi-square with 1 degree, the heaviest here, has kurtosis 7: 4.5 of that is 0.17
            assert values.var(axis=0) == pytest.approx(variance, rel=0.2)


def test_a_digamma_of_a_wrong_degree_would_be_seen():
    # twin: with degrees one too high the means differ by far more than 4.5 standard errors
    chain = (4, 6, 9)
    mean, variance = theory.log_diagonal(chain)
    wrong = theory.log_diagonal([4, 7, 10])[0]
    assert (np.abs(mean - wrong) > 4.5 * np.sqrt(variance / DRAWS)).all()


@pytest.mark.parametrize("chain", CHAINS, ids=IDS)
def test_second_moments_meet_simulation(chain):
    squares = by_qr(chain) ** 2
    error = squares.std(axis=0) / np.sqrt(DRAWS)
    # squares of products of three normals are skewed: 6 standard errors for 5
    assert (np.abs(squares.mean(axis=0) - theory.second_moments(chain)) <= 6 * error).all()


def test_second_moments_sum_to_that_of_the_product():
    # E ||H||^2 is n_1 ... n_l, for any widths; integers, exact in float64
    for chain in CHAINS:
        assert theory.second_moments(chain).sum() == np.prod(chain)


def test_one_square_layer_is_bartlett_s_decomposition():
    assert theory.degrees([4, 4])[0].tolist() == [4, 3, 2, 1]
    # E ln |N(0, 1)| = -(gamma + ln 2) / 2
    assert theory.log_diagonal([4, 4])[0][-1] == pytest.approx(-(np.euler_gamma + np.log(2)) / 2)


def test_below_n_1_the_other_rows_are_rounding():
    r, rest = decomposed((5, 3, 7), 200, stream("rank"))
    assert r.shape == (200, 3, 5)
    # eps times the condition number of three columns; above 1e6 in fewer than one draw in 1e4
    assert 0 < rest < 1e-9


@pytest.mark.parametrize(
    ("chain", "regime"), [((4, 4, 6), "grows"), ((4, 9, 5), "shrinks"), ((4, 9, 3), "below n1")]
)
def test_regimes(chain, regime):
    assert theory.regime(chain) == regime


@pytest.mark.parametrize("chain", [(4,), (1, 4), (4, 0, 5), ()])
def test_a_chain_that_is_none_is_refused(chain):
    with pytest.raises(ValueError, match=r"width|n_1"):
        theory.log_diagonal(chain)
    with pytest.raises(ValueError, match="n_1"):
        decomposed(chain, 10, stream("refused"))
