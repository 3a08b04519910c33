"""Check Lemma 2: the chi-square distribution's exact tail against the bound, and by simulation."""

import pandas as pd

from fragility.runtime.clock import Clock
from fragility.runtime.seeds import generator
from fragility.statements.lemma_2.closed_form import log_bound, log_probability
from fragility.statements.lemma_2.simulation import hits


def check(settings: dict, seed: int, clock: Clock) -> pd.DataFrame:
    """A row per (d, alpha): log_bound, log_probability, and the number of hits among draws."""
    rows = []
    alphas, draws = settings["alphas"], settings["draws"]
    for d in settings["dimensions"]:
        counts = hits(d, alphas, draws, generator(seed, "theory", "lemma_2", d))
        for alpha, count in zip(alphas, counts, strict=True):
            row = {"d": d, "alpha": alpha, "log_bound": float(log_bound(alpha, d))}
            row |= {"log_probability": float(log_probability(alpha, d))}
            rows.append(row | {"hits": count, "draws": draws})
        clock.lap(d)
    return pd.DataFrame(rows)
