"""Gradients at initialisation: many random networks of each topology and size of input."""

from pathlib import Path

import numpy as np
import pandas as pd
import torch
from tqdm import tqdm

from fragility.exact import initial_gradients
from fragility.images import sized_networks
from fragility.images.sized_networks import Shape
from fragility.measures.input_gradients import input_gradients, logit_gradients
from fragility.runtime import devices, files, job
from fragility.runtime.seeds import generator

CLASSES, COLOURS = 10, 3
# name: topology, batch normalisation, residual
IMAGE_NETWORKS = {
    "strided": ("strided", False, False),
    "strided, batch norm": ("strided", True, False),
    "strided, residual": ("strided", False, True),
    "strided, both": ("strided", True, True),
    "max-pooling": ("max", False, False),
    "average pooling": ("average", False, False),
    "average pooling, batch norm": ("average", True, False),
    "average pooling, residual": ("average", False, True),
    "global average": ("global", False, False),
    "dilated, max-pooling": ("dilated", False, False),
}


def main(
    initial: Path,
    *,
    vectors: list[int],
    hidden_layers: list[int],
    width: int,
    sides: list[int],
    filters: int,
    final_side: int,
    networks: int,
    networks_vectors: int,
    images: int,
    seed: int,
    threads: int,
) -> None:
    """Write a row per network: mean norms of the loss's gradient over its inputs.

    Pixels are standard normal, labels uniform, both new for each network.  Rows of fully connected
    networks also have the norms of the logits' gradients and their closed forms.

    Args:
        initial: CSV to write.
        vectors: dimensions of the fully connected networks' inputs.
        hidden_layers, width: of those networks.
        sides: of the images with three channels.
        filters: channels of the convolutions.
        final_side: side to which topologies halve the maps.
        networks, networks_vectors: convolutional and fully connected ones, of each kind and size.
        images: inputs of each network.
        seed: root of the random streams.
        threads: of torch.
    """
    torch.set_num_threads(threads)
    devices.make_deterministic()
    rows = []
    total = len(hidden_layers) * len(vectors) + len(IMAGE_NETWORKS) * len(sides)
    with tqdm(total=total, unit=" sizes", mininterval=5) as progress:
        for layers in hidden_layers:
            for d in vectors:
                name = f"fully connected, {layers} hidden"
                network = sized_networks.fully_connected(d, layers, width, CLASSES)
                for index in range(networks_vectors):
                    stream = generator(seed, "dimension", "at start", name, d, index)
                    row = _row(network, name, (d,), images, stream, index)
                    rows.append(row | _logits(network, d, layers, width, images, stream))
                progress.update()
        for name, (topology, batch_norm, residual) in IMAGE_NETWORKS.items():
            for side in sides:
                shape = Shape(
                    topology, filters, final_side, batch_norm, residual,
                    dilation=side // min(sides),
                )  # fmt: skip
                network = sized_networks.convolutional(shape, COLOURS, side, CLASSES).train()
                for index in range(networks):
                    stream = generator(seed, "dimension", "at start", name, side, index)
                    rows.append(_row(network, name, (COLOURS, side, side), images, stream, index))
                progress.update()
    files.write_csv(pd.DataFrame(rows), initial)


def _row(network, name: str, shape: tuple, images: int, stream, index: int) -> dict:
    """Mean norms of one random network's gradients of the loss."""
    sized_networks.initialise(network, stream)
    x = torch.from_numpy(stream.standard_normal((images, *shape), dtype=np.float32))
    labels = torch.from_numpy(stream.integers(CLASSES, size=images))
    # all images in one pass: batch normalisation takes the statistics of this batch
    found = input_gradients(network, x, labels, chunk=images)
    norms = {"l1": found.l1.mean(dtype=float), "l2": found.l2.mean(dtype=float)}
    return {"topology": name, "d": int(np.prod(shape)), "network": index} | norms


def _logits(network, d: int, layers: int, width: int, images: int, stream) -> dict:
    """Norms of the logits' gradients of a fully connected network, and their closed forms."""
    x = torch.from_numpy(stream.standard_normal((images, d), dtype=np.float32))
    l1, squared = logit_gradients(network, x)
    return {
        "logit_l1": l1.mean(dtype=float), "logit_l2_squared": squared.mean(dtype=float),
        "closed_l1": initial_gradients.mean_l1(d, layers, width),
        "closed_l2_squared": initial_gradients.mean_squared_l2(),
    }  # fmt: skip


if __name__ == "__main__":
    job.run(main)
