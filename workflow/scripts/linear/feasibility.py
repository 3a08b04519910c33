"""The largest |cos theta_1| of any valid network, with phi as in Table 1's run 7 and without."""

from pathlib import Path

import pandas as pd

from fragility.measures import compression
from fragility.paper.claims import read_csv_strings
from fragility.runtime import files, job
from fragility.runtime.seeds import generator
from fragility.synthetic.data import gaussian_matrix, scale_columns, with_phi


def main(
    printed: Path,
    feasibility: Path,
    *,
    experiment: int,
    dimension: int,
    column_scale: float,
    n_matrices: int,
    seed: int,
) -> None:
    """Write a CSV: matrix, phi_fixed (0 or 1), phi, largest_cos_theta_1."""
    run = read_csv_strings(printed).set_index("experiment").loc[str(experiment)]
    rows = []
    for index in range(n_matrices):
        stream = generator(seed, "linear", "feasibility", dimension, index)
        free = scale_columns(gaussian_matrix(dimension, stream), column_scale)
        for fixed, matrix in enumerate((free, with_phi(free, float(run["phi"])))):
            row = {"matrix": index, "phi_fixed": fixed, "phi": compression.phi(matrix)}
            rows.append(row | {"largest_cos_theta_1": compression.largest_cos_theta_1(matrix)})
    files.write_csv(pd.DataFrame(rows), feasibility)


if __name__ == "__main__":
    job.run(main)
