"""Networks at checkpoints are those of a shorter training; checkpoints change nothing."""

import numpy as np
import pytest
from training_runs import linear_run, relu_run

from fragility.training import linear_cpu, relu_cpu
from fragility.training.run import Settings, all_steps, log_spaced, pieces

KINDS = {
    "linear": (lambda: linear_run(5, 40, np.float32), linear_cpu),
    "relu": (lambda: relu_run(5, 40, 1, np.float32), relu_cpu),
}


def weights(network):
    parts = getattr(network, "weights", None)
    return [network.hidden, network.output] if callable(parts) else [*parts, *network.biases]


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(weights(one), weights(other), strict=True))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("batch_size", [8, 7, None])
def test_the_last_checkpoint_is_the_trained_network(kind, batch_size):
    make, module = KINDS[kind]
    settings = Settings(batch_size, 0.01, 3)
    total = all_steps(make(), settings)
    passed = dict(module.train_through(make(), settings, [0, 2, total // 2 + 1, total]))
    assert same(passed[total], module.train_one(make(), settings))
    for start, initial in zip(*map(weights, (passed[0], make().network)), strict=True):
        assert start == pytest.approx(initial, abs=1e-6)  # float32
    assert not same(passed[2], passed[total])


@pytest.mark.parametrize("kind", KINDS)
def test_a_checkpoint_at_an_epoch_s_end_is_a_training_of_so_many_epochs(kind):
    make, module = KINDS[kind]
    passed = dict(module.train_through(make(), Settings(8, 0.01, 3), [4, 8, 12]))
    assert same(passed[8], module.train_one(make(), Settings(8, 0.01, 2)))


def test_pieces_are_the_epochs_orders_cut():
    def run():
        return linear_run(4, 5, np.float32)

    settings = Settings(3, 0.01, 2)  # 16 points: 6 steps, the last of one point
    whole = [order for _, orders in pieces(run(), settings, [12]) for _, order in orders]
    assert [len(order) for order in whole] == [16, 16]
    cut = list(pieces(run(), settings, [0, 1, 4, 7, 12]))
    assert [(step, [done for done, _ in orders]) for step, orders in cut] == [
        (0, []), (1, [0]), (4, [1]), (7, [4, 6]), (12, [7]),
    ]  # fmt: skip
    joined = np.concatenate([order for _, orders in cut for _, order in orders])
    assert joined.tolist() == np.concatenate(whole).tolist()


def test_log_spaced_numbers_of_steps():
    assert log_spaced(1000, 4) == [1, 10, 100, 1000]
    assert log_spaced(3, 10) == [1, 2, 3]
