"""Draw the Gaussian matrices A of one dimension, one stream per matrix (Theorem 6)."""

from pathlib import Path

import numpy as np

from fragility.runtime import files, job
from fragility.runtime.seeds import generator
from fragility.synthetic.data import gaussian_matrix


def main(matrices: Path, *, dimension: int, n_matrices: int, seed: int) -> None:
    """Write ``matrices`` (n, d, d) float64, unscaled; matrix i has the stream of index i."""
    drawn = [
        gaussian_matrix(dimension, generator(seed, "linear", "matrix", dimension, i))
        for i in range(n_matrices)
    ]
    files.write_tensors({"matrices": np.stack(drawn)}, matrices)


if __name__ == "__main__":
    job.run(main)
