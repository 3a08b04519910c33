"""Evidence on Theorem 5."""

import pandas as pd
from scipy import stats

from fragility.paper.estimates import Estimate, log_log_slope, proportion
from fragility.paper.verdicts import Evidence, Finding
from fragility.statements.theorem_5.closed_form import ratio_squared_law
from fragility.statements.theorem_5.summary import mean_share, share


def evidence(rows: pd.DataFrame) -> Evidence:
    """What the rows of check.py say, by the claim's id."""
    random, trained, opposite = (
        rows[rows["kind"] == kind] for kind in ("random", "trained", "opposite")
    )
    pairs = f"{len(rows)} networks, {rows['pairs'].sum()} points and ordered pairs"
    by_classes = {f"{k} classes": _flips(part) for k, part in rows.groupby("classes")}
    growth = {
        part: log_log_slope(each["d"], each["predicted_distance"])
        for part, each in (("trained", trained), ("random", random))
    }
    return {
        "theorem-5-distance": Finding(_largest(rows, "error"), pairs),
        "theorem-5-subspace": Finding(_largest(rows, "outside"), pairs),
        "theorem-5-flip": Finding(
            _flips(rows), f"{rows['beyond'].sum()} of {rows['pairs'].sum()} points and pairs flip"
        ),
        "theorem-5-first-inequality": Finding(
            proportion((rows["short"] > 0).sum(), len(rows)),
            "the formula is an infimum, not attained: at it f_i = f_j",
        ),
        "theorem-5-second-inequality": Finding(_largest(rows, "ratio_largest"), _ratios(rows)),
        "theorem-5-label": Finding(None, parts=by_classes),
        "theorem-5-label-class": _label(trained[trained["classes"] > 2]),
        "theorem-5-inner-products": Finding(
            _flips(opposite), f"mean inner product: {opposite['inner'].mean():.2f} d"
        ),
        "theorem-5-growth": Finding(
            growth["trained"], f"random networks: {growth['random'].value:.2f}"
        ),
    }


def _flips(rows: pd.DataFrame) -> Estimate:
    """Share of networks (rows) in which every pair flips just beyond the formula."""
    return proportion((rows["beyond"] == rows["pairs"]).sum(), len(rows))


def _largest(rows: pd.DataFrame, column: str) -> Estimate:
    value = float(rows[column].max())
    return Estimate(value, value, value, len(rows))


def _ratios(rows: pd.DataFrame) -> str:
    """Formula divided by bound, on average; for random networks its arcsine distribution, too."""
    means = rows.groupby("kind")["ratio_mean"].mean()
    alone = rows.loc[rows["kind"] == "random", "ratio_one"]
    p = stats.kstest(alone**2, ratio_squared_law().cdf).pvalue
    parts = [f"{kind} networks: {value:.2f} on average" for kind, value in means.items()]
    return f"{'; '.join(parts)}; random ones against the arcsine law: p = {p:.2g}"


def _label(several: pd.DataFrame) -> Finding:
    """Whether the label is j, for networks (rows) of three or more classes."""
    parts = {
        f"{k} classes, d = {d}": mean_share(part, "reached", "correct")
        for (k, d), part in several.groupby(["classes", "d"])
    }
    nearest = share(several, "nearest_reached", "nearest").mean()
    return Finding(None, f"to the nearest boundary: {nearest:.2f}", parts)
