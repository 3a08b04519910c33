"""Linear networks by SGD, Adam and decay: a step by hand, and data on which the end is known."""

import numpy as np
import pytest

from fragility.measures.compression import is_valid
from fragility.runtime.seeds import generator
from fragility.training.linear_optimisers import OPTIMISERS, train

RATES = {"SGD": 0.5, "Adam": 0.01, "Adam with decay": 0.01}


def initial(d, width, n=2):
    stream = generator(5, "test", "linear optimisers")
    return stream.standard_normal((n, width, d)), stream.standard_normal((n, width))


def trained(matrices, optimiser, steps=300, decay=0.1):
    h, w = initial(matrices.shape[1], 6, len(matrices))
    return train(
        matrices, h, w, optimiser, learning_rate=RATES[optimiser], decay=decay, steps=steps
    )


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_where_columns_are_orthogonal_every_optimiser_finds_the_feature(optimiser):
    matrices = np.stack([np.eye(3), 2 * np.eye(3)])
    for a, w in zip(matrices, trained(matrices, optimiser), strict=True):
        assert is_valid(a, np.stack([w, -w]))
        assert w[-1] / np.linalg.norm(w) > 0.9


def test_a_step_of_sgd_is_the_gradient_over_the_mean_squared_norm():
    matrices = np.eye(2)[None] * 3.0
    h, w = initial(2, 4, 1)
    found = train(matrices, h, w, "SGD", learning_rate=0.2, decay=0.0, steps=1)[0]
    signed = 3.0 * np.array([[1.0, 1], [-1, 1]] * 2)  # y x at the four corners
    product = w[0] @ h[0]
    pull = -(signed / (1 + np.exp(signed @ product))[:, None]).mean(axis=0) / 18
    step_h = h[0] - 0.2 * np.outer(w[0], pull)
    step_w = w[0] - 0.2 * h[0] @ pull
    assert found == pytest.approx(step_w @ step_h, rel=1e-12)


def test_decay_makes_weights_smaller():
    matrices = np.eye(3)[None]
    plain, decayed = (
        np.linalg.norm(trained(matrices, name, decay=2.0)) for name in ("Adam", "Adam with decay")
    )
    assert decayed < plain


def test_an_unknown_optimiser_is_refused_by_name():
    h, w = initial(2, 4, 1)
    with pytest.raises(ValueError, match="unknown optimiser 'Muon'; known: SGD"):
        train(np.eye(2)[None], h, w, "Muon", learning_rate=0.1, decay=0.0, steps=1)
