"""Solve for the optimal, max-margin and most compressed classifiers: a row per matrix and scale."""

from pathlib import Path

import numpy as np
import pandas as pd
from tqdm import tqdm

from fragility.exact.max_margin import max_margin
from fragility.exact.optimal import class_radius, point_radii
from fragility.measures import compression
from fragility.runtime import files, job
from fragility.runtime.seeds import generator
from fragility.synthetic.data import corners, scale_columns
from fragility.synthetic.geometry import cosine
from fragility.synthetic.networks import theorem_6_weights


def main(
    matrices: Path,
    classifiers: Path,
    *,
    column_scales: list[float],
    n_matrices: int,
    n_points: int,
    seed: int,
) -> None:
    """Write a CSV: d, matrix, column_scale and :func:`solved`."""
    drawn = files.read_tensors(matrices)["matrices"][:n_matrices]
    d = drawn.shape[1]
    rows = []
    for index, gaussian in enumerate(tqdm(drawn, desc=f"d={d}", mininterval=5)):
        stream = generator(seed, "linear", "points", d, index)
        z = corners(d) if 2**d <= n_points else corners(d, stream.integers(0, 2**d, n_points))
        for scale in column_scales:
            row = {"d": d, "matrix": index, "column_scale": scale}
            rows.append(row | solved(scale_columns(gaussian, scale), z))
    files.write_csv(pd.DataFrame(rows), classifiers)


def solved(matrix: np.ndarray, z: np.ndarray) -> dict:
    """The columns of one matrix (d, d), with corners z (n, d); radii in the units of the data.

    Raises:
        ValueError: the matrix is singular to working precision.
    """
    margin = max_margin(matrix)
    radii = point_radii(matrix, z)
    return {
        "phi": compression.phi(matrix),
        "feature_norm": float(np.linalg.norm(matrix[:, -1])),
        "class_radius": class_radius(matrix),
        "n_points": len(z),
        "point_radius_min": float(radii.min()),
        "point_radius_mean": float(radii.mean()),
        "point_radius_max": float(radii.max()),
        "max_margin_radius": margin.radius,
        "max_margin_cos_theta_1": cosine(margin.direction, matrix[:, -1]),
        "max_margin_cos_theta_2": cosine(margin.direction, theorem_6_weights(matrix)),
        "largest_cos_theta_1": compression.largest_cos_theta_1(matrix),
    }


if __name__ == "__main__":
    job.run(main)
