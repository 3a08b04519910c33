"""Measure compression and robustness of trained linear networks: one row per network (Table 1)."""

from pathlib import Path

import numpy as np
import pandas as pd

from fragility.exact.linear import smallest_perturbations
from fragility.measures import compression
from fragility.runtime import files, job
from fragility.synthetic.data import scale_columns


def main(matrices: Path, weights: Path, measures: Path, *, column_scale: float) -> None:
    """Write a CSV: cell, d, run, valid, accuracy, the paper's angles, exact perturbation norms."""
    scaled = scale_columns(files.read_tensors(matrices)["matrices"], column_scale)
    rows = [
        _cell(name) | {"d": len(a), "run": run} | measured(a, w)
        for name, trained in sorted(files.read_tensors(weights).items())
        for run, (a, w) in enumerate(zip(scaled[: len(trained)], trained, strict=True))
    ]
    files.write_csv(pd.DataFrame(rows), measures)


def _cell(name: str) -> dict:
    """The condition in the name of a tensor of weights, BATCH:RATE."""
    batch_size, learning_rate = name.split(":")
    return {"batch_size": batch_size, "learning_rate": float(learning_rate)}


def measured(matrix: np.ndarray, weights: np.ndarray) -> dict:
    """The columns of one network, A (d, d) and W (2, d); lengths in the units of the data."""
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
    job.run(main)
