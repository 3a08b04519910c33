"""Train one digit network on MNIST (section 6): two epochs, progress by epoch and batch."""

from pathlib import Path

import pandas as pd
import torch
from tqdm import tqdm

from fragility.images import digit_training, digits
from fragility.images.digit_training import DigitSettings
from fragility.runtime import devices, files, job


def main(
    checksums: Path,
    network: Path,
    accuracy: Path,
    *,
    folder: Path,
    index: int,
    images: int,
    batch_size: int,
    learning_rate: float,
    decay: float,
    epochs: int,
    seed: int,
    device: str,
    threads: int,
) -> dict:
    """Write the weights, and a CSV row with the share of test digits classified correctly.

    The bytes depend on the number of threads.

    Args:
        checksums: the proof that MNIST's files were fetched; they are checked again when read.
        network: safetensors of the weights, to write.
        accuracy: CSV of one row, to write: network, images, test_accuracy.
        folder: of MNIST's four files.
        index: number of the network.
        images: how many training images, from the first.
        batch_size, learning_rate, decay, epochs: see :class:`.DigitSettings`.
        seed: root of the random streams.
        device: "cpu" or "cuda".
        threads: of torch.
    """
    torch.set_num_threads(threads)
    devices.make_deterministic()
    every = digits.read(folder, "train")
    some = digits.Digits(every.images[:images], every.labels[:images])
    settings = DigitSettings(batch_size, learning_rate, decay, epochs)
    steps = -(-len(some.labels) // batch_size)
    with tqdm(total=epochs * steps, unit=" batches", mininterval=5) as progress:

        def report(epoch: int, step: int, loss: float) -> None:
            progress.set_description(f"epoch {epoch + 1}/{epochs}", refresh=False)
            progress.set_postfix(loss=f"{loss:.3f}", refresh=False)
            progress.update()

        trained = digit_training.train(some, settings, seed, index, device, report)
    share = digit_training.accuracy(trained, digits.read(folder, "t10k"))
    weights = {name: value.numpy() for name, value in trained.state_dict().items()}
    files.write_tensors(weights, network)
    row = {"network": index, "images": len(some.labels), "test_accuracy": share}
    files.write_csv(pd.DataFrame([row]), accuracy)
    return row


if __name__ == "__main__":
    job.run(main)
