"""Measure the compression rho of ReLU networks from b_2 to b_1: one row per point (Table 3)."""

from pathlib import Path

import numpy as np
import pandas as pd

from fragility.measures.compression import phi, rho
from fragility.runtime import files, job
from fragility.synthetic.data import draw_corners, segment
from fragility.synthetic.networks import relu_networks


def main(networks: Path, measures: Path, *, alphas: int, pairs: int, seed: int) -> None:
    """Write a CSV: layers, run, phi, pair, alpha, rho, reason (why rho is missing)."""
    tensors = files.read_tensors(networks)
    steps = np.linspace(0, 1, alphas)
    rows = []
    for run, (matrix, network) in zip(tensors["runs"], relu_networks(tensors), strict=True):
        d = len(matrix)
        x = segment(matrix, draw_corners(d, pairs, seed, "relu", int(run)), steps)
        rows.append(
            pd.DataFrame(
                {
                    "layers": len(network.weights) - 1,
                    "run": run,
                    "phi": phi(matrix),
                    "pair": np.repeat(np.arange(pairs), alphas),
                    "alpha": np.tile(steps.round(6), pairs),
                    "rho": rho(matrix, network, x.reshape(-1, d)),
                }
            )
        )
    table = pd.concat(rows, ignore_index=True)
    table["reason"] = np.where(table["rho"].isna(), "the gradient is zero", "")
    files.write_csv(table, measures)


if __name__ == "__main__":
    job.run(main)
