"""Measure all ordered pairs of photos that a network classifies correctly: a row per pair."""

from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from scipy.spatial.distance import pdist, squareform
from tqdm import tqdm

from fragility.attacks.iterative import iterate
from fragility.attacks.minimal import Goal, attack_unit, smallest
from fragility.images import photo_choice, pretrained
from fragility.images.photos import GREY
from fragility.measures.gradient_path import (
    GradientPath,
    follow,
    gradient,
    gradient_change,
    mean_cos_with_others,
)
from fragility.runtime import devices, files, job

BOUNDS = (0.0, 1.0)
CHUNK = 4  # pairs, and points of a path, in one pass: attacks hold some 300 MB a photo
HALVINGS = 8  # of the ray to an adversarial image: a precision of 0.4 % of its length
FEWEST = 4  # photos needed at least


class Attack(NamedTuple):
    """The attacks' settings: the iterative one's step in grey levels, both kinds' step numbers."""

    step: float
    steps: int
    attacks: list[str]
    minimal_steps: int


def main(
    photos: Path,
    pairs: Path,
    *,
    model: str,
    weights: str,
    sha256: str,
    folder: str,
    most: int,
    alphas: int,
    step: float,
    steps: int,
    attacks: list[str],
    minimal_steps: int,
    device: str,
    threads: int,
) -> None:
    """Write a CSV with a row for each ordered pair of photos of two classes.

    Lengths are in pixels from 0 to 1.  The path from i to j is that from j to i reversed, so the
    gradients along it are computed once.

    Args:
        photos: CSV of scripts/imagenet/choose.py.
        pairs: the CSV to write.
        model, weights, sha256, folder, device, threads: as for scripts/imagenet/choose.py.
        most: how many photos at most.
        alphas: points from photo to photo, both included.
        step: of the iterative attack, in grey levels.
        steps: of the iterative attack, at most.
        attacks: the minimal-norm ones.
        minimal_steps: gradient steps of each of them.

    Raises:
        job.ResultError: fewer than 4 photos, or photos of one class only.
    """
    torch.set_num_threads(threads)
    devices.make_deterministic()
    network = pretrained.load(model, weights, sha256)
    table = files.read_csv(photos)
    right = _first(table[table["right"] == 1], most)
    labels = right["label"].to_numpy()
    compared = [(i, j) for i, j in combinations(range(len(right)), 2) if labels[i] != labels[j]]
    if len(right) < FEWEST or not compared:
        raise job.ResultError(
            f"{model} classifies {len(right)} photos of {len(set(labels))} classes correctly; all "
            f"pairs need {FEWEST} photos of 2 classes: name more photos in imagenet.experiments, "
            f"or set imagenet.relation.models to 0"
        )
    images = torch.from_numpy(photo_choice.pixels(folder, right["photo"], network)).to(device)
    attack = Attack(step, steps, attacks, minimal_steps)
    module = network.module.to(device)
    rows = _compared(module, images, labels, np.array(compared), alphas, attack)
    for side in ("source", "target"):
        rows[f"{side}_label"] = labels[rows[side]]
        rows[side] = right["photo"].to_numpy()[rows[side]]
    files.write_csv(rows.assign(model=model), pairs)


def _first(right: pd.DataFrame, most: int) -> pd.DataFrame:
    """The first photo of each class, then the second of each, ..., ``most`` in all."""
    turn = right.groupby("label").cumcount()
    return right.loc[turn.sort_values(kind="stable").index].head(most)


def _compared(
    network, images: torch.Tensor, labels, pairs: np.ndarray, alphas: int, attack: Attack
) -> pd.DataFrame:
    """Both directions of each pair: the measures of the path, of the attacks, and of chance."""
    n_points = alphas + 2 * (1 + 1)  # one for chance and one for the attacks, in each direction
    with tqdm(total=len(pairs) * n_points, unit=" gradients and attacks", mininterval=5) as bar:
        there = _path(network, images, labels, pairs, alphas, bar)
        both = np.concatenate([pairs, pairs[:, ::-1]])
        parts = (_of_path(there), _of_path(there.back()))
        measures = pd.concat([pd.DataFrame(part) for part in parts], ignore_index=True)
        # DDN's radius changes by a twentieth per step: pairs of similar first-order distance are
        # attacked together, from twice that distance
        nearest_first = np.argsort(measures["first_order"].to_numpy(), kind="stable")
        attacks, products = [], np.empty((len(both), len(images)))
        for rows in np.array_split(nearest_first, -(-len(both) // CHUNK)):
            unit = 2 * attack_unit(measures["first_order"].to_numpy()[rows])
            attacked = _attacked(network, images, labels, both[rows], unit, attack)
            bar.update(len(rows))
            products[rows] = _products(network, images, labels, both[rows])
            bar.update(len(rows))
            attacks.append(attacked.set_axis(rows))
    columns = pd.DataFrame({"source": both[:, 0], "target": both[:, 1]})
    columns["entries"] = images[0].numel()
    lengths = squareform(pdist(images.flatten(1).cpu().numpy().astype(float)))
    columns["cos_others"] = mean_cos_with_others(products, lengths, both)
    return columns.join(measures).join(pd.concat(attacks))


def _path(network, images, labels, pairs: np.ndarray, alphas: int, bar) -> GradientPath:
    x, target = images[pairs[:, 0]], images[pairs[:, 1]]
    classes = tuple(torch.from_numpy(labels[side]).to(x.device) for side in pairs.T)
    return follow(network, x, target, classes, alphas, chunk=CHUNK, progress=bar.update)


def _of_path(path: GradientPath) -> dict[str, np.ndarray]:
    """L, M as a sum and exact, the first-order distance, cosines: at the photo, mean, mean size.

    Of the gradient's norm, divided by that at the photo: the mean and the largest.
    """
    return {
        "L": path.length,
        "M": path.expected_length(),
        "M_exact": path.exact_length(),
        "first_order": path.first_order(),
        "cos_theta_t": path.cosines[:, 0],
        "average_cos": path.cosines.mean(axis=1),
        "average_size": np.abs(path.cosines).mean(axis=1),
        "gradient_along": path.relative_norms().mean(axis=1),
        "gradient_largest": path.relative_norms().max(axis=1),
    }


def _products(network, images: torch.Tensor, labels, pairs: np.ndarray) -> np.ndarray:
    """Inner products of each pair's unit gradient with every photo, (n, photos)."""
    x = images[pairs[:, 0]]
    classes = tuple(torch.from_numpy(labels[side]).to(x.device) for side in pairs.T)
    gradients = gradient(network, x, classes).flatten(1).to(torch.float64)
    products = gradients @ images.flatten(1).to(torch.float64).T
    return (products / gradients.norm(dim=1, keepdim=True)).cpu().numpy()


def _attacked(network, images, labels, pairs, unit: float, told: Attack) -> pd.DataFrame:
    """Q by the iterative attack and by the minimal-norm ones; NaN where none succeeds.

    And how much the gradient has changed where the minimal-norm attack arrives.
    """
    x = images[pairs[:, 0]]
    goal = Goal(*(torch.from_numpy(labels[side]).to(x.device) for side in pairs.T))
    hit = iterate(network, x, goal, step=told.step * GREY, bounds=BOUNDS, steps=told.steps)
    minimal = smallest(
        network, x, goal, attacks=told.attacks, bounds=BOUNDS, steps=told.minimal_steps,
        unit=unit, halvings=HALVINGS,
    )  # fmt: skip
    return pd.DataFrame(
        {
            "Q_iterative": (hit.adversarial - x).flatten(1).norm(dim=1).cpu().numpy().astype(float),
            "steps": hit.steps.cpu().numpy(),
            "Q_minimal": minimal.norm.astype(float),
            "attack": minimal.attack,
            "gradient_change": gradient_change(
                network, x, x + torch.from_numpy(minimal.perturbation).to(x), tuple(goal)
            ),
        }
    )


if __name__ == "__main__":
    job.run(main)
