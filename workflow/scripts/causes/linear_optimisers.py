"""Train linear networks by several optimisers on Theorem 6's data: does cos theta_2 stay near 1?"""

from pathlib import Path

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from fragility.exact.linear import smallest_perturbations
from fragility.exact.optimal import class_radius
from fragility.measures.compression import accuracy, cos_theta_1, cos_theta_2
from fragility.runtime import files, job
from fragility.runtime.seeds import generator
from fragility.synthetic.data import gaussian_matrix, scale_columns
from fragility.training.linear_optimisers import train


def main(
    measures: Path,
    *,
    dimension: int,
    width: int,
    column_scales: list[float],
    matrices: int,
    optimisers: dict[str, float],
    decay: float,
    steps: int,
    seed: int,
) -> None:
    """Write a CSV: a row per factor on the columns, optimiser and matrix.

    Columns: accuracy, cos_theta_1 and cos_theta_2 in absolute value; mean_ratio and least_ratio,
    exact smallest perturbations divided by the optimal radius, missing unless the accuracy is 1.

    Args:
        column_scales: factors on all columns of A but the last.
        optimisers: the learning rate of each.
        decay: rate of weight decay of the optimiser that has one.
    """
    torch.set_num_threads(1)  # one core per job: the workflow runs several jobs at a time
    drawn = [
        gaussian_matrix(dimension, generator(seed, "causes", "linear", dimension, index))
        for index in range(matrices)
    ]
    initial = [_initial(dimension, width, index, seed) for index in range(matrices)]
    hidden, output = (np.stack(part) for part in zip(*initial, strict=True))
    rows = []
    for scale in column_scales:
        scaled = np.stack([scale_columns(a, scale) for a in drawn])
        radii = [class_radius(a) for a in scaled]
        for optimiser, rate in optimisers.items():
            weights = train(
                scaled, hidden, output, optimiser, learning_rate=rate, decay=decay, steps=steps
            )
            for index, (a, w, radius) in enumerate(zip(scaled, weights, radii, strict=True)):
                both = np.stack([w, -w]) / 2
                lengths = smallest_perturbations(a, both)
                rows.append(
                    {
                        "column_scale": scale, "optimiser": optimiser, "matrix": index,
                        "accuracy": accuracy(a, both),
                        "cos_theta_1": abs(cos_theta_1(a, both)),
                        "cos_theta_2": abs(cos_theta_2(a, both)),
                        "mean_ratio": lengths.mean / radius,
                        "least_ratio": lengths.minimum / radius,
                    }
                )  # fmt: skip
    files.write_csv(pd.DataFrame(rows), measures)


def _initial(d: int, width: int, index: int, seed: int) -> tuple[NDArray, NDArray]:
    """H (width, d) and w (width,) of a network, as PyTorch's default draws them."""
    stream = generator(seed, "causes", "linear initial", d, width, index)
    hidden = stream.uniform(-1, 1, (width, d)) / np.sqrt(d)
    rows = stream.uniform(-1, 1, (2, width)) / np.sqrt(width)
    return hidden, rows[0] - rows[1]


if __name__ == "__main__":
    job.run(main)
