"""Evidence on all claims about causes; the ids are those of claims/causes.yaml."""

import pandas as pd

from fragility.experiments.causes.digits.evidence import evidence as digits_evidence
from fragility.experiments.causes.digits.evidence import kinds_exchanged
from fragility.experiments.causes.one_hot.evidence import evidence as one_hot_evidence
from fragility.experiments.causes.relabelled.evidence import evidence as relabelled_evidence
from fragility.experiments.causes.through_training.evidence import evidence as through_evidence
from fragility.paper.verdicts import Evidence

ALTERNATIVES = {"kinds_exchanged": kinds_exchanged}


def evidence(
    one_hot: list[pd.DataFrame],
    through_training: list[pd.DataFrame],
    digits: pd.DataFrame,
    relabelled: list[pd.DataFrame],
    moves: list[pd.DataFrame],
) -> Evidence:
    """Finding for each claim, question by question.

    Args:
        one_hot: rows of each kind of network on Theorem 1's data (scripts/causes/one_hot.py).
        through_training: a row per network and checkpoint, of linear and of ReLU networks
            (scripts/causes/through_training.py).
        digits: rows of scripts/causes/measure_digits.py.
        relabelled: accuracies of scripts/causes/relabel.py and relabel_digits.py.
        moves: what these two write on each student.
    """
    return (
        one_hot_evidence(one_hot)
        | through_evidence(through_training)
        | digits_evidence(digits)
        | relabelled_evidence(relabelled, moves)
    )
