"""Measure both identities' terms on networks of digits, all at the same images."""

from pathlib import Path

import numpy as np
import pandas as pd
import torch
from tqdm import tqdm

from fragility.experiments.accounts import digit_pairs
from fragility.experiments.accounts.measuring import Effort, difference, labelled, measured
from fragility.runtime import devices, files, job

CHUNK = 256  # inputs in one pass


def main(
    networks: list[Path],
    checksums: Path,
    measures: Path,
    *,
    folder: Path,
    source: str,
    architecture: str,
    by: str,
    groups: list[float],
    factors: list[int],
    images: int,
    pool: int,
    points: int,
    steps: int,
    device: str,
    threads: int,
) -> dict:
    """Write the rows of :func:`.measuring.measured` of all networks, source and group in front.

    An image x is compared with x', the nearest of the first ``pool`` training images of another
    class; g is the logit of x's class minus that of the class of x'.

    Args:
        networks: safetensors of weights.
        checksums: the proof that MNIST's files were fetched.
        measures: the CSV to write.
        folder: of MNIST's four files.
        source: name of these networks in tables.
        architecture: one of :data:`.digit_pairs.ARCHITECTURES`.
        by: what the groups are: "", "strength" or "d".
        groups: of each network.
        factors: by how much each network's images are copied pixel by pixel; 1: not at all.
        images: test images, from the first.
        pool: training images among which x' is sought, from the first.
        points: on the way from x to x'.
        steps: of each attack.
        device: "cpu" or "cuda".
        threads: of torch; the bytes depend on it.
    """
    torch.set_num_threads(threads)
    devices.make_deterministic()
    chosen = digit_pairs.choose(folder, images, pool)
    load = digit_pairs.ARCHITECTURES[architecture]
    told = list(zip(networks, groups, factors, strict=True))
    tables = []
    for index, (path, group, factor) in enumerate(tqdm(told, unit=" networks", mininterval=5)):
        model = load(files.read_tensors(path)).to(device).eval().requires_grad_(False)
        pairs, first, second = digit_pairs.tensors(chosen, factor, device)
        rows = measured(difference(model, first, second), pairs, Effort(points, steps, CHUNK))
        columns = {"source": source, "by": by, "group": group, "dimension": pairs.x[0].numel()}
        columns |= {
            "network": index,
            "accuracy": digit_pairs.accuracy(model, folder, factor, device),
        }
        tables.append(labelled(rows, [str(k) for k in np.arange(images)], **columns))
    files.write_csv(pd.concat(tables, ignore_index=True), measures)
    return {"networks": len(tables), "images": images}


if __name__ == "__main__":
    job.run(main)
