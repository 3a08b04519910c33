"""Draw the Gaussian matrices A of one dimension, one stream a matrix (Theorem 6)."""

from argparse import Namespace
from pathlib import Path

import numpy as np

from fragility.runtime import command, files
from fragility.runtime.seeds import generator
from fragility.synthetic.data import gaussian_matrix


def main(args: Namespace) -> None:
    """Write ``matrices`` (n, d, d) float64, unscaled; matrix i has the stream of index i."""
    matrices = [
        gaussian_matrix(args.dimension, generator(args.seed, "linear", "matrix", args.dimension, i))
        for i in range(args.count)
    ]
    files.write_tensors({"matrices": np.stack(matrices)}, args.output)


if __name__ == "__main__":
    options = command.parser(__doc__)
    options.add_argument("--dimension", type=int, required=True)
    options.add_argument("--count", type=int, required=True)
    options.add_argument("--seed", type=int, required=True)
    options.add_argument("--output", type=Path, required=True)
    command.run(main, options)
