"""Train the ReLU networks on which Theorem 7, Section 5 and Figure 1 are measured."""

from argparse import Namespace

from fragility.runtime import command, files
from fragility.runtime.seeds import generator
from fragility.synthetic.data import corners, gaussian_matrix, label, points, scale_columns
from fragility.synthetic.networks import relu_network, relu_tensors
from fragility.training.relu_plain import train
from fragility.training.run import Settings


def main(args: Namespace) -> dict:
    """Write pairs of A and network, accurate ones only: ``networks`` of each dimension and depth.

    The record tells how many were trained and how many epochs each accurate one took.
    """
    import torch

    torch.set_num_threads(1)  # networks this small only lose by more
    pairs, conditions, clock = [], [], command.Clock()
    for d in args.settings["dimensions"]:
        for layers in args.settings["layers"]:
            accurate, facts = _condition(d, layers, args)
            pairs += accurate
            conditions.append(facts)
        clock.lap(d)
    files.write_tensors(relu_tensors(pairs), args.output)
    return clock.record() | {"conditions": conditions}


def _condition(d: int, layers: int, args: Namespace) -> tuple[list, dict]:
    """The accurate networks of one dimension and depth, and what it took to get them."""
    accurate, epochs, inaccurate = [], [], []
    wanted, attempts = args.settings["networks"], args.settings["max_attempts"]
    for attempt in range(attempts):
        matrix, trained = _attempt(d, layers, attempt, args)
        if trained.accuracy == 1:
            accurate.append((matrix, trained.network))
            epochs.append(trained.epochs)
        else:
            inaccurate.append(trained.accuracy)
        if len(accurate) == wanted:
            break
    else:
        raise command.ResultError(
            f"ReLU networks with {layers} hidden layers at d={d}: {len(accurate)} of {attempts} "
            f"are right at all 2^{d} points, {wanted} wanted; raise theory.networks.epochs (now "
            f"{args.settings['epochs']}) or theory.networks.max_attempts, or lower "
            f"theory.networks.networks"
        )
    return accurate, {
        "d": d, "layers": layers, "attempts": attempt + 1, "epochs": epochs,
        "inaccurate": inaccurate,
    }  # fmt: skip


def _attempt(d: int, layers: int, attempt: int, args: Namespace):
    keys = [
        ("theory", "networks", purpose, d, layers, attempt)
        for purpose in ("matrix", "initialisation", "orders")
    ]
    matrix, initial, orders = (generator(args.seed, *key) for key in keys)
    a = scale_columns(gaussian_matrix(d, matrix), args.settings["column_scale"])
    z = corners(d)
    network = relu_network(d, args.settings["width"], layers, initial)
    names = ("batch_size", "learning_rate", "epochs")
    settings = Settings(**{name: args.settings[name] for name in names})
    return a, train(network, points(a, z), label(z), settings, orders)


if __name__ == "__main__":
    command.run(main, command.statement_parser(__doc__))
