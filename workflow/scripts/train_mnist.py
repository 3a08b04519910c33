"""Train one digit network on MNIST (section 6): two epochs, progress by epoch and batch."""

from argparse import Namespace
from pathlib import Path

import pandas as pd
import torch
from tqdm import tqdm

from fragility.images import digits
from fragility.images.digit_training import DigitSettings, accuracy, train
from fragility.runtime import command, devices, files


def main(args: Namespace) -> dict:
    """Write the weights, and a CSV row with the share of the test digits that are right.

    The number of threads is part of the settings: the bytes hang on it.
    """
    torch.set_num_threads(args.torch_threads)
    devices.make_deterministic()
    every = digits.read(args.data, "train")
    some = digits.Digits(every.images[: args.images], every.labels[: args.images])
    settings = DigitSettings(args.batch_size, args.learning_rate, args.decay, args.epochs)
    steps = -(-len(some.labels) // args.batch_size)
    with tqdm(total=args.epochs * steps, unit=" batches", mininterval=5) as progress:

        def report(epoch: int, step: int, loss: float) -> None:
            progress.set_description(f"epoch {epoch + 1}/{args.epochs}", refresh=False)
            progress.set_postfix(loss=f"{loss:.3f}", refresh=False)
            progress.update()

        network = train(some, settings, args.seed, args.index, args.device, report)
    share = accuracy(network, digits.read(args.data, "t10k"))
    weights = {name: value.numpy() for name, value in network.state_dict().items()}
    files.write_tensors(weights, args.output)
    row = {"network": args.index, "images": len(some.labels), "test_accuracy": share}
    files.write_csv(pd.DataFrame([row]), args.accuracy)
    return row


if __name__ == "__main__":
    options = command.parser(__doc__, device=True)
    options.add_argument("--data", type=Path, required=True, help="folder of MNIST's four files")
    options.add_argument(
        "--images", type=int, required=True, help="training images, from the first"
    )
    options.add_argument("--batch-size", type=int, required=True)
    options.add_argument("--learning-rate", type=float, required=True)
    options.add_argument("--decay", type=float, required=True)
    options.add_argument("--epochs", type=int, required=True)
    options.add_argument("--index", type=int, required=True, help="which network")
    options.add_argument("--torch-threads", type=int, required=True)
    options.add_argument("--seed", type=int, required=True)
    options.add_argument("--accuracy", type=Path, required=True, help="CSV, one row")
    options.add_argument("--output", type=Path, required=True)
    command.run(main, options)
