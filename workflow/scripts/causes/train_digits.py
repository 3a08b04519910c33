"""Train small digit networks in several ways from one initialisation; their accuracies."""

from pathlib import Path

import pandas as pd
import torch
from tqdm import tqdm

from fragility.images import digits
from fragility.images.small_digit_network import new_small_network, tensors
from fragility.runtime import devices, files, job
from fragility.runtime.seeds import generator
from fragility.training import robust_digits
from fragility.training.robust_digits import RobustSettings, as_tensors


def main(
    checksums: Path,
    networks: Path,
    accuracies: Path,
    *,
    folder: Path,
    index: int,
    images: int,
    strengths: dict[str, list[float]],
    batch_size: int,
    learning_rate: float,
    epochs: int,
    attack_steps: int,
    seed: int,
    device: str,
    threads: int,
) -> dict:
    """Write the weights, and a CSV row for each way of training; the bytes depend on the threads.

    All ways share the initial weights and the orders of this index, so that they can be compared in
    pairs.

    Args:
        checksums: the proof that MNIST's files were fetched; they are checked again when read.
        networks: safetensors to write (``small_digit_network.load_small_networks`` reads it).
        accuracies: CSV to write: network, kind, strength, images, accuracy (of all test digits).
        folder: of MNIST's four files.
        index: number of the network.
        images: how many training images, from the first.
        strengths: the strengths of each kind other than the usual one.
        batch_size, learning_rate, epochs, attack_steps: see :class:`.RobustSettings`.
        seed: root of the random streams.
        device: "cpu" or "cuda".
        threads: of torch.
    """
    torch.set_num_threads(threads)
    devices.make_deterministic()
    x, labels = (part[:images] for part in as_tensors(digits.read(folder, "train"), device))
    test = as_tensors(digits.read(folder, "t10k"), device)
    settings = RobustSettings(batch_size, learning_rate, epochs, attack_steps)
    trained, rows = {}, []
    for kind in tqdm(robust_digits.kinds(strengths), unit=" networks", mininterval=5):
        network = new_small_network(seed, "causes", index).to(device)
        orders = generator(seed, "causes", "digits", "orders", index)
        robust_digits.train(network, x, labels, kind, settings, orders)
        trained[str(kind)] = network
        share = robust_digits.accuracy(network, *test)
        rows.append((index, kind.name, kind.strength, len(x), share))
    names = ["network", "kind", "strength", "images", "accuracy"]
    files.write_csv(pd.DataFrame(rows, columns=names), accuracies)
    files.write_tensors(tensors(trained), networks)
    return {"networks": len(rows)}


if __name__ == "__main__":
    job.run(main)
