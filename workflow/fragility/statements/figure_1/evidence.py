"""Evidence on Figure 1."""

import pandas as pd

from fragility.paper.estimates import log_log_slope, mean
from fragility.paper.verdicts import Evidence, Finding
from fragility.statements.figure_1.summary import by_network, points


def evidence(rows: pd.DataFrame) -> Evidence:
    """What the rows of check.py say, by the claim's id."""
    pairs = points(rows)
    means = by_network(pairs)
    below = (pairs["observed_ratio"] < 0.5).mean()
    kinds = means.groupby(["d", "layers"])["observed_ratio"]
    return {
        "figure-1-attack": Finding(
            None,
            f"mean cos θ {means['cosine'].mean():.2f}; below 0.5 at {below:.2f} of {len(pairs)} "
            f"pairs; {int(pairs['missed'].sum())} missed by the straight attack, counted with the "
            "direct path",
            {f"d = {d:g}, {layers:g} hidden": mean(part) for (d, layers), part in kinds},
        ),
        "figure-1-direction": Finding(
            log_log_slope(means["cosine"], means["observed_ratio"]),
            f"cos θ from {means['cosine'].min():.2f} to {means['cosine'].max():.2f}, one value a "
            "network",
        ),
    }
