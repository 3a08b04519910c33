"""Training linear networks: the collapsed step against autograd, packing and order, streams."""

from dataclasses import replace

import numpy as np
import pytest
from plain_loop import fit
from training_runs import PRECISION
from training_runs import linear_error as error
from training_runs import linear_run as new_run

from fragility.measures.compression import is_valid
from fragility.runtime.seeds import generator
from fragility.synthetic.data import gaussian_matrix
from fragility.synthetic.networks import LinearNetwork, as_module, linear_network, with_difference
from fragility.training import linear_torch
from fragility.training.linear import make_run, train
from fragility.training.linear_cpu import train_one
from fragility.training.linear_torch import train_together
from fragility.training.run import Run, Settings, epoch_order

CASES = {
    "paper's width": (8, 3000, 64, 20),
    "full batch": (6, 300, None, 20),
    "batch that does not divide 2^d": (6, 300, 7, 5),
    "batch of one": (3, 50, 1, 5),
    "batch larger than 2^d": (4, 50, 100, 20),
}


def train_by_autograd(run, settings):
    """nn.Sequential in the plain loop anyone would write."""
    module = fit(as_module(run.network), run, settings)
    hidden, output = (layer.weight.detach().numpy() for layer in module)
    return LinearNetwork(hidden, output)


ENGINES = {
    "compiled": train_one,
    "torch": lambda run, settings: train_together([run], settings, "cpu")[0],
}


@pytest.fixture(scope="session", params=PRECISION, ids=lambda dtype: dtype.__name__)
def precision(request):
    """Dtype, learning rate and tolerance."""
    return request.param, *PRECISION[request.param]


@pytest.fixture(scope="session", params=CASES)
def by_autograd(request, precision):
    """A fresh-run maker, its settings, the tolerance, and what autograd makes of it."""
    d, width, batch_size, epochs = CASES[request.param]
    dtype, rate, tolerance = precision
    settings = Settings(batch_size, rate, epochs)
    reference = train_by_autograd(new_run(d, width, dtype), settings)
    return lambda: new_run(d, width, dtype), settings, tolerance, reference


@pytest.mark.parametrize("engine", ENGINES)
def test_the_collapsed_step_is_autograd_s(by_autograd, engine):
    run, settings, tolerance, reference = by_autograd
    network = ENGINES[engine](run(), settings)
    assert network.hidden.dtype == network.output.dtype == reference.hidden.dtype
    assert error(network, reference) < tolerance


@pytest.mark.parametrize("engine", ENGINES)
def test_a_learning_rate_off_by_a_hundredth_would_be_noticed(by_autograd, engine):
    run, settings, tolerance, reference = by_autograd
    wrong = replace(settings, learning_rate=1.01 * settings.learning_rate)
    assert error(ENGINES[engine](run(), wrong), reference) > tolerance


@pytest.mark.parametrize("engine", ENGINES)
def test_another_order_or_a_missing_epoch_would_be_noticed(engine):
    settings = Settings(7, 0.001, 5)
    reference = train_by_autograd(new_run(6, 300, np.float32), settings)
    reordered = replace(new_run(6, 300, np.float32), orders=generator(7, "test", "other"))
    assert error(ENGINES[engine](reordered, settings), reference) > 1e-4
    shorter = replace(settings, epochs=4)
    assert error(ENGINES[engine](new_run(6, 300, np.float32), shorter), reference) > 1e-4


def test_autograd_itself_keeps_the_sum_of_the_output_rows():
    # what lets the library train the difference of the rows only
    run = new_run(6, 300, np.float64)
    trained = train_by_autograd(run, Settings(7, 0.01, 5))
    before, after = run.network.output.sum(axis=0), trained.output.sum(axis=0)
    assert np.allclose(before, after, rtol=0, atol=1e-15)  # 50 steps of 0.01 rounded at eps
    assert np.abs(trained.output - run.network.output).max() > 1e-3


def test_with_difference_restores_both_rows():
    network = linear_network(3, 20, generator(7, "test"), np.float64)
    difference = generator(7, "test", "difference").standard_normal(20)
    output = with_difference(network, network.hidden, difference).output
    assert np.allclose(output[0] - output[1], difference, rtol=0, atol=1e-15)
    assert np.allclose(output.sum(axis=0), network.output.sum(axis=0), rtol=0, atol=1e-15)


# --- packing and order ---

SEVEN = range(7)


@pytest.fixture(scope="session")
def one_by_one(precision):
    dtype, rate, _ = precision
    settings = Settings(16, rate, 10)
    return [train_together([new_run(6, 300, dtype, i)], settings, "cpu")[0] for i in SEVEN]


@pytest.mark.parametrize("pack", [3, 7])
def test_networks_trained_side_by_side_are_those_trained_alone(precision, one_by_one, pack):
    dtype, rate, tolerance = precision
    runs = [new_run(6, 300, dtype, i) for i in SEVEN]
    together = [
        network
        for start in range(0, len(runs), pack)
        for network in train_together(runs[start : start + pack], Settings(16, rate, 10), "cpu")
    ]
    # equal to rounding: a product over a pack may add its terms in another order
    assert max(error(ours, alone) for ours, alone in zip(together, one_by_one, strict=True)) < (
        tolerance
    )


def test_runs_of_one_pack_do_not_mix(precision, one_by_one):
    _, _, tolerance = precision
    for i, j in ((0, 1), (2, 5)):
        assert error(one_by_one[i], one_by_one[j]) > tolerance


def trained_bytes(indices):
    settings = Settings(16, 0.01, 5)
    networks = train([new_run(6, 300, np.float32, i) for i in indices], settings, "cpu")
    return {
        i: n.hidden.tobytes() + n.output.tobytes() for i, n in zip(indices, networks, strict=True)
    }


def test_on_the_cpu_order_and_packing_leave_every_byte():
    together = trained_bytes([0, 1, 2, 3])
    assert together == trained_bytes([3, 1, 0, 2])
    assert together == {i: trained_bytes([i])[i] for i in range(4)}
    assert len(set(together.values())) == 4


def test_on_the_cpu_runs_are_trained_as_they_are_asked_for():
    asked = []

    def runs():
        for i in range(3):
            asked.append(i)
            yield new_run(3, 10, np.float32, i)

    networks = train(runs(), Settings(4, 0.01, 1), "cpu")
    next(networks)
    assert asked == [0]


def test_another_device_is_handed_to_torch_with_all_runs(monkeypatch):
    calls = []
    monkeypatch.setattr(linear_torch, "train_together", lambda *given: calls.append(given) or [])
    runs, settings = [new_run(3, 10, np.float32, i) for i in range(3)], Settings(4, 0.01, 1)
    assert list(train(iter(runs), settings, "cuda")) == []
    assert calls == [(runs, settings, "cuda")]


def test_training_leaves_the_initial_network_and_matrix_alone():
    run = new_run(5, 40, np.float32)
    before = run.matrix.copy(), run.network.hidden.copy(), run.network.output.copy()
    train_one(run, Settings(8, 0.01, 3))
    train_together([run], Settings(8, 0.01, 3), "cpu")
    after = run.matrix, run.network.hidden, run.network.output
    assert all(np.array_equal(x, y) for x, y in zip(before, after, strict=True))


def test_runs_of_one_index_share_their_streams_and_no_others():
    a = gaussian_matrix(4, generator(7, "test"))

    def streams(index, seed):
        run = make_run(a, index, 30, seed)
        return run.network.hidden, run.network.output, epoch_order(run)

    for one, same in zip(streams(5, 7), streams(5, 7), strict=True):
        assert np.array_equal(one, same)
    for others in (streams(6, 7), streams(5, 8)):
        for one, other in zip(streams(5, 7), others, strict=True):
            assert not np.array_equal(one, other)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_run_s_streams_do_not_depend_on_the_batch_size(engine):
    a = gaussian_matrix(4, generator(7, "test"))
    states = []
    for batch_size, rate in ((1, 0.1), (5, 0.01), (None, 0.001)):
        run = make_run(a, 0, 30, 7)
        ENGINES[engine](run, Settings(batch_size, rate, 3))
        states.append(run.orders.bit_generator.state)
    assert states[0] == states[1] == states[2]


def test_each_epoch_visits_every_corner_once_in_a_new_order():
    run = new_run(6, 10, np.float32)
    first, second = epoch_order(run), epoch_order(run)
    assert sorted(first) == sorted(second) == list(range(2**6))
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("engine", ENGINES)
def test_training_makes_valid_networks_of_most_small_problems(engine):
    trained = []
    for index in range(10):
        run = new_run(4, 200, np.float32, index)
        assert not is_valid(run.matrix, run.network.weights())
        trained.append(is_valid(run.matrix, ENGINES[engine](run, Settings(4, 0.01, 40)).weights()))
    assert sum(trained) >= 5


@pytest.mark.parametrize("engine", ENGINES)
def test_huge_logits_give_finite_weights(engine):
    # exp overflows in float32 from 89 on; the scores reach thousands here
    run = replace(new_run(4, 50, np.float32), matrix=1000 * new_run(4, 50, np.float32).matrix)
    network = ENGINES[engine](run, Settings(4, 0.1, 20))
    assert np.isfinite(network.weights()).all()


def test_training_width_one_leaves_the_initial_network_alone():
    network = LinearNetwork(np.ones((1, 3), np.float32), np.array([[1.0], [-1]], np.float32))
    before = network.hidden.copy()
    train_one(Run(np.eye(3), network, generator(0, "x")), Settings(4, 0.01, 2))
    assert np.array_equal(network.hidden, before)
