"""Evidence on Remarks 2."""

import pandas as pd

from fragility.paper.estimates import log_log_slope, mean
from fragility.paper.verdicts import Evidence, Finding
from fragility.statements.remarks_2.summary import SIZES, finite
from fragility.statements.theorem_1.evidence import upper_half


def evidence(rows: pd.DataFrame) -> Evidence:
    """What the rows of check.py say, by the claim's id."""
    upper = upper_half(rows)
    top = finite(upper)
    lost = f"; {len(upper) - len(top)} of {len(upper)} trials left out: their median is infinite"
    slopes = {
        f"remarks-2-{name.replace('_', '-')}-slope": Finding(
            log_log_slope(top["d"], top[f"observed_{name}"]),
            _corrected(name, top) + _fit(name, rows) + lost,
        )
        for name in SIZES
    }
    return slopes | {"remarks-2-degradation": _degradation(top)}


def _corrected(name: str, top: pd.DataFrame) -> str:
    """The slope of our corrected distribution, instead of a pure power, over the same d."""
    law = {
        "network_average": "0.67 √d / √(2 ln d)",
        "network_worst": "1 / √(2 ln d), a bound,",
        "optimal_average": "d / √(2 ln d)",
        "optimal_worst": "√(d/2) less √(ln d) terms,",
    }[name]
    slope = log_log_slope(top["d"], top[f"predicted_{name}"]).value
    return f"corrected law, {law} for large d: slope {slope:.3f} over d ≥ {top['d'].min()}"


def _fit(name: str, rows: pd.DataFrame) -> str:
    """How the corrected distribution fits; exact at every d for the averages."""
    shares = {"network_average": "network_above", "optimal_average": "optimal_above"}
    if name not in shares:
        ratio = rows[f"observed_{name}"].groupby(rows["d"]).median()
        ratio /= rows[f"predicted_{name}"].groupby(rows["d"]).first()
        return f"; measured over its median: {ratio.min():.2f} to {ratio.max():.2f}"
    share = mean(rows[shares[name]])
    return (
        f"; directions above its exact median: {share.value:.3f} "
        f"[{share.low:.3f}, {share.high:.3f}], 1/2 if it is right"
    )


def _degradation(top: pd.DataFrame) -> Finding:
    ratios = {
        kind: top[f"observed_{kind}_average"] / top[f"observed_{kind}_worst"]
        for kind in ("network", "optimal")
    }
    slopes = {kind: log_log_slope(top["d"], ratio).value for kind, ratio in ratios.items()}
    return Finding(
        log_log_slope(top["d"], ratios["optimal"] / ratios["network"]),
        f"average over worst case grows with slope {slopes['network']:.3f} for the network, "
        f"{slopes['optimal']:.3f} for the optimal classifier",
    )
