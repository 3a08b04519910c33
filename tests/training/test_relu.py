"""Training ReLU networks: both engines against autograd, packing, streams."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch
from plain_loop import fit
from training_runs import PRECISION
from training_runs import relu_error as error
from training_runs import relu_run as new_run

from fragility.measures import compression
from fragility.runtime.seeds import generator
from fragility.synthetic.data import corners, gaussian_matrix, points
from fragility.synthetic.networks import ReluNetwork, margins
from fragility.training import relu_cpu, relu_torch
from fragility.training.relu import make_relu_run, train
from fragility.training.run import Settings, epoch_order

# d, width, batch size, epochs: 40 to 50 steps each
CASES = {
    "d + 1 a multiple of 4": (7, 100, 32, 10),
    "batch that does not divide 2^d": (6, 100, 7, 5),
    "full batch": (6, 100, None, 40),
    "batch of one": (3, 50, 1, 5),
    "batch larger than 2^d": (4, 50, 100, 40),
    "full tiles": (9, 60, None, 40),
    "a partly filled tile in every batch": (10, 60, 600, 20),  # 2 x 256 + 88 and 256 + 168
}
ENGINES = {
    "compiled": relu_cpu.train_one,
    "torch": lambda run, settings: relu_torch.train_together([run], settings, "cpu")[0],
}
# engine and number of hidden layers
BOTH = [("compiled", 1), ("torch", 1), ("torch", 2), ("torch", 3)]


def train_by_autograd(run, settings):
    """nn.Sequential in the plain loop anyone would write."""
    dtype = torch.from_numpy(run.network.weights[0]).dtype
    layers = [torch.nn.Linear(*w.shape[::-1], dtype=dtype) for w in run.network.weights]
    with torch.no_grad():
        for layer, w, b in zip(layers, run.network.weights, run.network.biases, strict=True):
            layer.weight.copy_(torch.from_numpy(w))
            layer.bias.copy_(torch.from_numpy(b))
    module = torch.nn.Sequential(*[s for layer in layers for s in (layer, torch.nn.ReLU())][:-1])
    fit(module, run, settings)
    return ReluNetwork(
        [layer.weight.detach().numpy() for layer in layers],
        [layer.bias.detach().numpy() for layer in layers],
    )


def arrays(network):
    return network.weights + network.biases


@cache
def by_autograd(case, layers, dtype):
    d, width, batch_size, epochs = CASES[case]
    settings = Settings(batch_size, PRECISION[dtype][0], epochs)
    return settings, train_by_autograd(new_run(d, width, layers, dtype), settings)


# the tiles are the compiled pass's alone
TILES = "full tiles", "a partly filled tile in every batch"
for_all = pytest.mark.parametrize(
    ("engine", "layers", "case", "dtype"),
    [
        pytest.param(engine, layers, case, dtype, id=f"{engine} {layers}, {case}, {dtype.__name__}")
        for engine, layers in BOTH
        for case in CASES
        for dtype in PRECISION
        if layers == 1 or case not in TILES
    ],
)


@for_all
def test_both_engines_train_as_autograd_does(engine, layers, case, dtype):
    d, width, *_ = CASES[case]
    settings, reference = by_autograd(case, layers, dtype)
    network = ENGINES[engine](new_run(d, width, layers, dtype), settings)
    for ours, theirs in zip(arrays(network), arrays(reference), strict=True):
        assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape)
    assert error(network, reference) < PRECISION[dtype][1]


@for_all
def test_a_learning_rate_off_by_a_hundredth_would_be_noticed(engine, layers, case, dtype):
    d, width, *_ = CASES[case]
    settings, reference = by_autograd(case, layers, dtype)
    wrong = replace(settings, learning_rate=1.01 * settings.learning_rate)
    network = ENGINES[engine](new_run(d, width, layers, dtype), wrong)
    assert error(network, reference) > 5 * PRECISION[dtype][1]


@pytest.mark.parametrize(("engine", "layers"), BOTH)
def test_another_order_or_a_missing_epoch_would_be_noticed(engine, layers):
    case = "batch that does not divide 2^d"
    d, width, *_ = CASES[case]
    settings, reference = by_autograd(case, layers, np.float32)
    run = replace(new_run(d, width, layers, np.float32), orders=generator(7, "test", "other"))
    assert error(ENGINES[engine](run, settings), reference) > 1e-3
    run, shorter = new_run(d, width, layers, np.float32), replace(settings, epochs=4)
    assert error(ENGINES[engine](run, shorter), reference) > 1e-3


def test_autograd_itself_keeps_the_sum_of_the_output_rows():
    # what lets the compiled pass train the difference of the rows only
    case = "batch that does not divide 2^d"
    d, width, *_ = CASES[case]
    initial = new_run(d, width, 1, np.float64).network
    _, trained = by_autograd(case, 1, np.float64)
    for before, after in ((initial.weights, trained.weights), (initial.biases, trained.biases)):
        # 50 steps of 0.01, each rounded at eps
        assert np.allclose(before[1].sum(axis=0), after[1].sum(axis=0), rtol=0, atol=1e-15)
        assert np.abs(before[1] - after[1]).max() > 1e-3


@pytest.mark.parametrize(("engine", "layers"), BOTH)
def test_training_leaves_the_initial_network_and_matrix_alone(engine, layers):
    run, same = (new_run(5, 40, layers, np.float32) for _ in range(2))
    trained = ENGINES[engine](run, Settings(8, 0.01, 3))
    assert np.array_equal(run.matrix, same.matrix)
    for now, before, after in zip(
        arrays(run.network), arrays(same.network), arrays(trained), strict=True
    ):
        assert np.array_equal(now, before)
        assert not np.array_equal(after, before)


@pytest.mark.parametrize(("engine", "layers"), BOTH)
def test_huge_logits_give_finite_weights(engine, layers):
    # exp overflows in float32 from 89 on; the logits reach thousands here
    run = new_run(4, 50, layers, np.float32)
    run = replace(run, matrix=1e5 * run.matrix)
    assert np.abs(margins(run.network, points(run.matrix, corners(4)), 1)).max() > 1000
    network = ENGINES[engine](run, Settings(4, 0.1, 20))
    assert all(np.isfinite(array).all() for array in arrays(network))


@pytest.mark.parametrize(("engine", "layers"), BOTH)
def test_training_gets_most_points_of_small_problems_right(engine, layers):
    before, after = [], []
    for index in range(10):
        run = new_run(4, 100, layers, np.float32, index)
        trained = ENGINES[engine](run, Settings(4, 0.003, 40))
        before.append(compression.relu_accuracy(run.matrix, run.network))
        after.append(compression.relu_accuracy(run.matrix, trained))
    assert np.mean(before) < 0.6 < 0.8 < np.mean(after)


# --- packing and order ---


def trained_bytes(indices, layers):
    runs = [new_run(6, 40, layers, np.float32, i) for i in indices]
    networks = train(runs, Settings(16, 0.01, 5), "cpu")
    return {
        i: b"".join(array.tobytes() for array in arrays(n))
        for i, n in zip(indices, networks, strict=True)
    }


@pytest.mark.parametrize("layers", [1, 2])
def test_on_the_cpu_order_and_packing_leave_every_byte(layers):
    together = trained_bytes([0, 1, 2, 3], layers)
    assert together == trained_bytes([3, 1, 0, 2], layers)
    assert together == {i: trained_bytes([i], layers)[i] for i in range(4)}
    assert len(set(together.values())) == 4


@pytest.fixture
def calls(monkeypatch):
    """What the engines are asked for; neither trains."""
    asked = []

    def compiled(run, settings):
        asked.append(("compiled", [run], settings))
        return run.network

    def torch_path(runs, settings, device):
        asked.append((f"torch on {device}", runs, settings))
        return [run.network for run in runs]

    monkeypatch.setattr(relu_cpu, "train_one", compiled)
    monkeypatch.setattr(relu_torch, "train_together", torch_path)
    return asked


@pytest.mark.parametrize(
    ("layers", "engine"), [(1, "compiled"), (2, "torch on cpu"), (3, "torch on cpu")]
)
def test_on_the_cpu_one_hidden_layer_is_compiled_and_more_go_to_torch(calls, layers, engine):
    runs, settings = [new_run(3, 10, layers, np.float32, i) for i in range(3)], Settings(4, 0.01, 1)
    assert list(train(iter(runs), settings, "cpu")) == [run.network for run in runs]
    assert calls == [(engine, [run], settings) for run in runs]


@pytest.mark.parametrize("layers", [1, 2])
def test_another_device_is_handed_to_torch_with_all_runs(calls, layers):
    runs, settings = [new_run(3, 10, layers, np.float32, i) for i in range(3)], Settings(4, 0.01, 1)
    assert list(train(iter(runs), settings, "cuda")) == [run.network for run in runs]
    assert calls == [("torch on cuda", runs, settings)]


def test_on_the_cpu_runs_are_trained_as_they_are_asked_for(calls):
    networks = train(
        (new_run(3, 10, 1, np.float32, i) for i in range(3)), Settings(4, 0.01, 1), "cpu"
    )
    next(networks)
    assert len(calls) == 1


@pytest.mark.parametrize("dtype", PRECISION, ids=lambda dtype: dtype.__name__)
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_networks_trained_side_by_side_are_those_trained_alone(layers, dtype):
    rate, tolerance = PRECISION[dtype]
    settings = Settings(10, rate, 6)  # 42 steps

    def together(*indices):
        runs = [new_run(6, 60, layers, dtype, i) for i in indices]
        return relu_torch.train_together(runs, settings, "cpu")

    alone = [together(i)[0] for i in range(5)]
    for packed in (together(0, 1, 2, 3, 4), together(0, 1, 2) + together(3, 4)):
        # equal to rounding: a product over a pack may add its terms in another order
        assert max(error(*pair) for pair in zip(packed, alone, strict=True)) < tolerance
    assert min(error(alone[i], alone[i - 1]) for i in range(5)) > 0.1


# --- streams ---

MATRIX = gaussian_matrix(4, generator(7, "test"))


def streams(index=5, width=30, layers=2, seed=7):
    """A run's initial arrays, then its first two orders."""
    run = make_relu_run(MATRIX, index, width, layers, seed)
    return [*arrays(run.network), epoch_order(run), epoch_order(run)]


def test_a_run_has_the_matrix_and_the_shape_asked_for():
    run = make_relu_run(MATRIX, 5, 30, 2, 7)
    assert run.matrix is MATRIX
    assert [w.shape for w in run.network.weights] == [(30, 4), (30, 30), (2, 30)]
    assert {array.dtype for array in arrays(run.network)} == {np.dtype(np.float32)}


def test_runs_of_one_index_share_their_streams_and_no_others():
    for one, same in zip(streams(), streams(), strict=True):
        assert np.array_equal(one, same)
    for others in (streams(index=6), streams(seed=8)):
        for one, other in zip(streams(), others, strict=True):
            assert not np.array_equal(one, other)


def test_depths_share_their_orders_but_not_their_initial_weights():
    first, *_, one, two = streams(layers=1)
    for layers in (2, 3):
        other, *_, same_one, same_two = streams(layers=layers)
        assert np.array_equal(one, same_one)
        assert np.array_equal(two, same_two)
        assert not np.array_equal(first, other)


def test_orders_do_not_depend_on_the_width():
    assert np.array_equal(streams(width=10)[-2:], streams(width=50)[-2:])


def test_each_epoch_visits_every_corner_once_in_a_new_order():
    *_, first, second = streams()
    assert sorted(first) == sorted(second) == list(range(2**4))
    assert not np.array_equal(first, second)


@pytest.mark.parametrize(("engine", "layers"), BOTH)
def test_a_run_s_streams_do_not_depend_on_how_it_is_trained(engine, layers):
    untouched, states = make_relu_run(MATRIX, 0, 30, layers, 7), []
    for batch_size, rate in ((1, 0.1), (5, 0.01), (None, 0.001)):
        run = make_relu_run(MATRIX, 0, 30, layers, 7)
        ENGINES[engine](run, Settings(batch_size, rate, 3))
        states.append(run.orders.bit_generator.state)
    assert states[0] == states[1] == states[2] != untouched.orders.bit_generator.state
    for _ in range(3):  # one order an epoch, and nothing else
        epoch_order(untouched)
    assert states[0] == untouched.orders.bit_generator.state
