"""Numbers through training that tables, figures and evidence share; the unit is a network.

``measures`` are the rows of scripts/causes/through_training.py of one kind of network: a network at
a checkpoint each.
"""

import numpy as np
import pandas as pd

from fragility.paper.estimates import Estimate, correlation, mean

ACCURATE = 0.99  # share of the points at which a network is correct, from which it counts as so
SETTLED = 0.1  # a network's compression has settled where it stays this near to its final value
EARLY = 0.1  # share of the training after which a prediction counts as early
PREDICTS = 0.9  # correlation from which on compression predicts the final robustness
UNKNOWN = Estimate(np.nan, np.nan, np.nan, 0)


def by_run(measures: pd.DataFrame, column: str) -> pd.DataFrame:
    """A column of the measures, (networks, checkpoints)."""
    return measures.pivot(index="run", columns="step", values=column)


def accurate_at_last(measures: pd.DataFrame) -> pd.DataFrame:
    """The rows of networks that are correct at every point after the last step."""
    last = by_run(measures, "accuracy").iloc[:, -1]
    return measures[measures["run"].isin(last.index[last == 1])]


def robustness(measures: pd.DataFrame, point: str) -> pd.DataFrame:
    """Smallest perturbation divided by the optimal radius, (networks, checkpoints).

    ``point`` is "mean" or "min": over the points, or at the easiest one.
    """
    relative = measures.assign(relative=measures[f"perturbation_{point}"] / measures["radius"])
    return by_run(relative, "relative")


def known_before(measures: pd.DataFrame) -> dict[int, Estimate]:
    """Correlation of compression with phi over all networks, by step."""
    phi = measures.groupby("run")["phi"].first()
    return {step: _correlation(c, phi) for step, c in by_run(measures, "compression").items()}


def predicts(measures: pd.DataFrame, point: str) -> dict[int, Estimate]:
    """Correlation of compression with robustness after the last step, by step.

    Over the networks that are accurate then; ``point`` as in :func:`robustness`.
    """
    right = accurate_at_last(measures)
    if right.empty:
        return dict.fromkeys(measures["step"].unique(), UNKNOWN)
    final = robustness(right, point).iloc[:, -1:].squeeze(axis=1)
    return {step: _correlation(c, final) for step, c in by_run(right, "compression").items()}


def early_step(measures: pd.DataFrame) -> int:
    """The checkpoint nearest to a tenth of the steps, in ratio."""
    steps = np.sort(measures["step"].unique())
    steps = steps[steps > 0]
    return int(steps[np.abs(np.log(steps / (EARLY * steps[-1]))).argmin()])


def predicting_step(measures: pd.DataFrame, point: str) -> float:
    """The first checkpoint from which on compression predicts robustness; NaN if none does."""
    found = {step: one.value >= PREDICTS for step, one in predicts(measures, point).items()}
    return _first_from(pd.Series(found))


def steps_of(measures: pd.DataFrame) -> pd.DataFrame:
    """For each network accurate at last: from which step on it is accurate, and has settled.

    Columns accurate and settled, and ``doublings``: log2 of (accurate + 1) / (settled + 1), above 0
    where compression comes first.
    """
    right = accurate_at_last(measures)
    if right.empty:
        return pd.DataFrame(columns=["accurate", "settled", "doublings"], dtype=float)
    accuracy, ratio = by_run(right, "accuracy"), by_run(right, "compression")
    near = ratio.sub(ratio.iloc[:, -1], axis=0).abs().le(SETTLED * ratio.iloc[:, -1], axis=0)
    table = pd.DataFrame(
        {
            "accurate": (accuracy >= ACCURATE).apply(_first_from, axis=1),
            "settled": near.apply(_first_from, axis=1),
        },
        index=accuracy.index,
        dtype=float,
    )
    return table.assign(doublings=np.log2((table["accurate"] + 1) / (table["settled"] + 1)))


def order(measures: pd.DataFrame) -> Estimate:
    """Mean over networks of by how many doublings of the steps compression comes first."""
    return mean(steps_of(measures)["doublings"])


def _first_from(holds: pd.Series) -> float:
    """The first index from which on all values hold; NaN if the last does not."""
    broken = np.flatnonzero(~holds.to_numpy(dtype=bool))
    first = broken[-1] + 1 if len(broken) else 0
    return float(holds.index[first]) if first < len(holds) else np.nan


def _correlation(x: pd.Series, y: pd.Series) -> Estimate:
    """Unknown below four networks, or where one side does not vary."""
    if len(x) < 4 or min(x.nunique(), y.nunique()) < 2:
        return UNKNOWN._replace(n=len(x))
    return correlation(x, y)
