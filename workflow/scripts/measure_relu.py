"""Measure the compression rho of ReLU networks between b_2 and b_1: a row a point (Table 3)."""

from argparse import Namespace
from pathlib import Path

import numpy as np
import pandas as pd

from fragility.measures.compression import phi, rho
from fragility.runtime import command, files
from fragility.synthetic.data import draw_corners, segment
from fragility.synthetic.networks import relu_networks


def main(args: Namespace) -> None:
    """Write a CSV: layers, run, phi, pair, alpha, rho, reason (why rho is missing, if it is)."""
    tensors = files.read_tensors(args.networks)
    alphas = np.linspace(0, 1, args.alphas)
    rows = []
    for run, (matrix, network) in zip(tensors["runs"], relu_networks(tensors), strict=True):
        d = len(matrix)
        x = segment(matrix, draw_corners(d, args.pairs, args.seed, "relu", int(run)), alphas)
        rows.append(
            pd.DataFrame(
                {
                    "layers": len(network.weights) - 1,
                    "run": run,
                    "phi": phi(matrix),
                    "pair": np.repeat(np.arange(args.pairs), len(alphas)),
                    "alpha": np.tile(alphas.round(6), args.pairs),
                    "rho": rho(matrix, network, x.reshape(-1, d)),
                }
            )
        )
    table = pd.concat(rows, ignore_index=True)
    table["reason"] = np.where(table["rho"].isna(), "the gradient is zero", "")
    files.write_csv(table, args.output)


if __name__ == "__main__":
    options = command.parser(__doc__)
    options.add_argument("--networks", type=Path, required=True)
    options.add_argument("--alphas", type=int, required=True)
    options.add_argument("--pairs", type=int, required=True)
    options.add_argument("--seed", type=int, required=True)
    options.add_argument("--output", type=Path, required=True)
    command.run(main, options)
