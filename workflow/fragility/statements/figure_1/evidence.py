"""Evidence on Figure 1."""

import pandas as pd

from fragility.paper.estimates import Estimate, mean
from fragility.statements.figure_1.summary import by_network, points


def evidence(rows: pd.DataFrame) -> dict[str, tuple[Estimate, str]]:
    """Claim ids to estimate and note, from the rows of check.py."""
    found = points(rows)
    means = by_network(found)
    below = (found["observed_ratio"] < 0.5).mean()
    return {
        "figure-1-attack": (
            mean(means["observed_ratio"]),
            f"mean cos θ {means['cosine'].mean():.2f}; below 0.5 at {below:.2f} of {len(found)} "
            f"pairs; {int(found['missed'].sum())} missed by the straight attack, counted with the "
            "direct path",
        ),
    }
