"""Theorem 6's table: intervals of quantiles."""

import numpy as np
import pytest
from scipy import stats

from fragility.runtime.seeds import generator
from fragility.statements.theorem_6.table import quantile


@pytest.mark.parametrize("probability", [0.01, 0.5, 0.95])
def test_quantile_intervals_cover(probability):
    stream, law = generator(6, "test", "quantile"), stats.halfnorm
    truth, n = law.ppf(probability), 400
    found = [quantile(np.abs(stream.standard_normal(500)), probability) for _ in range(n)]
    hits = sum(one.low <= truth <= one.high for one in found)
    # exact: at least 95 %; below 0.95 n - 4 standard errors once in 30000
    assert hits >= 0.95 * n - 4 * np.sqrt(0.0475 * n)
    # twin: the interval does not cover another quantile as often
    other = law.ppf(probability) * 1.5 + 0.1
    assert sum(one.low <= other <= one.high for one in found) < 0.9 * n
    assert np.isnan(quantile(np.arange(50), 0.01).low)  # too few for a lower limit
