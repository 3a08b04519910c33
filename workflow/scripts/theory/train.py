"""Train the ReLU networks on which Theorem 7, Section 5 and Figure 1 are measured."""

from pathlib import Path

import torch
from numpy.typing import NDArray

from fragility.runtime import files, job
from fragility.runtime.clock import Clock
from fragility.runtime.seeds import generator
from fragility.synthetic.data import corners, gaussian_matrix, label, points, scale_columns
from fragility.synthetic.networks import relu_network, relu_tensors
from fragility.training.relu_plain import Trained, train
from fragility.training.run import Settings


def main(networks: Path, *, settings: dict, seed: int) -> dict:
    """Write pairs of A and accurate network, the same number for each dimension and depth.

    The record has the number of networks trained, and the epochs that each accurate one took.

    Raises:
        job.ResultError: too few networks are accurate.
    """
    torch.set_num_threads(1)  # networks this small are slower with more threads
    pairs, conditions, clock = [], [], Clock()
    for d in settings["dimensions"]:
        for layers in settings["layers"]:
            accurate, facts = _condition(d, layers, settings, seed)
            pairs += accurate
            conditions.append(facts)
        clock.lap(d)
    files.write_tensors(relu_tensors(pairs), networks)
    return clock.record() | {"conditions": conditions}


def _condition(d: int, layers: int, settings: dict, seed: int) -> tuple[list, dict]:
    """The accurate networks of one dimension and depth, and the facts of their training."""
    accurate, epochs, inaccurate = [], [], []
    wanted, attempts = settings["networks"], settings["max_attempts"]
    for attempt in range(attempts):
        matrix, trained = _attempt(d, layers, attempt, settings, seed)
        if trained.accuracy == 1:
            accurate.append((matrix, trained.network))
            epochs.append(trained.epochs)
        else:
            inaccurate.append(trained.accuracy)
        if len(accurate) == wanted:
            break
    else:
        raise job.ResultError(
            f"ReLU networks with {layers} hidden layers at d={d}: {len(accurate)} of {attempts} "
            f"are correct at all 2^{d} points, {wanted} wanted; raise theory.networks.epochs (now "
            f"{settings['epochs']}) or theory.networks.max_attempts, or lower "
            f"theory.networks.networks"
        )
    return accurate, {
        "d": d, "layers": layers, "attempts": attempt + 1, "epochs": epochs,
        "inaccurate": inaccurate,
    }  # fmt: skip


def _attempt(
    d: int, layers: int, attempt: int, settings: dict, seed: int
) -> tuple[NDArray, Trained]:
    keys = [
        ("theory", "networks", purpose, d, layers, attempt)
        for purpose in ("matrix", "initialisation", "orders")
    ]
    matrix, initial, orders = (generator(seed, *key) for key in keys)
    a = scale_columns(gaussian_matrix(d, matrix), settings["column_scale"])
    z = corners(d)
    network = relu_network(d, settings["width"], layers, initial)
    names = ("batch_size", "learning_rate", "epochs")
    training = Settings(**{name: settings[name] for name in names})
    return a, train(network, points(a, z), label(z), training, orders)


if __name__ == "__main__":
    job.run(main)
