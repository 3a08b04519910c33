"""Lemma 2: closed form, bound and simulation against each other."""

import numpy as np
import pytest
from scipy import stats

from fragility.runtime.seeds import generator
from fragility.statements.lemma_2.closed_form import exponent, log_bound, log_probability
from fragility.statements.lemma_2.simulation import hits

ALPHAS = [0.05, 0.3, 0.6, 0.9]


@pytest.mark.parametrize("d", [1, 2, 7, 100])
@pytest.mark.parametrize("alpha", ALPHAS)
def test_log_probability_is_the_chi_square_law_s(d, alpha):
    # both are float64 evaluations of the same function; 1e-10 covers the series' rounding
    assert log_probability(alpha, d) == pytest.approx(stats.chi2.logcdf(d * alpha, d), abs=1e-10)


def test_log_probability_lives_on_where_the_probability_underflows():
    d, alpha = 2048, 0.001
    assert stats.chi2.cdf(d * alpha, d) == 0
    # Cramer's theorem: the exponent is attained up to O(ln d / d)
    assert log_probability(alpha, d) / d == pytest.approx(exponent(alpha), abs=np.log(d) / d)


@pytest.mark.parametrize("d", [1, 2, 3, 10, 1000])
def test_the_bound_holds(d):
    alphas = np.linspace(1e-4, 0.9999, 500)
    assert (log_probability(alphas, d) <= log_bound(alphas, d)).all()


def test_a_bound_with_another_exponent_would_be_caught():
    # twin: (alpha e^(1 - alpha))^d, twice the exponent, is violated
    assert log_probability(0.5, 50) > 2 * log_bound(0.5, 50)


@pytest.mark.parametrize("d", [2, 12, 64])
def test_simulation_meets_the_closed_form(d):
    draws = 20_000
    found = hits(d, ALPHAS, draws, generator(0, "test", "lemma_2", d))
    for alpha, count in zip(ALPHAS, found, strict=True):
        probability = float(np.exp(log_probability(alpha, d)))
        # one chance in ten thousand over all twelve comparisons
        assert stats.binomtest(count, draws, probability).pvalue > 1e-4 / 12
    wrong = stats.chi2.cdf(0.9 * d, d + 2)  # twin: two degrees too many
    assert stats.binomtest(found[-1], draws, wrong).pvalue < 1e-6


@pytest.mark.parametrize("alpha", [0, 1, -0.1, 1.5])
def test_alpha_outside_the_unit_interval_is_refused(alpha):
    with pytest.raises(ValueError, match="alpha"):
        exponent(alpha)
