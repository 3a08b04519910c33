"""Measure both identities' terms on a pretrained network, for ordered pairs of photos."""

from itertools import permutations
from pathlib import Path

import torch

from fragility.experiments.accounts.measuring import Effort, Pairs, difference, labelled, measured
from fragility.images import photo_choice, pretrained
from fragility.runtime import devices, files, job

CHUNK = 4  # pairs in one pass: a pass with gradients holds some 300 MB a photo


def main(
    photos: Path,
    measures: Path,
    *,
    model: str,
    weights: str,
    sha256: str,
    folder: str,
    source: str,
    most: int,
    points: int,
    steps: int,
    device: str,
    threads: int,
) -> None:
    """Write the rows of :func:`.measuring.measured` of all ordered pairs of correct photos.

    Args:
        photos: CSV of scripts/imagenet/choose.py.
        measures: the CSV to write.
        model, weights, sha256, folder: as for scripts/imagenet/choose.py.
        source: name of this network in tables.
        most: photos at most, of each class the first before the second of any.
        points: on the way from photo to photo.
        steps: of each attack.
        device: "cpu" or "cuda".
        threads: of torch; the bytes depend on it.

    Raises:
        job.ResultError: the network is correct on photos of fewer than two classes.
    """
    torch.set_num_threads(threads)
    devices.make_deterministic()
    network = pretrained.load(model, weights, sha256)
    right = files.read_csv(photos).query("right == 1")
    turn = right.groupby("label").cumcount()
    right = right.loc[turn.sort_values(kind="stable").index].head(most)
    labels = right["label"].to_numpy()
    pairs = [(i, j) for i, j in permutations(range(len(right)), 2) if labels[i] != labels[j]]
    if not pairs:
        raise job.ResultError(
            f"{model} classifies photos of {len(set(labels))} classes correctly; pairs need two: "
            "name more photos in imagenet.experiments, or set accounts.photos.models to 0"
        )
    images = torch.from_numpy(photo_choice.pixels(folder, right["photo"], network)).to(device)
    one, other = (list(side) for side in zip(*pairs, strict=True))
    classes = [torch.from_numpy(labels[side]).to(device) for side in (one, other)]
    g = difference(network.module.to(device), *classes)
    rows = measured(g, Pairs(images[one], images[other]), Effort(points, steps, CHUNK))
    names = right["photo"].to_numpy()
    columns = {"source": source, "by": "", "group": 0, "dimension": images[0].numel(), "network": 0}
    table = labelled(rows, [f"{names[i]}:{names[j]}" for i, j in pairs], **columns)
    files.write_csv(table, measures)


if __name__ == "__main__":
    job.run(main)
