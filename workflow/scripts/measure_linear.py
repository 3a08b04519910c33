"""Measure compression and robustness of trained linear networks: one row a network (Table 1)."""

from argparse import Namespace
from pathlib import Path

import numpy as np
import pandas as pd

from fragility.exact.linear import smallest_perturbations
from fragility.measures import compression
from fragility.runtime import command, files
from fragility.synthetic.data import scale_columns


def main(args: Namespace) -> None:
    """Write a CSV: cell, d, run, valid, accuracy, the paper's angles, exact perturbation norms."""
    matrices = scale_columns(files.read_tensors(args.matrices)["matrices"], args.column_scale)
    rows = [
        _cell(name) | {"d": len(a), "run": run} | measures(a, w)
        for name, weights in sorted(files.read_tensors(args.weights).items())
        for run, (a, w) in enumerate(zip(matrices[: len(weights)], weights, strict=True))
    ]
    files.write_csv(pd.DataFrame(rows), args.output)


def _cell(name: str) -> dict:
    """The condition that a tensor of weights is named by: BATCH:RATE."""
    batch_size, learning_rate = name.split(":")
    return {"batch_size": batch_size, "learning_rate": float(learning_rate)}


def measures(matrix: np.ndarray, weights: np.ndarray) -> dict:
    """What is measured of one network; lengths in the units of the data."""
    perturbation = smallest_perturbations(matrix, weights)
    return {
        "valid": int(compression.is_valid(matrix, weights)),
        "accuracy": compression.accuracy(matrix, weights),
        "cos_theta_1": compression.cos_theta_1(matrix, weights),
        "cos_theta_2": compression.cos_theta_2(matrix, weights),
        "phi": compression.phi(matrix),
        "feature_norm": float(np.linalg.norm(matrix[:, -1])),
        "perturbation_min": perturbation.minimum,
        "perturbation_mean": perturbation.mean,
        "perturbation_max": perturbation.maximum,
    }


if __name__ == "__main__":
    options = command.parser(__doc__)
    options.add_argument("--matrices", type=Path, required=True)
    options.add_argument("--weights", type=Path, required=True)
    options.add_argument("--column-scale", type=float, required=True)
    options.add_argument("--output", type=Path, required=True)
    command.run(main, options)
