"""The largest |cos theta_1| of any valid network, with phi as in Table 1's run 7 and without."""

from argparse import Namespace
from pathlib import Path

import pandas as pd

from fragility.measures import compression
from fragility.paper.claims import read_table
from fragility.runtime import command, files
from fragility.runtime.seeds import generator
from fragility.synthetic.data import gaussian_matrix, scale_columns, with_phi


def main(args: Namespace) -> None:
    """Write a CSV: matrix, phi_fixed (0 or 1), phi, largest_cos_theta_1."""
    printed = read_table(args.paper, 1).set_index("experiment").loc[args.experiment]
    rows = []
    for index in range(args.count):
        stream = generator(args.seed, "linear", "feasibility", args.dimension, index)
        free = scale_columns(gaussian_matrix(args.dimension, stream), args.column_scale)
        for fixed, matrix in enumerate((free, with_phi(free, float(printed["phi"])))):
            row = {"matrix": index, "phi_fixed": fixed, "phi": compression.phi(matrix)}
            rows.append(row | {"largest_cos_theta_1": compression.largest_cos_theta_1(matrix)})
    files.write_csv(pd.DataFrame(rows), args.output)


if __name__ == "__main__":
    options = command.parser(__doc__)
    options.add_argument("--paper", type=Path, required=True, help="folder of the printed tables")
    options.add_argument("--experiment", required=True, help="row of Table 1")
    options.add_argument("--dimension", type=int, required=True)
    options.add_argument("--column-scale", type=float, required=True)
    options.add_argument("--count", type=int, required=True)
    options.add_argument("--seed", type=int, required=True)
    options.add_argument("--output", type=Path, required=True)
    command.run(main, options)
