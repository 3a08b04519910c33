"""Train networks for images of several sizes, by usual and by regularised training."""

from pathlib import Path

import pandas as pd
import torch
from tqdm import tqdm

from fragility.images import resized, sized_networks
from fragility.images.sized_networks import Shape
from fragility.runtime import devices, files, job
from fragility.runtime.seeds import generator
from fragility.training import regularised
from fragility.training.regularised import TrainingSettings


def main(
    images: Path,
    networks: Path,
    trained: Path,
    *,
    conditions: list[dict],
    channels: int,
    final_side: int,
    batch_norm: bool,
    padding: str,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    momentum: float,
    halve_every: int,
    steps: int,
    relative_step: float,
    bounds: list[float],
    seed: int,
    device: str,
    threads: int,
) -> None:
    """Write the weights of all networks, and a CSV row for each.

    Networks of one number have the same initial weights in all conditions of one topology and size
    of image, and see the images in the same order.

    Args:
        images: safetensors of scripts/dimension/data.py.
        networks: safetensors to write, names CONDITION/NUMBER/...
        trained: CSV to write; its rows are what :func:`.sized_networks.load` needs.
        conditions: of :func:`.experiments.dimension.conditions.conditions`.
        channels, final_side, batch_norm, padding: see :class:`.Shape`.
        epochs, batch_size, learning_rate, momentum, halve_every: see :class:`.TrainingSettings`.
        steps, relative_step, bounds: of PGD in training.
        seed: root of the random streams.
        device: "cpu" or "cuda".
        threads: of torch; the bytes depend on it.
    """
    torch.set_num_threads(threads)
    devices.make_deterministic()
    data = files.read_tensors(images)
    labels = torch.from_numpy(data["train_labels"]).to(device)
    classes = int(data["train_labels"].max()) + 1
    weights, rows = {}, []
    total = sum(each["networks"] for each in conditions) * epochs
    with tqdm(total=total, unit=" epochs", mininterval=5) as progress:
        for told in conditions:
            progress.set_description(told["name"], refresh=False)
            x = resized.pixels(data["train_images"], told["side"], told["copies"]).to(device)
            shape = Shape(
                told["topology"], channels, final_side, batch_norm, False, padding, told["copies"]
            )
            settings = TrainingSettings(
                epochs, batch_size, learning_rate, momentum, halve_every, told["method"],
                told["strength"], steps, relative_step, tuple(bounds),
            )  # fmt: skip
            for index in range(told["networks"]):
                side = x.shape[-1]
                key = ("dimension", "initialisation", told["topology"], side, index)
                network = sized_networks.convolutional(shape, x.shape[1], side, classes)
                sized_networks.initialise(network, generator(seed, *key)).to(device)
                orders = generator(seed, "dimension", "orders", index)
                regularised.train(network, x, labels, settings, orders, progress.update)
                row = {name: told[name] for name in told if name != "networks"}
                row |= {"network": index, "input_channels": x.shape[1], "classes": classes}
                row |= {"channels": channels, "final_side": final_side}
                row |= {"batch_norm": int(batch_norm), "padding": padding}
                rows.append(row)
                weights |= sized_networks.saved(network, f"{told['name']}/{index}/")
    files.write_tensors(weights, networks)
    files.write_csv(pd.DataFrame(rows), trained)


if __name__ == "__main__":
    job.run(main)
