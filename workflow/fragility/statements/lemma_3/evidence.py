"""Evidence on Lemma 3."""

import numpy as np
import pandas as pd

from fragility.paper.estimates import Estimate, proportion
from fragility.statements.lemma_3.summary import mean_p, smallest_p

ROUNDING = 1e-9  # relative size under which a row of R is rounding, not rank


def evidence(rows: pd.DataFrame) -> dict[str, tuple[Estimate, str]]:
    """Estimate and note by the claim's id, from the rows of check.py."""
    growing, shrinking, below = (
        rows[rows["regime"] == name] for name in ("grows", "shrinks", "below n1")
    )
    entry = growing["kind"] != "joint"
    excluded = pd.concat([shrinking["p_law"], mean_p(shrinking)])
    return {
        "lemma-3-entries": (_smallest(growing["p_law"][entry]), _note(growing[entry])),
        "lemma-3-joint": (_smallest(growing["p_law"][~entry]), _note(growing[~entry])),
        "lemma-3-log-diagonal": (
            _smallest(mean_p(growing[growing["kind"] == "diagonal"])),
            f"largest difference of means {_largest(growing):.4f}",
        ),
        "lemma-3-excluded": (
            _smallest(excluded),
            "needed is only n_{i+1} ≥ n_1; the factors' order does not matter in law: "
            f"reversed, smallest p {smallest_p(rows['p_reversed']):.2f}",
        ),
        "lemma-3-below": (_full_rank(below), _trapezoids(below)),
    }


def _smallest(p: pd.Series) -> Estimate:
    value = smallest_p(p)
    return Estimate(value, value, value, len(p))


def _note(rows: pd.DataFrame) -> str:
    caught = rows.groupby("chain")["p_wrong"].apply(smallest_p)
    return (
        f"KS distance at most {rows['ks_distance'].max():.3f} in {len(rows)} tests; with one "
        f"degree too many, smallest p on any chain at most {max(caught.max(), 1e-99):.0e}"
    )


def _largest(rows: pd.DataFrame) -> float:
    logs = rows[rows["kind"] == "diagonal"]
    return float((logs["observed_mean"] - logs["predicted_mean"]).abs().max())


def _full_rank(below: pd.DataFrame) -> Estimate:
    """Share of draws with rank n_1; all draws of a chain count alike, by its ``below_rank``."""
    chains = below.groupby("chain").first()
    if chains.empty:
        return Estimate(np.nan, np.nan, np.nan, 0)
    full = chains["draws"].where(chains["below_rank"] > ROUNDING, 0)
    return proportion(int(full.sum()), int(chains["draws"].sum()))


def _trapezoids(below: pd.DataFrame) -> str:
    p = smallest_p(pd.concat([below["p_law"], mean_p(below)]))
    return f"with trapezoidal factors (see caveats) the law holds: smallest p {p:.2f}"
