"""Evidence on Figure 1."""

import pandas as pd

from fragility.paper.estimates import Estimate, mean
from fragility.statements.figure_1.summary import by_network, points


def evidence(rows: pd.DataFrame) -> dict[str, tuple[Estimate, str]]:
    """Estimate and note by the claim's id, from the rows of check.py."""
    pairs = points(rows)
    means = by_network(pairs)
    below = (pairs["observed_ratio"] < 0.5).mean()
    return {
        "figure-1-attack": (
            mean(means["observed_ratio"]),
            f"mean cos θ {means['cosine'].mean():.2f}; below 0.5 at {below:.2f} of {len(pairs)} "
            f"pairs; {int(pairs['missed'].sum())} missed by the straight attack, counted with the "
            "direct path",
        ),
    }
