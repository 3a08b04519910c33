"""Evidence on Theorem 7."""

import numpy as np
import pandas as pd

from fragility.paper.estimates import Estimate, log_log_slope, mean, slope
from fragility.statements.theorem_7.summary import smallest_p

LARGEST_EPS = 0.03  # slopes are fitted up to this eps, where most points cross one kink at most
FEWEST = 5  # points past a kink that a mean of their errors needs


def evidence(rows: pd.DataFrame) -> dict[str, tuple[Estimate, str]]:
    """Estimate and note by the claim's id, from the rows of check.py."""
    gaussian, networks = (rows[rows["kind"] == kind] for kind in ("gaussian", "network"))
    means = gaussian.groupby("d")[["observed_two", "observed_one"]].mean()
    last = gaussian[gaussian["d"] == gaussian["d"].max()]
    return {
        "theorem-7-law-two": (smallest_p(rows, "two"), f"at {len(means)} values of d"),
        "theorem-7-law-one": (smallest_p(rows, "one"), f"at {len(means)} values of d"),
        "theorem-7-slope": (
            log_log_slope(means.index, 1 / means["observed_two"]),
            f"one gradient: {log_log_slope(means.index, 1 / means['observed_one']).value:.3f}; at "
            f"d = {means.index.max()} the share that is at least the factor times d harder is "
            f"{last['observed_harder'].astype(bool).mean():.3f}, exactly "
            f"{last['predicted_harder'].iloc[0]:.4f}",
        ),
        "theorem-7-length": (
            _largest(networks["observed_length_ratio"]),
            "e as the smallest solution of the proof's two equations",
        ),
        "theorem-7-exact": (_largest(networks["flat_excess"].dropna()), _crossings(networks)),
        "theorem-7-softplus": (
            _slopes(networks, "softplus_error"),
            "the same weights with softplus for ReLU, gradients its own",
        ),
        "theorem-7-relu": (
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
