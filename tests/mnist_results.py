"""Made-up measures of sevens, as the programs of scripts/mnist write them."""

import numpy as np
import pandas as pd


def measured(n=7, alphas=3, **columns):
    """Measures as mnist/measure.py writes them; L = 4, so that each ratio is half the measure.

    Seven i has Q = i + 1, M = -2 Q, and cosines -0.1, -0.2, ... along its path.
    """
    q = np.arange(n) + 1.0
    table = pd.DataFrame(
        {
            "network": 0, "seven": 10 * np.arange(n) + 17, "rows": 5, "columns": 6, "L": 4.0,
            "Q_sign": q + 3, "Q_gradient": q + 1, "Q_minimal": q, "Q_ddn": q,
            "Q_projection": q + 0.5, "Q": q, "attack": "ddn", "M": -2 * q, "M_exact": -1.5 * q,
            "first_order": 0.75 * q, "gradient_along": 1.0, "gradient_largest": 1.5,
            "gradient_change": 0.2, "cos_theta_t": -0.1,
        }
    )  # fmt: skip
    cosines = {f"cos_{i}": -0.1 * (i + 1) for i in range(alphas)}
    return table.assign(**cosines, reason="").assign(**columns)
