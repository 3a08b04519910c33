"""Evidence on Lemma 2."""

import numpy as np
import pandas as pd

from fragility.paper.estimates import Estimate, slope


def evidence(rows: pd.DataFrame) -> dict[str, tuple[Estimate, str]]:
    """Estimate and note by the claim's id, from the rows of check.py."""
    excess = (rows["log_probability"] - rows["log_bound"]).max()
    gap = ((rows["log_bound"] - rows["log_probability"]) / rows["d"]).groupby(rows["d"]).max()
    small = rows[(rows["d"] == rows["d"].max()) & (rows["alpha"] <= 0.01)]
    return {
        "lemma-2-bound": (
            Estimate(float(excess), float(excess), float(excess), len(rows)),
            f"per dimension, at most {gap.iloc[-1]:.4f} above ln P at d = {gap.index[-1]}",
        ),
        "lemma-2-limit": (
            slope(np.log(small["alpha"]) / 2, small["log_probability"] / small["d"]),
            f"at d = {rows['d'].max()}, α from {small['alpha'].min():g} to 0.01",
        ),
    }
