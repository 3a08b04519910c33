"""Evidence on Lemma 2."""

import numpy as np
import pandas as pd

from fragility.paper.estimates import Estimate, slope
from fragility.paper.verdicts import Evidence, Finding


def _sharper(rows: pd.DataFrame, _: np.random.Generator) -> pd.DataFrame:
    """The lemma's bound to the power 1.01."""
    return rows.assign(log_bound=1.01 * rows["log_bound"])


ALTERNATIVES = {"lemma_2 sharper": _sharper}


def evidence(rows: pd.DataFrame) -> Evidence:
    """What the rows of check.py say, by the claim's id."""
    excess = (rows["log_probability"] - rows["log_bound"]).max()
    gap = ((rows["log_bound"] - rows["log_probability"]) / rows["d"]).groupby(rows["d"]).max()
    small = rows[(rows["d"] == rows["d"].max()) & (rows["alpha"] <= 0.01)]
    return {
        "lemma-2-bound": Finding(
            Estimate(float(excess), float(excess), float(excess), len(rows)),
            f"per dimension, at most {gap.iloc[-1]:.4f} above ln P at d = {gap.index[-1]}",
        ),
        "lemma-2-limit": Finding(
            slope(np.log(small["alpha"]) / 2, small["log_probability"] / small["d"]),
            f"at d = {rows['d'].max()}, α from {small['alpha'].min():g} to 0.01",
        ),
    }
