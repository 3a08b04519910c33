"""Measure both identities' terms on linear and ReLU networks of Theorem 6's data."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from fragility.experiments.accounts.measuring import Effort
from fragility.experiments.accounts.theorem_6 import linear, measure
from fragility.measures.compression import cos_theta_1, is_valid
from fragility.runtime import files, job
from fragility.synthetic.data import scale_columns
from fragility.synthetic.networks import ReluNetwork, relu_networks

Network = tuple[int, NDArray, ReluNetwork]  # run, A and the network
PACK = 4  # networks measured at once: the gradients of all inputs on the way are held together


def main(
    weights: list[Path],
    matrices: list[Path],
    relu: list[Path],
    measures: Path,
    *,
    column_scale: float,
    linear_source: str,
    relu_sources: list[dict],
    networks: int,
    certified: int,
    pairs: int,
    points: int,
    steps: int,
    seed: int,
) -> dict:
    """Write the rows of :func:`.theorem_6.measure` with columns source, group, dimension in front.

    Args:
        weights: of linear networks, a file for each d (scripts/linear/train.py).
        matrices: their A, in the same order.
        relu: files of ReLU networks, one for each of ``relu_sources``.
        measures: the CSV to write.
        column_scale: factor on all columns of A but the last.
        linear_source: the source's name of all linear networks; d is their group.
        relu_sources: name, ``by`` (what the group is: d or layers), ``layers`` (0: any) and
            ``smooth`` (whether softplus takes the place of the ReLU) of each.
        networks: accurate networks measured per group, at most.
        certified: of these, how many get a certificate.
        pairs: inputs per network.
        points: on the way from x to x'.
        steps: of each attack.
    """
    torch.set_num_threads(1)  # one core per job: the workflow runs several jobs at a time
    effort = Effort(points, steps)
    told = {"n_pairs": pairs, "n_certified": certified, "seed": seed}
    tables = []
    pair_of_files = list(zip(weights, matrices, strict=True))
    for path, its in tqdm(pair_of_files, desc="linear"):
        found = _linear(path, its, column_scale)[:networks]
        if found:
            table = _measured(found, effort, told)
            angles = {run: cos_theta_1(a, net.weights[0]) for run, a, net in found}
            table["cos_theta_1"] = table["network"].map(angles)
            tables.append(_named(table, linear_source, "d", found))
    for path, source in tqdm(list(zip(relu, relu_sources, strict=True)), desc="ReLU"):
        for found in _relu(path, source["layers"]):
            smooth = {"smooth": source["smooth"]}
            table = _measured(found[:networks], effort, told | smooth)
            tables.append(_named(table, source["name"], source["by"], found))
    if not tables:
        raise job.ResultError(
            "no network on Theorem 6's data is accurate; raise linear.max_attempts or relu.epochs"
        )
    table = pd.concat(tables, ignore_index=True)
    files.write_csv(table, measures)
    return {"networks": len(table[["source", "group", "network"]].drop_duplicates())}


def _measured(found: list[Network], effort: Effort, told: dict) -> pd.DataFrame:
    """The rows of all networks, a few at a time; the first ones get certificates."""
    parts = []
    for start in range(0, len(found), PACK):
        left = max(0, told["n_certified"] - start)
        parts.append(measure(found[start : start + PACK], effort, **told | {"n_certified": left}))
    return pd.concat(parts, ignore_index=True)


def _named(table: pd.DataFrame, source: str, by: str, found: list[Network]) -> pd.DataFrame:
    _, matrix, network = found[0]
    dimension = len(matrix)
    group = {"d": dimension, "layers": len(network.weights) - 1}[by]
    front = pd.DataFrame(
        {"source": source, "by": by, "group": group, "dimension": dimension}, table.index
    )
    return front.join(table)


def _linear(weights: Path, matrices: Path, column_scale: float) -> list[Network]:
    """The valid networks of the file's first condition."""
    trained = next(iter(files.read_tensors(weights).values()))
    scaled = scale_columns(files.read_tensors(matrices)["matrices"][: len(trained)], column_scale)
    pairs = enumerate(zip(scaled, trained, strict=True))
    return [(run, a, linear(w)) for run, (a, w) in pairs if is_valid(a, w)]


def _relu(path: Path, layers: int) -> Iterator[list[Network]]:
    """The networks of a file, those of one d and depth together."""
    tensors = files.read_tensors(path)
    pairs = relu_networks(tensors)
    runs = tensors.get("runs", np.arange(len(pairs)))
    by_shape: dict[tuple, list[Network]] = {}
    for run, (matrix, network) in zip(runs, pairs, strict=True):
        shape = (len(matrix), len(network.weights) - 1)
        if layers in (0, shape[1]):
            by_shape.setdefault(shape, []).append((int(run), matrix, network))
    yield from by_shape.values()


if __name__ == "__main__":
    job.run(main)
