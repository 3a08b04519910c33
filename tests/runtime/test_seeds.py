"""Random streams: reproducible, told apart by every part of their key, and unrelated."""

import itertools

import numpy as np
import pytest
from scipy import stats

from fragility.runtime.seeds import generator


def draws(*key, n=8):
    return generator(*key).random(n)


def test_the_same_key_gives_the_same_stream():
    assert np.array_equal(draws(7, "linear", "orders", 12, 3), draws(7, "linear", "orders", 12, 3))


def test_a_stream_does_not_depend_on_what_was_drawn_from_others():
    alone = draws(7, "a", n=4)
    generator(7, "b").random(1000)
    np.random.default_rng().random(10)
    assert np.array_equal(alone, draws(7, "a", n=4))


def test_a_stream_of_the_project_is_pinned():
    # a silent change of the hash, the key's encoding or the bit generator would change all results
    expected = [0.016982113012614763, 0.3218695228342481, 0.9156262687917021]
    assert draws(240616200, "linear", "matrix", 12, 0, n=3).tolist() == expected


KEYS = [
    (1,), (1.0,), ("1",), (2,), (1, 1), (1, "1"), (1, 1.0), (1, "a"), (1, "a", 2), (1, 2, "a"),
    (1, "a", 2.0), (1, "a", "2"), (1, "a", 2, 0), (1, "a", 20), (1, "a2"), (1, "a,2"), (1, "A", 2),
    (2, "a", 2), (1, ""), (1, "", ""), (1, -1), (1, 0.5), (1, "0.5"), (1, "θ"), (1, 2**70),
]  # fmt: skip


def test_keys_that_differ_in_any_part_or_type_give_different_streams():
    streams = [tuple(draws(*key)) for key in KEYS]
    for (one, x), (other, y) in itertools.combinations(zip(KEYS, streams, strict=True), 2):
        # 53-bit numbers: two unrelated streams share none of eight in a row
        assert not set(x) & set(y), f"{one!r} and {other!r}"


@pytest.mark.parametrize(
    "part", [None, True, np.int64(1), np.float64(1.0), np.str_("a"), b"a", (1,), [1], 1j]
)
def test_a_key_of_another_type_is_refused(part):
    with pytest.raises(TypeError, match="str, int and float"):
        generator(1, "a", part)
    with pytest.raises(TypeError, match="str, int and float"):
        generator(part, "a")


def mean_square_correlation(streams):
    """Mean of (n - 1) r^2 over all pairs of streams of length n, which is 1 for unrelated ones."""
    k, n = streams.shape
    r = np.corrcoef(streams)[np.triu_indices(k, 1)]
    return (n - 1) * np.mean(r**2)


N_STREAMS, LENGTH = 300, 400
# (n - 1) r^2 is about chi-squared with 1 degree, of variance 2; five standard errors over all pairs
CORRELATION_TOLERANCE = 5 * np.sqrt(2 / (N_STREAMS * (N_STREAMS - 1) / 2))


@pytest.fixture(scope="module")
def streams():
    """Streams of neighbouring keys, as runs use them."""
    return np.stack([generator(0, "test", i).standard_normal(LENGTH) for i in range(N_STREAMS)])


def test_streams_of_neighbouring_keys_are_uncorrelated(streams):
    assert abs(mean_square_correlation(streams) - 1) < CORRELATION_TOLERANCE


def test_streams_with_a_small_common_part_would_be_noticed(streams):
    common = 0.2 * generator(0, "test", "common").standard_normal(LENGTH)
    assert abs(mean_square_correlation(streams + common) - 1) > CORRELATION_TOLERANCE


def test_first_draws_over_keys_are_uniform():
    first = np.array([generator(0, "first", i).random() for i in range(3000)])
    assert stats.kstest(first, "uniform").pvalue > 1e-3  # 3000 draws see a KS distance of 0.035
    assert stats.kstest(first**1.1, "uniform").pvalue < 1e-3  # negative control: off by up to 0.035
