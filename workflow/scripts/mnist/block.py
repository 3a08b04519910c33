"""Make artificial ones out of MNIST's test sevens, by blocking a corner: a row per seven."""

from pathlib import Path

import numpy as np
import pandas as pd
import torch
from tqdm import tqdm

from fragility.images import digits
from fragility.images.artificial_ones import SEVEN, classify, smallest_masks
from fragility.images.digit_network import load
from fragility.runtime import files, job

NO_SEVEN = "the network does not take it for a seven"
NO_ONE = "no rectangle makes it a one"


def main(
    network: Path,
    masks: Path,
    *,
    folder: Path,
    index: int,
    sevens: int,
    largest: list[int],
    threads: int,
) -> dict:
    """Write a CSV: network, seven (its place among the test digits), right, rows, columns, reason.

    Only sevens that the network classifies as 7 are tried.  Rows and columns are the blocked
    rectangle's; they are missing where no rectangle changes the class from 7 to 1.

    Args:
        network: safetensors of the weights.
        masks: the CSV to write.
        folder: of MNIST's four files.
        index: number of the network.
        sevens: how many, from the first.
        largest: rows and columns of the largest rectangle.
        threads: of torch; the CSV may depend on it.

    Raises:
        job.ResultError: MNIST has fewer test sevens.
    """
    torch.set_num_threads(threads)
    trained = load(files.read_tensors(network))
    test = digits.read(folder, "t10k")
    places = np.flatnonzero(test.labels == SEVEN)[:sevens]
    if len(places) != sevens:
        raise job.ResultError(
            f"{masks}: {sevens} rows wanted (mnist.sevens), but {folder} has "
            f"{len(places)} test sevens"
        )
    images = test.images[places]
    right = classify(trained, images) == SEVEN
    table = pd.DataFrame({"network": index, "seven": places, "right": right.astype(int)})
    blocked = _masks(trained, images, right, largest)
    table = table.join(blocked.astype("Int64"))
    table["reason"] = np.select([~right, blocked["rows"].isna()], [NO_SEVEN, NO_ONE], "")
    files.write_csv(table, masks)
    return {"sevens": len(table), "right": int(right.sum()), "ones": int(blocked["rows"].count())}


def _masks(network: torch.nn.Module, images, right, largest: list[int]) -> pd.DataFrame:
    """Rows and columns of each image's rectangle, a row per image; NaN where there is none."""
    search = tqdm(
        smallest_masks(network, images[right], tuple(largest)), total=right.sum(),
        unit=" sevens", mininterval=5,
    )  # fmt: skip
    masks = pd.DataFrame(np.nan, index=range(len(images)), columns=["rows", "columns"])
    masks.loc[right] = np.array(list(search), dtype=float).reshape(-1, 2)
    return masks


if __name__ == "__main__":
    job.run(main)
