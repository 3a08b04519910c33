"""Attack ReLU networks at b_1 and b_2, and bound the attacks from below: rows for Table 4."""

from argparse import Namespace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from tqdm import tqdm

from fragility.attacks.directions import flipping_distances
from fragility.attacks.minimal import Smallest
from fragility.attacks.relu import smallest_perturbations
from fragility.exact.certificate import certified_radius
from fragility.exact.optimal import class_radius, point_radii
from fragility.measures.compression import cos_theta_t, phi
from fragility.runtime import command, files
from fragility.runtime.seeds import generator
from fragility.synthetic.data import draw_corners, label, points
from fragility.synthetic.networks import ReluNetwork, margins, relu_networks

GRID = 100  # steps along a random direction in which a flip is looked for


def main(args: Namespace) -> dict:
    """Write a CSV with the rows of :func:`attacked` for the first ``count`` networks."""
    torch.set_num_threads(1)
    tensors = files.read_tensors(args.networks)
    pairs = list(zip(tensors["runs"], relu_networks(tensors), strict=True))[: args.count]
    rows = [
        attacked(int(run), matrix, network, args)
        for run, (matrix, network) in tqdm(pairs, desc=args.networks.stem, mininterval=5)
    ]
    table = pd.concat(rows, ignore_index=True)
    files.write_csv(table, args.output)
    return {"networks": len(pairs), "points": len(table), "found": int(table["delta"].count())}


def attacked(run: int, matrix: np.ndarray, network: ReluNetwork, args: Namespace) -> pd.DataFrame:
    """One network at its b_1 and b_2; lengths in the units of the data.

    Columns: layers, run, input, pair, margin; delta, the norm of the smallest perturbation found
    and verified, its attack, each attack's own; cos_theta_t at the adversarial point; certificate,
    a lower bound; m, phi; class_radius and point_radius of the optimal classifier; of the random
    directions the least and the median distance at which the network flips, and how many do within
    reach; reason, why delta is missing if it is.
    """
    d, m = len(matrix), float(np.linalg.norm(matrix[:, -1]))
    z = _pairs(d, run, args)
    x, labels = points(matrix, z), label(z).astype(int)
    found = smallest_perturbations(
        network, x, labels, unit=m, attacks=args.attacks, steps=args.steps, device=args.device
    )
    adversarial = x + found.perturbation
    failed = found.attack == "none"
    flips = margins(network, np.where(np.isnan(adversarial), x, adversarial), labels) < 0
    table = {
        "layers": len(network.weights) - 1,
        "run": run,
        "input": np.where(labels > 0, "b1", "b2"),
        "pair": np.tile(np.arange(args.pairs), 2),
        "margin": margins(network, x, labels),
        "delta": np.where(flips, found.norm, np.nan),
        "attack": found.attack,
    }
    table |= {f"delta_{name}": norm for name, norm in found.by_attack.items()}
    table |= {
        "cos_theta_t": np.where(flips, cos_theta_t(matrix, network, adversarial), np.nan),
        "certificate": _certificates(network, x, labels, found, m),
        "m": m,
        "phi": phi(matrix),
        "class_radius": class_radius(matrix),
        "point_radius": point_radii(matrix, z),
    }
    table |= _random(network, x, labels, run, m, args)
    table["reason"] = np.select(
        [failed, ~flips], ["no attack found a flip", "does not flip when evaluated again"], ""
    )
    return pd.DataFrame(table)


def _pairs(d: int, run: int, args: Namespace) -> np.ndarray:
    """The corners of all b_1, then of all b_2."""
    z = draw_corners(d, args.pairs, args.seed, "relu", run)
    plus, minus = z.copy(), z.copy()
    plus[:, -1], minus[:, -1] = 1, -1
    return np.concatenate([plus, minus])


def _certificates(
    network: ReluNetwork, x: np.ndarray, labels: np.ndarray, found: Smallest, m: float
) -> list[float]:
    """Up to what an attack found; up to m where none did."""
    upper = np.where(np.isnan(found.norm), m, found.norm)
    triples = zip(x, labels, upper, strict=True)
    return [certified_radius(network, at, int(y), float(limit)) for at, y, limit in triples]


def _random(
    network: ReluNetwork, x: np.ndarray, labels: np.ndarray, run: int, m: float, args: Namespace
) -> dict:
    stream = generator(args.seed, "relu", "directions", x.shape[1], run)
    distances = []
    for at, y in zip(x, labels, strict=True):
        u = stream.standard_normal((args.directions, len(at)))
        u /= np.linalg.norm(u, axis=1, keepdims=True)
        margin = partial(_margin, network, int(y))
        distances.append(flipping_distances(margin, at, u, args.reach * m, GRID))
    far = np.where(np.isnan(distances), np.inf, distances)
    # a median that lies beyond the reach is missing, one within it does not hang on the reach
    median, least = np.median(far, axis=1), far.min(axis=1)
    return {
        "random_least": np.where(np.isinf(least), np.nan, least),
        "random_median": np.where(np.isinf(median), np.nan, median),
        "random_flips": np.isfinite(far).sum(axis=1),
        "directions": args.directions,
    }


def _margin(network: ReluNetwork, y: int, at: np.ndarray) -> np.ndarray:
    return margins(network, at, y)


if __name__ == "__main__":
    options = command.parser(__doc__, device=True)
    options.add_argument("--networks", type=Path, required=True)
    options.add_argument("--count", type=int, required=True, help="networks to attack")
    options.add_argument("--pairs", type=int, required=True)
    options.add_argument("--attacks", nargs="+", required=True)
    options.add_argument("--steps", type=int, required=True)
    options.add_argument("--directions", type=int, required=True)
    options.add_argument("--reach", type=float, required=True, help="in units of ||A_:,d||")
    options.add_argument("--seed", type=int, required=True)
    options.add_argument("--output", type=Path, required=True)
    command.run(main, options)
