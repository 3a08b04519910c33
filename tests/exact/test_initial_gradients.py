"""The closed forms against simulation and against wrong ones that must be refused."""

import numpy as np
import pytest
from scipy import stats

from fragility.exact import initial_gradients

WIDTH, NETWORKS = 12, 4000


def simulated(d, layers, stream):
    """Norms of df/dx of one logit of random networks by plain numpy, (NETWORKS,) each."""
    x = stream.standard_normal(d)
    tangents = np.broadcast_to(np.eye(d), (NETWORKS, d, d))
    at, fan_in = np.broadcast_to(x, (NETWORKS, d)), d
    for _ in range(layers):
        weights = stream.standard_normal((NETWORKS, WIDTH, fan_in)) * np.sqrt(2 / fan_in)
        before = np.einsum("kij,kj->ki", weights, at)
        tangents = np.einsum("kij,kjd->kid", weights, tangents) * (before > 0)[:, :, None]
        at, fan_in = np.maximum(before, 0), WIDTH
    last = stream.standard_normal((NETWORKS, WIDTH)) * np.sqrt(2 / WIDTH)
    slopes = np.einsum("ki,kid->kd", last, tangents)
    return np.abs(slopes).sum(axis=1), np.square(slopes).sum(axis=1)


@pytest.mark.parametrize("d, layers", [(1, 1), (6, 1), (6, 3), (40, 2)])
def test_means_over_random_networks_are_the_closed_forms(d, layers):
    l1, squared = simulated(d, layers, np.random.default_rng(d + layers))
    for sample, exact in (
        (l1, initial_gradients.mean_l1(d, layers, WIDTH)),
        (squared, initial_gradients.mean_squared_l2()),
    ):
        error = sample.std() / np.sqrt(NETWORKS)
        assert abs(sample.mean() - exact) < 4 * error  # four standard errors
        assert abs(sample.mean() - exact / np.sqrt(2)) > 4 * error  # an output of variance 1/n
        assert abs(sample.mean() - exact * d ** (1 / 6)) > 4 * error or d == 1  # a slope of 2/3


def test_the_l1_norm_grows_as_the_root_exactly():
    small, large = (initial_gradients.mean_l1(d, 2, WIDTH) for d in (16, 16384))
    assert large / small == pytest.approx(32, rel=1e-12)


def test_the_mean_active_length_is_that_of_small_cases():
    """Width 1: active in half of the cases, then |N(0, 1)|."""
    assert initial_gradients.mean_chi(1) == pytest.approx(0.5 * np.sqrt(2 / np.pi))
    expected = 0.5 * np.sqrt(2 / np.pi) + 0.25 * stats.chi(2).mean()
    assert initial_gradients.mean_chi(2) == pytest.approx(expected)
