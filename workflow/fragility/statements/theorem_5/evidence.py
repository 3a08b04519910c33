"""Evidence on Theorem 5."""

import pandas as pd
from scipy import stats

from fragility.paper.estimates import Estimate, log_log_slope, proportion
from fragility.statements.theorem_5.closed_form import ratio_squared_law
from fragility.statements.theorem_5.summary import mean_share, share


def evidence(rows: pd.DataFrame) -> dict[str, tuple[Estimate, str]]:
    """Estimate and note by the claim's id, from the rows of check.py."""
    trained = rows[rows["kind"] == "trained"]
    pairs = f"{len(rows)} networks, {rows['pairs'].sum()} points and ordered pairs"
    return {
        "theorem-5-distance": (_largest(rows, "error"), pairs),
        "theorem-5-subspace": (_largest(rows, "outside"), pairs),
        "theorem-5-flip": (
            proportion((rows["beyond"] == rows["pairs"]).sum(), len(rows)),
            f"{rows['beyond'].sum()} of {rows['pairs'].sum()} points and pairs flip",
        ),
        "theorem-5-first-inequality": (
            proportion((rows["short"] > 0).sum(), len(rows)),
            "the formula is an infimum, not attained: at it f_i = f_j",
        ),
        "theorem-5-second-inequality": (_largest(rows, "ratio_largest"), _ratios(rows)),
        "theorem-5-label": _label(trained),
        "theorem-5-growth": (
            log_log_slope(trained["d"], trained["predicted_distance"]),
            f"random networks: {_growth(rows[rows['kind'] == 'random']):.2f}",
        ),
    }


def _largest(rows: pd.DataFrame, column: str) -> Estimate:
    value = float(rows[column].max())
    return Estimate(value, value, value, len(rows))


def _growth(rows: pd.DataFrame) -> float:
    return log_log_slope(rows["d"], rows["predicted_distance"]).value


def _ratios(rows: pd.DataFrame) -> str:
    """Formula divided by bound, on average; for random networks its arcsine distribution, too."""
    means = rows.groupby("kind")["ratio_mean"].mean()
    alone = rows.loc[rows["kind"] == "random", "ratio_one"]
    p = stats.kstest(alone**2, ratio_squared_law().cdf).pvalue
    parts = [f"{kind} networks: {value:.2f} on average" for kind, value in means.items()]
    return f"{'; '.join(parts)}; random ones against the arcsine law: p = {p:.2g}"


def _label(trained: pd.DataFrame) -> tuple[Estimate, str]:
    several = trained[trained["classes"] > 2]
    by_classes = {k: share(part, "reached", "correct") for k, part in several.groupby("classes")}
    parts = [f"{k} classes: {values.mean():.2f}" for k, values in by_classes.items()]
    nearest = share(several, "nearest_reached", "nearest").mean()
    note = f"{'; '.join(parts)}; to the nearest boundary: {nearest:.2f}"
    return mean_share(several, "reached", "correct"), note
