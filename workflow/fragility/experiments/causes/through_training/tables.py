"""The table of networks through training."""

import pandas as pd

from fragility.experiments.causes.through_training import summary
from fragility.paper.estimates import estimate_columns, mean

NAMES = {"linear": "linear", "relu": "1 hidden ReLU layer"}


def through_training(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """One row per kind of network and checkpoint: means and correlations over networks.

    ``parts`` are the measures of each kind.  The means of a checkpoint are over all networks; those
    of ``robust_mean`` and ``robust_min``, smallest perturbations divided by the optimal radius, are
    over the ``accurate`` ones, since another network's are no measure of robustness.
    """
    rows = []
    for measures in parts:
        name = NAMES[measures["activation"].iloc[0]]
        columns = {
            "compression": summary.by_run(measures, "compression"),
            "cos_theta_2": summary.by_run(measures, "cos_theta_2"),
        }
        accuracy = summary.by_run(measures, "accuracy")
        columns |= {
            f"robust_{point}": summary.robustness(measures, point).where(accuracy == 1)
            for point in ("mean", "min")
        }
        known = summary.known_before(measures)
        later = {
            f"predicts_{point}": summary.predicts(measures, point) for point in ("mean", "min")
        }
        for step in accuracy:
            rows.append(
                {"network": name, "step": step, "networks": len(accuracy)}
                | {"accuracy": accuracy[step].mean(), "accurate": int((accuracy[step] == 1).sum())}
                | estimate_columns(
                    {key: mean(values[step].dropna()) for key, values in columns.items()}
                    | {"known_before": known[step]}
                    | {key: by_step[step] for key, by_step in later.items()}
                )
            )
    return pd.DataFrame(rows)


def order(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """One row per kind of network: which comes first, and from which step robustness is told."""
    rows = []
    for measures in parts:
        steps = summary.steps_of(measures)
        rows.append(
            {
                "network": NAMES[measures["activation"].iloc[0]],
                "accurate_at_last": len(steps),
                "settled": steps["settled"].median(),
                "accurate": steps["accurate"].median(),
                "predicts_mean": summary.predicting_step(measures, "mean"),
                "predicts_min": summary.predicting_step(measures, "min"),
            }
            | estimate_columns({"doublings": summary.order(measures)})
            | {"remark": "" if len(steps) else "no network is accurate after the last step"}
        )
    return pd.DataFrame(rows)
