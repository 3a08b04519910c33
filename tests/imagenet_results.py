"""Made-up measures of photos, as the programs of scripts/imagenet write them."""

import numpy as np
import pandas as pd

from fragility.runtime.seeds import generator

ENTRIES = 150_528


def measured(n=2, alphas=3, both_ways=True, **columns):
    """Measures as imagenet/measure.py writes them, there first; L = 4: ratios are half of each.

    Row i (from 0) has smallest Q = i + 1, Q = 2 (i + 1), M = -6 (i + 1), and cosines -0.1, -0.2,
    ... from the target (alpha = 0) to the photo.
    """
    q = np.arange((1 + both_ways) * n) + 1.0
    table = pd.DataFrame(
        {
            "experiment": [*range(1, n + 1)] * (1 + both_ways),
            "source": [f"{i:.0f}.jpg" for i in q], "target": "t.jpg", "source_label": 251,
            "target_label": 243, "source_name": "dalmatian", "target_name": "bull mastiff",
            "reason": np.nan, "model": "lite", "entries": ENTRIES, "L": 4.0, "M": -6 * q,
            "M_exact": -5 * q, "first_order": 0.5 * q, "gradient_along": 2.0,
            "gradient_largest": 3.0, "gradient_change": 0.4, "Q_iterative": 2 * q, "steps": q,
            "Q_minimal": q, "attack": "ddn", "Q_ddn": q,
        }
    )  # fmt: skip
    cosines = {f"cos_{i}": -0.1 * (i + 1) for i in range(alphas)}
    table = table.assign(**cosines, average_cos=-0.05 * (alphas + 1), note=np.nan)
    direction = ["there"] * n + ["back"] * (n if both_ways else 0)
    return table.assign(direction=direction).assign(**columns)


def paired(n=6, **columns):
    """Every ordered pair of n photos, as scripts/imagenet/compare.py writes them.

    Q/(L/2) by the iterative attack is x, |M|/(L/2) twice that, and so on: exact straight lines.
    """
    names = [f"{k}.jpg" for k in range(n)]
    rows = [(a, b) for a in names for b in names if a != b]
    x = generator(7, "test", "paired", n).uniform(0.1, 0.9, len(rows))
    table = pd.DataFrame(rows, columns=["source", "target"]).assign(
        entries=100, L=4.0, M=-4 * x, M_exact=6 * x, first_order=x, cos_theta_t=-x / 8,
        average_cos=-x / 20, average_size=x / 10, cos_others=0.01, Q_iterative=2 * x,
        Q_minimal=2 * (x + 1), model="lite", gradient_along=1 + x, gradient_largest=2 + x,
        gradient_change=x / 2,
    )  # fmt: skip
    return table.assign(**columns)
