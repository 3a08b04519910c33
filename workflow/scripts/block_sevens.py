"""Make artificial ones out of MNIST's test sevens, by blocking a corner: a row a seven."""

from argparse import Namespace
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from tqdm import tqdm

from fragility.images import digits
from fragility.images.artificial_ones import SEVEN, classify, smallest_masks
from fragility.images.digit_network import load
from fragility.runtime import command, files


def main(args: Namespace) -> dict:
    """Write a CSV: network, seven (its place among the test digits), right, rows, columns, reason.

    Only sevens that the network takes for sevens are tried; rows and columns are the blocked
    rectangle's, missing where none makes a one.
    """
    torch.set_num_threads(args.torch_threads)
    network = load(files.read_tensors(args.network))
    test = digits.read(args.data, "t10k")
    sevens = np.flatnonzero(test.labels == SEVEN)[: args.sevens]
    images = test.images[sevens]
    right = classify(network, images) == SEVEN
    search = tqdm(
        smallest_masks(network, images[right], tuple(args.largest)), total=right.sum(),
        unit=" sevens", mininterval=5,
    )  # fmt: skip
    masks = pd.DataFrame(np.nan, index=range(len(sevens)), columns=["rows", "columns"])
    masks.loc[right] = np.array(list(search), dtype=float).reshape(-1, 2)
    table = pd.DataFrame({"network": args.index, "seven": sevens, "right": right.astype(int)})
    table = table.join(masks.astype("Int64"))
    table["reason"] = np.select(
        [~right, masks["rows"].isna()],
        ["the network does not take it for a seven", "no rectangle makes it a one"],
        "",
    )
    files.write_csv(table, args.output)
    return {"sevens": len(table), "right": int(right.sum()), "ones": int(masks["rows"].count())}


if __name__ == "__main__":
    options = command.parser(__doc__)
    options.add_argument("--data", type=Path, required=True, help="folder of MNIST's four files")
    options.add_argument("--network", type=Path, required=True)
    options.add_argument("--index", type=int, required=True, help="which network")
    options.add_argument("--sevens", type=int, required=True, help="how many, from the first")
    options.add_argument("--largest", type=int, nargs=2, required=True, help="rows and columns")
    options.add_argument("--torch-threads", type=int, required=True)
    options.add_argument("--output", type=Path, required=True)
    command.run(main, options)
