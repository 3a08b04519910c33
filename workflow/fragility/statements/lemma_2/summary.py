"""Lemma 2's numbers that table, figure and evidence share."""

import numpy as np
import pandas as pd

from fragility.paper.estimates import estimate_columns, proportion


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per (d, alpha) of check.py, logarithms per dimension."""
    shares = pd.DataFrame(
        estimate_columns({"share": proportion(row.hits, row.draws)}) for row in rows.itertuples()
    )
    exact = rows.assign(
        log_probability_per_d=rows["log_probability"] / rows["d"],
        log_bound_per_d=rows["log_bound"] / rows["d"],
        probability=np.exp(rows["log_probability"]),
    )
    return exact.join(shares)
