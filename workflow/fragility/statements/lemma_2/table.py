"""Lemma 2's table: by dimension and alpha, exact, bound and simulated."""

import numpy as np
import pandas as pd

from fragility.paper.estimates import proportion
from fragility.report.render import spread

HEADINGS = {
    "d": "d",
    "alpha": "α",
    "log_probability_per_d": "ln P / d, exact",
    "log_bound_per_d": "ln bound / d",
    "probability": "P, exact",
    "share": "P, simulated",
}


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per (d, alpha) of check_lemma_2.py, logarithms per dimension."""
    shares = pd.DataFrame(
        spread({"share": proportion(row.hits, row.draws)}) for row in rows.itertuples()
    )
    exact = rows.assign(
        log_probability_per_d=rows["log_probability"] / rows["d"],
        log_bound_per_d=rows["log_bound"] / rows["d"],
        probability=np.exp(rows["log_probability"]),
    )
    return exact.join(shares)
