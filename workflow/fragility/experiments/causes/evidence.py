"""Evidence on all claims about causes; the ids are those of claims/causes.yaml."""

from collections.abc import Callable

import pandas as pd

from fragility.experiments.causes.digits.evidence import evidence as digits_evidence
from fragility.experiments.causes.digits.evidence import kinds_exchanged
from fragility.experiments.causes.one_hot.evidence import evidence as one_hot_evidence
from fragility.experiments.causes.relabelled.evidence import evidence as relabelled_evidence
from fragility.experiments.causes.robust_training.alternatives import ALTERNATIVES as ROBUST
from fragility.experiments.causes.robust_training.evidence import evidence as robust_evidence
from fragility.experiments.causes.through_training.evidence import evidence as through_evidence
from fragility.paper.verdicts import Evidence

ALTERNATIVES = {**ROBUST, "kinds_exchanged": kinds_exchanged}


def evidence(
    one_hot: list[pd.DataFrame],
    through_training: list[pd.DataFrame],
    robust: list[pd.DataFrame],
    robust_linear: pd.DataFrame,
    classifiers: list[pd.DataFrame],
    digits: pd.DataFrame,
    relabelled: list[pd.DataFrame],
    moves: list[pd.DataFrame],
    *,
    robust_column_scale: float,
) -> Evidence:
    """Finding for each claim, question by question.

    Args:
        one_hot: rows of each kind of network on Theorem 1's data (scripts/causes/one_hot.py).
        through_training: a row per network and checkpoint, of linear and of ReLU networks
            (scripts/causes/through_training.py).
        robust: a row per network of each kind on Theorem 6's data
            (scripts/causes/robust_training.py).
        robust_linear: a row per linear network (scripts/causes/linear_optimisers.py).
        classifiers: exact classifiers of each d, a row per matrix and factor on the columns
            (scripts/linear/classifiers.py).
        digits: rows of scripts/causes/measure_digits.py.
        relabelled: accuracies of scripts/causes/relabel.py and relabel_digits.py.
        moves: what these two write on each student.
        robust_column_scale: the factor on the columns, of the robust networks' data.
    """
    return (
        _once(one_hot_evidence, one_hot)
        | _once(through_evidence, through_training)
        | _once(_robust, robust, robust_linear, classifiers, robust_column_scale)
        | _once(digits_evidence, digits)
        | _once(relabelled_evidence, relabelled, moves)
    )


def _robust(robust, robust_linear, classifiers, column_scale: float) -> Evidence:
    measures, solved = (pd.concat(parts, ignore_index=True) for parts in (robust, classifiers))
    return robust_evidence(measures, robust_linear, solved, column_scale)


# findings by question and results, with these: a change of results concerns one question only
_FOUND = {}


def _once(question: Callable[..., Evidence], *results: object) -> Evidence:
    """The findings of a question; the same objects as results are not computed again."""
    key = (question, *map(id, results))
    if key not in _FOUND:
        _FOUND[key] = results, question(*results)
    return _FOUND[key][1]
