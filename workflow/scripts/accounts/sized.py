"""Measure both identities' terms on the networks of the experiment on dimension."""

from pathlib import Path

import pandas as pd
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from fragility.experiments.accounts import digit_pairs
from fragility.experiments.accounts.measuring import (
    Effort,
    Pairs,
    difference,
    labelled,
    measured,
)
from fragility.images import resized, sized_networks
from fragility.runtime import devices, files, job

CHUNK = 256  # inputs in one pass


def main(
    networks: list[Path],
    trained: list[Path],
    images: Path,
    measures: Path,
    *,
    sources: list[dict],
    n_images: int,
    pool: int,
    points: int,
    steps: int,
    device: str,
    threads: int,
) -> dict:
    """Write the rows of :func:`.measuring.measured`, source and group in front.

    An image x is compared with x', the nearest of the first ``pool`` training images of another
    class on the images as they are: the same x' for every size.

    Args:
        networks, trained: files of scripts/dimension/train.py: weights, and a row per network.
        images: safetensors of scripts/dimension/data.py.
        measures: the CSV to write.
        sources: ``name`` of each, ``by`` (what its group is: d or strength), and ``where``, the
            values that columns of ``trained`` must have, lists of them.
        n_images: test images, from the first.
        pool: training images, from the first.
        points: on the way from x to x'.
        steps: of each attack.
        device: "cpu" or "cuda".
        threads: of torch; the bytes depend on it.
    """
    torch.set_num_threads(threads)
    devices.make_deterministic()
    data = files.read_tensors(images)
    several, labels = data["train_images"][:pool], data["train_labels"][:pool].astype(int)
    chosen = digit_pairs.nearest_of_another_class(
        data["test_images"][:n_images], data["test_labels"][:n_images].astype(int), several, labels
    )._replace(means=digit_pairs.class_means(several, labels))
    tables = []
    for weights, table in tqdm(list(zip(networks, trained, strict=True)), unit=" files"):
        tensors = files.read_tensors(weights)
        for row in files.read_csv(table).to_dict("records"):
            for source in (each for each in sources if _is_of(row, each["where"])):
                rows = _measured(row, tensors, chosen, Effort(points, steps, CHUNK), device)
                size = (row["side"] * row["copies"]) ** 2 * row["input_channels"]
                group = size if source["by"] == "d" else row["strength"]
                columns = {"source": source["name"], "by": source["by"], "group": group}
                columns |= {"dimension": size, "network": row["network"]}
                tables.append(labelled(rows, [str(k) for k in range(n_images)], **columns))
    files.write_csv(pd.concat(tables, ignore_index=True), measures)
    return {"networks": len(tables), "images": n_images}


def _is_of(row: dict, where: dict[str, list]) -> bool:
    return all(row[name] in values for name, values in where.items())


def _measured(
    row: dict, tensors: dict[str, NDArray], chosen, effort: Effort, device: str
) -> pd.DataFrame:
    model = sized_networks.load(tensors, row).to(device)
    side, copies = int(row["side"]), int(row["copies"])
    x, target = (resized.pixels(each, side, copies) for each in (chosen.x, chosen.target))
    # the class means' difference is a difference of two images of pixels in [0, 1]
    own, other = (
        resized.pixels((255 * chosen.means[k]).round().astype("uint8"), side, copies)
        for k in (chosen.first, chosen.second)
    )
    first, second = (torch.from_numpy(each).to(device) for each in (chosen.first, chosen.second))
    pairs = Pairs(*(each.to(device) for each in (x, target, own - other)))
    return measured(difference(model, first, second), pairs, effort)


if __name__ == "__main__":
    job.run(main)
