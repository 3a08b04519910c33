"""Numbers on relabelled inputs that tables, figures and evidence share; the unit is a teacher.

``accuracies`` are rows of scripts/causes/relabel.py and relabel_digits.py: a student at a step
each.  ``moves`` has a row per student: its teacher's accuracy, and what theory says of linear ones.
"""

import numpy as np
import pandas as pd

SETTINGS = {  # in the order of tables: name, and the accuracy of a guess
    "descent": ("softmax regression, gradient descent", 0.5),
    "linear": ("two linear layers, Adam", 0.5),
    "relu": ("ReLU, one hidden layer", 0.5),
    "digits": ("digits, convolutional", 0.1),
}
EARLY = 10  # the step that is called early: the checkpoint nearest to it
KEYS = ["setting", "margin", "network"]


def joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """The rows of all settings, in their order."""
    rows = pd.concat(parts, ignore_index=True)
    order = rows["setting"].map(list(SETTINGS).index)
    return rows.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)


def at(accuracies: pd.DataFrame, step: int) -> pd.DataFrame:
    """The rows at the checkpoint of each setting that is nearest to ``step``, by ratio."""
    far = (np.log(accuracies["step"]) - np.log(step)).abs()
    return accuracies[far == far.groupby(accuracies["setting"]).transform("min")]


def last(accuracies: pd.DataFrame) -> pd.DataFrame:
    """The rows of each student after its last step."""
    return accuracies[accuracies["step"] == accuracies.groupby(KEYS)["step"].transform("max")]


def skill(rows: pd.DataFrame, moves: pd.DataFrame) -> pd.DataFrame:
    """The rows with ``skill``: accuracy above a guess, divided by that of the teacher.

    1 is as accurate as the teacher, 0 is a guess, below 0 is worse than a guess.
    """
    together = rows.merge(moves, on=KEYS)
    chance = together["setting"].map(lambda name: SETTINGS[name][1])
    gain = (together["accuracy"] - chance) / (together["teacher_accuracy"] - chance)
    return together.assign(skill=gain)


def more(margin: float) -> str:
    """'10 % more'."""
    return f"{100 * margin:g} % more"
