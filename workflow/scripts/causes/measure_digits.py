"""Measure small digit networks on pairs of classes: angles, lengths M, smallest perturbations."""

import copy
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from fragility.attacks.minimal import Goal, smallest
from fragility.images import digits
from fragility.images.artificial_ones import ONE, SEVEN, smallest_masks
from fragility.images.digit_training import pixels
from fragility.images.digits import Digits, blocked
from fragility.images.small_digit_network import load_small_networks
from fragility.measures.gradient_path import follow
from fragility.runtime import devices, files, job
from fragility.training import robust_digits

BOUNDS = (0.0, 1.0)
NEAREST, BLOCKED = "nearest digit", "blocked seven"


def main(
    networks: list[Path],
    measures: Path,
    *,
    folder: Path,
    images: int,
    least_accuracy: float,
    pairs: list[list[int]],
    digits_per_pair: int,
    largest: list[int],
    alphas: int,
    attacks: list[str],
    steps: int,
    device: str,
    threads: int,
) -> dict:
    """Write a CSV row for each network, pair of classes, image and target.

    A pair (i, j) is measured at the first test digits of class i, where the network classifies them
    correctly.  Their target is the nearest training digit of class j; those of (7, 1) have the
    artificial one as a second target, where blocking a corner makes one.  Q is the smallest
    perturbation that turns the class to j: the same for both targets.

    Args:
        networks: safetensors of scripts/causes/train_digits.py, one per index, in order.
        measures: the CSV to write.
        folder: of MNIST's four files.
        images: how many training images, from the first.
        least_accuracy: on all test digits; networks below it are left out.
        pairs: classes i and j.
        digits_per_pair: how many test digits of class i, from the first.
        largest: rows and columns of the largest rectangle that is blocked.
        alphas: points from the image to the target, both included.
        attacks: minimal-norm ones.
        steps: gradient steps of each of them.
        device: "cpu" or "cuda".
        threads: of torch; the bytes depend on it.

    Raises:
        job.ResultError: no network is accurate enough and correct at a digit of the pairs.
    """
    torch.set_num_threads(threads)
    devices.make_deterministic()
    train, test = digits.read(folder, "train"), digits.read(folder, "t10k")
    known = Digits(train.images[:images], train.labels[:images])
    labels = torch.from_numpy(test.labels.astype(np.int64))
    clean = pixels(test.images).to(device), labels.to(device)
    tables = []
    for index, path in enumerate(tqdm(networks, unit=" files", mininterval=5)):
        for name, network in load_small_networks(files.read_tensors(path)).items():
            network.to(device)
            if robust_digits.accuracy(network, *clean) < least_accuracy:
                continue
            kind, _, strength = name.partition(":")
            for i, j in pairs:
                places = np.flatnonzero(test.labels == i)[:digits_per_pair]
                with torch.no_grad():
                    outputs = network(pixels(test.images[places]).to(device))
                places = places[outputs.argmax(dim=1).cpu().numpy() == i]
                if not len(places):
                    continue
                table = pd.concat(
                    _measures(
                        network, test, known, places, (i, j), (alphas, attacks, steps, largest)
                    )
                )
                first = {"kind": kind, "strength": float(strength), "network": index}
                tables.append(table.assign(**first, pair=f"{i} to {j}"))
    if not tables:
        raise job.ResultError(
            f"{measures}: no network has an accuracy of {least_accuracy} and classifies a digit of "
            "the pairs correctly.  Raise causes.digits.epochs or causes.digits.images"
        )
    table = pd.concat(tables, ignore_index=True)
    names = ["kind", "strength", "network", "pair", "target", "image"]
    files.write_csv(table[[*names, *(c for c in table if c not in names)]], measures)
    return {"rows": len(table), "without a perturbation": int(table["Q"].isna().sum())}


def _measures(network, test, known, places, pair, told) -> Iterator[pd.DataFrame]:
    """A table for each kind of target, a row per image; see :func:`main`."""
    (i, j), (alphas, attacks, steps, largest) = pair, told
    device = next(network.parameters()).device
    x = pixels(test.images[places]).to(device)
    labels = torch.full((len(x),), i, device=device)
    goal = Goal(labels, torch.full_like(labels, j))
    found = smallest(network, x, goal, attacks=attacks, bounds=BOUNDS, steps=steps)
    targets = {NEAREST: nearest(test.images[places], known.images[known.labels == j])}
    if (i, j) == (SEVEN, ONE):
        targets[BLOCKED] = _ones(network, test.images[places], largest)
    for name, images in targets.items():
        there = np.flatnonzero([image is not None for image in images])
        if not len(there):
            continue
        target = pixels(np.stack([images[k] for k in there])).to(device)
        path = follow(network, x[there], target, (i, j), alphas)
        yield pd.DataFrame(
            {
                "target": name,
                "image": places[there],
                "L": path.length,
                "Q": found.norm[there].astype(float),
                "attack": found.attack[there],
                "M": path.expected_length(),
                "first_order": path.first_order(),
                "gradient": path.gradient_norms[:, 0],
                "cos_theta_t": path.cosines[:, 0],
                "mean_cos": path.cosines.mean(axis=1),
            }
        )


def nearest(images: NDArray, others: NDArray) -> list[NDArray]:
    """For each image (28, 28) uint8 the one of ``others`` at the least l2 distance."""
    a, b = (part.reshape(len(part), -1).astype(float) for part in (images, others))
    squares = (a**2).sum(axis=1)[:, None] - 2 * a @ b.T + (b**2).sum(axis=1)
    return list(others[squares.argmin(axis=1)])


def _ones(network, images: NDArray, largest: list[int]) -> list[NDArray | None]:
    """Each seven with the smallest corner blocked that makes it a one; None where there is none."""
    masks = smallest_masks(copy.deepcopy(network).cpu(), images, tuple(largest))
    return [
        None if np.isnan(mask.rows) else blocked(image, int(mask.rows), int(mask.columns))
        for image, mask in zip(images, masks, strict=True)
    ]


if __name__ == "__main__":
    job.run(main)
