"""The table on relabelled inputs: all aggregation over teachers happens here."""

import pandas as pd

from fragility.experiments.causes.relabelled import summary
from fragility.paper.estimates import estimate_columns, mean


def through_training(accuracies: pd.DataFrame, moves: pd.DataFrame) -> pd.DataFrame:
    """One row per setting and margin: accuracy on clean inputs over training, means over teachers.

    After about ten steps, half way (on a logarithmic axis), after the last, and the share of the
    teacher's accuracy above a guess; for linear students what theory says of the first step of
    gradient descent and of its limit, and how far the student's direction is from that.
    """
    final = summary.skill(summary.last(accuracies), moves)
    middle = pd.concat(
        [
            summary.at(part, round(part["step"].max() ** 0.5))
            for _, part in accuracies.groupby("setting", sort=False)
        ]
    )
    shown = {"early": summary.at(accuracies, summary.EARLY), "middle": middle}
    rows = []
    for key, part in final.groupby(["setting", "margin"], sort=False):
        name, chance = summary.SETTINGS[key[0]]
        values = {"last": mean(part["accuracy"]), "skill": mean(part["skill"])}
        steps = {"last_step": int(part["step"].max())}
        for column, some in shown.items():
            of_cell = some[(some["setting"] == key[0]) & (some["margin"] == key[1])]
            values[column] = mean(of_cell["accuracy"])
            steps[f"{column}_step"] = int(of_cell["step"].max())
        values["teacher"] = mean(part["teacher_accuracy"])
        for column in ("first", "limit", "cos_limit"):
            values[column] = mean(part[column].dropna())
        first = {"setting": name, "margin": summary.more(key[1]), "guess": chance}
        rows.append(first | {"teachers": len(part)} | steps | estimate_columns(values))
    return pd.DataFrame(rows)


def by_step(accuracies: pd.DataFrame) -> pd.DataFrame:
    """One row per setting, margin and checkpoint: accuracy on clean inputs, mean over teachers.

    Students of digits have as many steps as digits were moved, and so do their checkpoints differ;
    the mean step stands for them.
    """
    rows = []
    place = accuracies.groupby(["setting", "margin", "network"]).cumcount()
    for (setting, margin, _), part in accuracies.groupby(["setting", "margin", place], sort=False):
        step = round(part["step"].mean())
        row = {"setting": setting, "margin": margin, "step": step, "teachers": len(part)}
        rows.append(row | estimate_columns({"accuracy": mean(part["accuracy"])}))
    return pd.DataFrame(rows)
