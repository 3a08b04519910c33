"""Made-up measures of linear networks, as scripts/linear/measure.py writes them."""

import numpy as np
import pandas as pd

# of the networks of every_second_valid below
ALIGNED_RUNS = [1, 3, 7, 9, 13, 15, 19, 21]


def network(run, valid=1, cos_1=0.3, cos_2=0.99, phi=0.28, d=12, **more):
    """One row of measures; an invalid network has no perturbations."""
    perturbations = (1.0, 2.0, 3.0) if valid else (np.nan,) * 3
    names = ("perturbation_min", "perturbation_mean", "perturbation_max")
    return {
        "d": d, "run": run, "valid": valid, "accuracy": 1.0 if valid else 0.75,
        "cos_theta_1": cos_1, "cos_theta_2": cos_2, "phi": phi, "feature_norm": 4.0,
    } | dict(zip(names, perturbations, strict=True)) | more  # fmt: skip


def every_second_valid():
    """24 networks: every second one valid, of the valid ones every third not aligned.

    Valid networks are the runs 1, 3, ..., 23; runs 5, 11, 17, 23 of them are not aligned.
    """
    rows = []
    for run in range(24):
        aligned = run % 6 != 5
        rows.append(
            network(
                run,
                valid=run % 2,
                cos_1=(-1) ** run * (0.30 + run / 100),  # negative where valid
                cos_2=-0.99 if aligned else 0.2,
                phi=0.28 + run / 100 if aligned else 0.05,
            )
        )
    return pd.DataFrame(rows)
