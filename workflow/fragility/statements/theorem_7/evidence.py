"""Evidence on Theorem 7."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from fragility.paper.estimates import Estimate, log_log_slope, mean, slope
from fragility.paper.verdicts import Evidence, Finding
from fragility.statements.theorem_7.closed_form import ratio_law
from fragility.statements.theorem_7.summary import smallest_p

LARGEST_EPS = 0.03  # slopes are fitted up to this eps, where most points cross one kink at most
FEWEST = 5  # points past a kink that a mean of their errors needs


def evidence(rows: pd.DataFrame) -> Evidence:
    """What the rows of check.py say, by the claim's id."""
    gaussian, networks = (rows[rows["kind"] == kind] for kind in ("gaussian", "network"))
    return _projections(gaussian) | _networks(networks)


def _fifth_larger(rows: pd.DataFrame, _: np.random.Generator) -> pd.DataFrame:
    """Ratios a fifth larger than drawn, against the same laws."""
    return _redrawn(rows, lambda d, k, ratio: ratio_law(d, k).cdf((1.2 * ratio).clip(upper=1)))


def _exchanged(rows: pd.DataFrame, _: np.random.Generator) -> pd.DataFrame:
    """The law of one gradient for two, and of two for one."""
    return _redrawn(rows, lambda d, k, ratio: ratio_law(d, 3 - k).cdf(ratio))


def _redrawn(rows: pd.DataFrame, cdf: Callable) -> pd.DataFrame:
    """The rows with other values of the predicted distribution functions, by d and gradients."""
    changed = rows.copy()
    for d, part in rows[rows["kind"] == "gaussian"].groupby("d"):
        for k, name in ((1, "one"), (2, "two")):
            changed.loc[part.index, f"predicted_cdf_{name}"] = cdf(d, k, part[f"observed_{name}"])
    return changed


ALTERNATIVES = {"theorem_7 larger": _fifth_larger, "theorem_7 exchanged": _exchanged}


def _projections(gaussian: pd.DataFrame) -> Evidence:
    ratios = gaussian[["observed_two", "observed_one"]]
    means, lengths = (each.groupby(gaussian["d"]).mean() for each in (ratios, np.sqrt(ratios)))
    last = gaussian[gaussian["d"] == gaussian["d"].max()]
    tests = f"{len(means)} values of d, and all together"
    return {
        "theorem-7-law-two": Finding(smallest_p(gaussian, "two"), tests),
        "theorem-7-law-one": Finding(smallest_p(gaussian, "one"), tests),
        "theorem-7-slope": Finding(
            log_log_slope(means.index, 1 / means["observed_two"]),
            f"one gradient: {log_log_slope(means.index, 1 / means['observed_one']).value:.3f}; at "
            f"d = {means.index.max()} the share that is at least the factor times d harder is "
            f"{last['observed_harder'].astype(bool).mean():.3f}, exactly "
            f"{last['predicted_harder'].iloc[0]:.4f}",
        ),
        "theorem-7-magnitude": Finding(
            log_log_slope(lengths.index, 1 / lengths["observed_two"]), "in squares it is d"
        ),
    }


def _networks(networks: pd.DataFrame) -> Evidence:
    return {
        "theorem-7-length": Finding(
            _largest(networks["observed_length_ratio"]),
            "e as the smallest solution of the proof's two equations",
        ),
        "theorem-7-exact": Finding(
            _largest(networks["flat_excess"].dropna()), _crossings(networks)
        ),
        "theorem-7-softplus": Finding(
            _slopes(networks, "softplus_error"),
            "the same weights with softplus for ReLU, gradients its own",
        ),
        "theorem-7-relu": Finding(
            _slopes(networks, "error", "crossed"),
            "the mean hides two things: 0 without a kink, and past exactly one kink a slope of "
            f"{_slopes(networks, 'log_error_one', 'crossed_one').value:.2f}",
        ),
    }


def _largest(sample: pd.Series) -> Estimate:
    return Estimate(*[float(sample.max())] * 3, len(sample))


def _crossings(networks: pd.DataFrame) -> str:
    shares = (networks["crossed"] / networks["points"]).groupby(networks["eps"]).mean()
    shown = ", ".join(f"{share:.2g} at ε = {eps:g}" for eps, share in shares.iloc[::2].items())
    return f"share of points with a kink crossed: {shown}"


def _slopes(networks: pd.DataFrame, column: str, counted: str | None = None) -> Estimate:
    """Mean over networks of the log-log slope by eps; a network's points are the same for all eps.

    ``counted`` names the column with the number of points past a kink that a row averages.
    """
    part = networks[networks["eps"] <= LARGEST_EPS]
    part = part if counted is None else part[part[counted] >= FEWEST]
    logs = part[column] if column.startswith("log_") else np.log(part[column])
    exponents = [
        slope(np.log(one["eps"]), logs[one.index]).value
        for _, one in part.groupby("network")
        if len(one) >= 3
    ]
    return mean(exponents)
