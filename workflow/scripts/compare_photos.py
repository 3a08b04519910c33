"""Measure all ordered pairs of photos that a network is right on: a row a pair."""

from argparse import Namespace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from scipy.spatial.distance import pdist, squareform
from tqdm import tqdm

from fragility.attacks.iterative import iterate
from fragility.attacks.minimal import Goal, order, smallest
from fragility.images import photo_choice, photos, pretrained
from fragility.measures.gradient_path import Path as Way
from fragility.measures.gradient_path import follow, gradient, mean_cos_with_others
from fragility.runtime import command, devices, files

BOUNDS = (0.0, 1.0)
CHUNK = 4  # pairs, and points of a path, in one pass: attacks hold some 300 MB a photo
HALVINGS = 8  # of the ray to an adversarial image: 0.4 % of its length
FEWEST = 4  # photos


def main(args: Namespace) -> None:
    """Write a CSV with a row for each ordered pair of photos of two classes.

    Lengths are in pixels from 0 to 1.  The way from i to j is the way back from j to i, so the
    gradients along it are computed once.
    """
    torch.set_num_threads(args.torch_threads)
    devices.make_deterministic()
    model = pretrained.load(args.model, args.weights, args.sha256)
    table = files.read_csv(args.photos_input)
    right = _first(table[table["right"] == 1], args.photos_most)
    labels = right["label"].to_numpy()
    pairs = [(i, j) for i, j in combinations(range(len(right)), 2) if labels[i] != labels[j]]
    if len(right) < FEWEST or not pairs:
        raise command.ResultError(
            f"{args.model} is right on {len(right)} photos of {len(set(labels))} classes; all "
            f"pairs need {FEWEST} photos of 2: name more of them in imagenet.experiments, or set "
            f"imagenet.relation.models to 0"
        )
    images = torch.from_numpy(photo_choice.pixels(args.photos, right["photo"], model)).to(
        args.device
    )
    rows = _compared(model.module.to(args.device), images, labels, np.array(pairs), args)
    for side in ("source", "target"):
        rows[f"{side}_label"] = labels[rows[side]]
        rows[side] = right["photo"].to_numpy()[rows[side]]
    files.write_csv(rows.assign(model=args.model), args.output)


def _first(right: pd.DataFrame, most: int) -> pd.DataFrame:
    """The first photo of each class, then the second of each, ..., at most so many."""
    turn = right.groupby("label").cumcount()
    return right.loc[turn.sort_values(kind="stable").index].head(most)


def _compared(network, images: torch.Tensor, labels, pairs: np.ndarray, args) -> pd.DataFrame:
    """Both directions of each pair: the measures of the way, of the attacks, and of chance."""
    n_points = args.alphas + 2 * (1 + 1)  # a gradient of chance and the attacks, each way
    with tqdm(total=len(pairs) * n_points, unit=" gradients and attacks", mininterval=5) as bar:
        there = _way(network, images, labels, pairs, args, bar)
        both = np.concatenate([pairs, pairs[:, ::-1]])
        parts = (_of_way(there), _of_way(there.back()))
        measures = pd.concat([pd.DataFrame(part) for part in parts], ignore_index=True)
        # DDN's radius grows or shrinks by a twentieth a step: pairs of like first-order distance
        # are attacked together, from twice that distance
        nearest_first = np.argsort(measures["first_order"].to_numpy(), kind="stable")
        found, products = [], np.empty((len(both), len(images)))
        for rows in np.array_split(nearest_first, -(-len(both) // CHUNK)):
            unit = 2 * order(measures["first_order"].to_numpy()[rows])
            attacked = _attacked(network, images, labels, both[rows], unit, args)
            bar.update(len(rows))
            products[rows] = _products(network, images, labels, both[rows])
            bar.update(len(rows))
            found.append(attacked.set_axis(rows))
    columns = pd.DataFrame({"source": both[:, 0], "target": both[:, 1]})
    columns["entries"] = images[0].numel()
    lengths = squareform(pdist(images.flatten(1).cpu().numpy().astype(float)))
    columns["cos_others"] = mean_cos_with_others(products, lengths, both)
    return columns.join(measures).join(pd.concat(found))


def _way(network, images, labels, pairs: np.ndarray, args: Namespace, bar) -> Way:
    x, target = images[pairs[:, 0]], images[pairs[:, 1]]
    classes = tuple(torch.from_numpy(labels[side]).to(x.device) for side in pairs.T)
    return follow(network, x, target, classes, args.alphas, chunk=CHUNK, progress=bar.update)


def _of_way(way: Way) -> dict[str, np.ndarray]:
    """L, both readings of M, the first-order distance, and cosines: here, on average, in size."""
    return {
        "L": way.length,
        "M": way.expected_length(),
        "M_exact": way.exact_length(),
        "first_order": way.first_order(),
        "cos_theta_t": way.cosines[:, 0],
        "average_cos": way.cosines.mean(axis=1),
        "average_size": np.abs(way.cosines).mean(axis=1),
    }


def _products(network, images: torch.Tensor, labels, pairs: np.ndarray) -> np.ndarray:
    """Each pair's unit gradient with every photo, (n, photos)."""
    x = images[pairs[:, 0]]
    classes = tuple(torch.from_numpy(labels[side]).to(x.device) for side in pairs.T)
    gradients = gradient(network, x, classes).flatten(1).to(torch.float64)
    products = gradients @ images.flatten(1).to(torch.float64).T
    return (products / gradients.norm(dim=1, keepdim=True)).cpu().numpy()


def _attacked(network, images, labels, pairs, unit: float, args: Namespace) -> pd.DataFrame:
    """Q by the iterative attack and by the minimal-norm ones; NaN where one does not arrive."""
    x = images[pairs[:, 0]]
    goal = Goal(*(torch.from_numpy(labels[side]).to(x.device) for side in pairs.T))
    hit = iterate(network, x, goal, step=args.step * photos.GREY, bounds=BOUNDS, steps=args.steps)
    found = smallest(
        network, x, goal, attacks=args.attacks, bounds=BOUNDS, steps=args.minimal_steps,
        unit=unit, halvings=HALVINGS,
    )  # fmt: skip
    return pd.DataFrame(
        {
            "Q_iterative": (hit.adversarial - x).flatten(1).norm(dim=1).cpu().numpy().astype(float),
            "steps": hit.steps.cpu().numpy(),
            "Q_minimal": found.norm.astype(float),
            "attack": found.attack,
        }
    )


if __name__ == "__main__":
    options = command.photo_parser(__doc__)
    options.add_argument("--photos-input", type=Path, required=True, help="of choose_photos.py")
    options.add_argument("--photos-most", type=int, required=True)
    options.add_argument("--alphas", type=int, required=True)
    options.add_argument("--step", type=float, required=True, help="grey levels")
    options.add_argument("--steps", type=int, required=True, help="of the iterative attack")
    options.add_argument("--attacks", nargs="+", required=True)
    options.add_argument("--minimal-steps", type=int, required=True)
    command.run(main, options)
