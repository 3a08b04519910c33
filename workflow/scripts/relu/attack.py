"""Attack ReLU networks at b_1 and b_2, and compute lower bounds on perturbations (Table 4)."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from fragility.attacks.directions import flipping_distances
from fragility.attacks.minimal import Smallest
from fragility.attacks.relu import smallest_perturbations
from fragility.exact.certificate import certified_radius
from fragility.exact.optimal import class_radius, point_radii
from fragility.measures.compression import cos_theta_t, phi
from fragility.runtime import files, job
from fragility.runtime.seeds import generator
from fragility.synthetic.data import draw_corners, label, points
from fragility.synthetic.networks import ReluNetwork, margins, relu_networks

GRID = 100  # steps along a random direction in which a flip is looked for


@dataclass(frozen=True)
class Asked:
    """The settings for every network; see :func:`main`."""

    pairs: int
    methods: list[str]
    steps: int
    directions: int
    reach: float
    seed: int
    device: str


def main(
    networks: Path,
    attacks: Path,
    *,
    n_networks: int,
    pairs: int,
    methods: list[str],
    steps: int,
    directions: int,
    reach: float,
    seed: int,
    device: str,
) -> dict:
    """Write a CSV with the rows of :func:`attacked` for the first ``n_networks``, or all there are.

    Args:
        pairs: points b_1 per network, and as many b_2.
        methods: names of attacks.
        steps: of each attack.
        directions: random directions per point in which a flip is looked for.
        reach: how far along them, in units of ||A_:,d||.
    """
    torch.set_num_threads(1)  # one core per job: the workflow runs several jobs at a time
    asked = Asked(pairs, methods, steps, directions, reach, seed, device)
    tensors = files.read_tensors(networks)
    chosen = list(zip(tensors["runs"], relu_networks(tensors), strict=True))[:n_networks]
    rows = [
        attacked(int(run), matrix, network, asked)
        for run, (matrix, network) in tqdm(chosen, desc=networks.stem, mininterval=5)
    ]
    table = pd.concat(rows, ignore_index=True)
    files.write_csv(table, attacks)
    return {"networks": len(chosen), "points": len(table), "found": int(table["delta"].count())}


def attacked(run: int, matrix: NDArray, network: ReluNetwork, asked: Asked) -> pd.DataFrame:
    """The rows of one network at its b_1 and b_2, A (d, d); lengths in the units of the data.

    Columns: layers, run, input, pair, margin; delta, the norm of the smallest perturbation found
    and verified, its attack, each attack's own norm; cos_theta_t at the adversarial point;
    certificate, a lower bound; m, phi; class_radius and point_radius of the optimal classifier; of
    the random directions the smallest and the median distance at which the network flips, and how
    many flip within reach; reason, why delta is missing.
    """
    d, m = len(matrix), float(np.linalg.norm(matrix[:, -1]))
    z = _pairs(d, run, asked)
    x, labels = points(matrix, z), label(z).astype(int)
    smallest = smallest_perturbations(
        network, x, labels, unit=m, attacks=asked.methods, steps=asked.steps, device=asked.device
    )
    adversarial = x + smallest.perturbation
    failed = smallest.attack == "none"
    flips = margins(network, np.where(np.isnan(adversarial), x, adversarial), labels) < 0
    table = {
        "layers": len(network.weights) - 1,
        "run": run,
        "input": np.where(labels > 0, "b1", "b2"),
        "pair": np.tile(np.arange(asked.pairs), 2),
        "margin": margins(network, x, labels),
        "delta": np.where(flips, smallest.norm, np.nan),
        "attack": smallest.attack,
    }
    table |= {f"delta_{name}": norm for name, norm in smallest.by_attack.items()}
    table |= {
        "cos_theta_t": np.where(flips, cos_theta_t(matrix, network, adversarial), np.nan),
        "certificate": _certificates(network, x, labels, smallest, m),
        "m": m,
        "phi": phi(matrix),
        "class_radius": class_radius(matrix),
        "point_radius": point_radii(matrix, z),
    }
    table |= _random(network, x, labels, run, m, asked)
    table["reason"] = np.select(
        [failed, ~flips], ["no attack found a flip", "does not flip when evaluated again"], ""
    )
    return pd.DataFrame(table)


def _pairs(d: int, run: int, asked: Asked) -> NDArray:
    """The corners of all b_1, then of all b_2."""
    z = draw_corners(d, asked.pairs, asked.seed, "relu", run)
    plus, minus = z.copy(), z.copy()
    plus[:, -1], minus[:, -1] = 1, -1
    return np.concatenate([plus, minus])


def _certificates(
    network: ReluNetwork, x: NDArray, labels: NDArray, smallest: Smallest, m: float
) -> list[float]:
    """Certified radii up to the norm that an attack found, or up to m where none did."""
    upper = np.where(np.isnan(smallest.norm), m, smallest.norm)
    triples = zip(x, labels, upper, strict=True)
    return [certified_radius(network, at, int(y), float(limit)) for at, y, limit in triples]


def _random(
    network: ReluNetwork, x: NDArray, labels: NDArray, run: int, m: float, asked: Asked
) -> dict:
    stream = generator(asked.seed, "relu", "directions", x.shape[1], run)
    distances = []
    for at, y in zip(x, labels, strict=True):
        u = stream.standard_normal((asked.directions, len(at)))
        u /= np.linalg.norm(u, axis=1, keepdims=True)
        margin = partial(_margin, network, int(y))
        distances.append(flipping_distances(margin, at, u, asked.reach * m, GRID))
    far = np.where(np.isnan(distances), np.inf, distances)
    # a median beyond the reach is missing; one within it does not depend on the reach
    median, least = np.median(far, axis=1), far.min(axis=1)
    return {
        "random_least": np.where(np.isinf(least), np.nan, least),
        "random_median": np.where(np.isinf(median), np.nan, median),
        "random_flips": np.isfinite(far).sum(axis=1),
        "directions": asked.directions,
    }


def _margin(network: ReluNetwork, y: int, at: NDArray) -> NDArray:
    return margins(network, at, y)


if __name__ == "__main__":
    job.run(main)
