"""Measure trained networks: gradients of the loss, accuracy, vulnerability to attacks by size."""

import time
from pathlib import Path

import pandas as pd
import torch
from tqdm import tqdm

from fragility.attacks import fixed_size
from fragility.images import resized, sized_networks
from fragility.measures.input_gradients import input_gradients
from fragility.runtime import devices, files, job
from fragility.training.regularised import first_order_gap

GAP_STRENGTHS = (1e-4, 2e-4, 4e-4, 8e-4, 1.6e-3)
GAP_IMAGES = 8  # at which the two regularisers' losses are compared


def main(
    images: Path,
    networks: Path,
    trained: Path,
    measures: Path,
    gaps: Path,
    cost: Path,
    *,
    epsilons: list[float],
    steps: int,
    relative_step: float,
    bounds: list[float],
    device: str,
    threads: int,
) -> None:
    """Write a row for each network and size of attack, means over the test images.

    Args:
        images: safetensors of scripts/dimension/data.py.
        networks, trained: safetensors and CSV of scripts/dimension/train.py.
        measures: CSV to write: accuracy, loss, norms l1 and l2 of the loss's gradient; for each
            epsilon the vulnerability (share of predictions that change) and the damage (mean
            increase of the loss over epsilon).
        gaps: CSV to write: mean difference of the losses of augmentation and penalty, by strength;
            of usual training without copies, in float64.
        cost: CSV to write: seconds per image of a gradient.
        epsilons: sizes of the l-infinity attack, in pixels.
        steps, relative_step: of the attack.
        bounds: least and largest value of an attacked pixel.
        device: "cpu" or "cuda".
        threads: of torch; the bytes depend on it.
    """
    torch.set_num_threads(threads)
    devices.make_deterministic()
    data = files.read_tensors(images)
    weights = files.read_tensors(networks)
    labels = torch.from_numpy(data["test_labels"]).to(device)
    rows, differences, seconds = [], [], []
    every = files.read_csv(trained).to_dict("records")
    for told in tqdm(every, unit=" networks", mininterval=5):
        network = sized_networks.load(weights, told).to(device)
        x = resized.pixels(data["test_images"], told["side"], told["copies"]).to(device)
        named = {name: told[name] for name in NAMES} | {"d": x[0].numel()}
        started = time.perf_counter()
        slopes = input_gradients(network, x, labels)
        seconds.append(named | {"seconds": (time.perf_counter() - started) / len(x)})
        means = {
            "accuracy": slopes.right.mean(), "loss": slopes.loss.mean(),
            "l1": slopes.l1.mean(dtype=float), "l2": slopes.l2.mean(dtype=float),
        }  # fmt: skip
        for epsilon in epsilons:
            moved = fixed_size.pgd(
                network, x, labels, epsilon, steps=steps, relative_step=relative_step,
                bounds=tuple(bounds),
            )  # fmt: skip
            found = fixed_size.attacked(network, x, moved, labels)
            rows.append(
                named | means | {"images": len(x), "epsilon": epsilon}
                | {"vulnerability": found.flipped.mean()}
                | {"damage": found.increase.mean(dtype=float) / epsilon}
            )  # fmt: skip
        if told["method"] == "usual" and told["copies"] == 1:
            differences += _gaps(network.cpu().double(), x.cpu().double(), labels.cpu(), named)
    files.write_csv(pd.DataFrame(rows), measures)
    columns = [*NAMES, "d", "norm", "size", "gap"]
    files.write_csv(pd.DataFrame(differences, columns=columns), gaps)
    files.write_csv(pd.DataFrame(seconds), cost)


NAMES = ["name", "topology", "side", "copies", "method", "strength", "network"]


def _gaps(network, x, labels, named: dict) -> list[dict]:
    """Rows of the difference of the two losses, by norm and strength."""
    some = slice(GAP_IMAGES)
    return [
        named | {"norm": norm, "size": size}
        | {"gap": first_order_gap(network, x[some], labels[some], norm, size)}
        for norm in ("l1", "l2")
        for size in GAP_STRENGTHS
    ]  # fmt: skip


if __name__ == "__main__":
    job.run(main)
