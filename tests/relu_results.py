"""Made-up results of ReLU networks, as their programs write them."""

import numpy as np
import pandas as pd


def measured(rho, alphas, phi=0.3, layers=1):
    """Measures as scripts/relu/measure.py writes them; rho is (networks, pairs, alphas)."""
    rho = np.asarray(rho, dtype=float)
    index = pd.MultiIndex.from_product(
        [range(rho.shape[0]), range(rho.shape[1]), alphas], names=["run", "pair", "alpha"]
    )
    table = pd.DataFrame({"rho": rho.ravel()}, index=index).reset_index()
    return table.assign(layers=layers, phi=phi if np.isscalar(phi) else np.array(phi)[table["run"]])


def attacked():
    """Attacks as scripts/relu/attack.py writes them.

    Two networks of two b1 and two b2; m = 5 and 4; one perturbation of run 7 is not found.
    """
    rows = pd.DataFrame(
        {
            "run": [2] * 4 + [7] * 4,
            "input": ["b1", "b1", "b2", "b2"] * 2,
            "delta": [1.0, 2.0, 0.5, 1.5, 2.0, np.nan, 1.0, 3.0],
            "attack": ["ddn", "projection", "ddn", "ddn", "ddn", "none", "ddn", "projection"],
            "delta_ddn": [1.0, 2.2, 0.5, 1.5, 2.0, np.nan, 1.0, 3.3],
            "delta_projection": [1.5, 2.0, np.nan, 1.8, 3.0, np.nan, 2.0, 3.0],
            "cos_theta_t": [0.25, 0.5, -0.1, -0.2, 0.4, np.nan, 0.5, 0.5],
            "certificate": [0.5, 1.8, 0.4, 0.75, 1.0, 0.3, 0.5, 2.7],
            "m": [5.0] * 4 + [4.0] * 4,
            "phi": [0.2] * 4 + [0.3] * 4,
            "class_radius": [5.0] * 4 + [3.0] * 4,
            "point_radius": [5.0, 6.0, 5.0, 6.0, 3.0, 3.0, 4.0, 4.0],
            "random_median": [3.0, 8.0, 1.0, 6.0, 6.0, 9.0, 2.5, 6.0],
        }
    )
    return rows.assign(layers=1, random_least=0.9)
