"""Cases of claims: made-up results on which a verdict is known, and changes that turn it."""

from collections.abc import Callable
from types import ModuleType
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from judging import CLAIMS, verdicts

from fragility.paper.verdicts import NOT_REPRODUCED, REPRODUCED


class Case(NamedTuple):
    """What a statement's builder of rows takes for one claim.

    Attributes:
        right: settings of rows on which the claim holds.
        wrong: settings of rows that differ in the one thing that the claim is about.
        also: claims that speak of the same thing, so that their verdicts change with it.
        by_construction: why no rows can change the verdict; empty where they can.
    """

    right: dict
    wrong: dict
    also: set[str] = frozenset()
    by_construction: str = ""


def claims_of(statement: str) -> set[str]:
    """The ids of a statement's claims: "theorem_1" owns "theorem-1-...\""""
    prefix = statement.replace("_", "-") + "-"
    return {name for name in CLAIMS if name.startswith(prefix)}


def turning(cases: dict[str, Case]) -> list:
    """The cases whose verdict rows can change, as parameters (name, case) of a test."""
    return [
        pytest.param(name, case, id=name)
        for name, case in cases.items()
        if not case.by_construction
    ]


def shown(cases: dict[str, Case]) -> list:
    """The cases whose verdict no rows can change, as parameters (name, case) of a test."""
    return [
        pytest.param(name, case, id=name) for name, case in cases.items() if case.by_construction
    ]


def assert_turns(name: str, case: Case, found: Callable[..., dict]) -> None:
    """The claim is reproduced on the right rows and refused on the wrong; others keep theirs."""
    right, wrong = (verdicts(found(**settings)) for settings in (case.right, case.wrong))
    assert (right[name], wrong[name]) == (REPRODUCED, NOT_REPRODUCED)
    assert {other for other in right if right[other] != wrong[other]} == {name, *case.also}


def assert_only_shown(name: str, case: Case, found: Callable[..., dict]) -> None:
    """The estimate follows the rows, the verdict does not."""
    right, wrong = (found(**settings) for settings in (case.right, case.wrong))
    assert right[name][0].value != pytest.approx(wrong[name][0].value, rel=0.01)
    assert verdicts(right)[name] == verdicts(wrong)[name]


def assert_case(name: str, case: Case, found: Callable[..., dict]) -> None:
    """The verdict turns with the rows, or the number alone does where no rows can turn it."""
    (assert_only_shown if case.by_construction else assert_turns)(name, case, found)


def slope_by_hand(x: list[float], y: list[float]) -> float:
    """Least squares: sum of products of deviations over sum of squares of x's."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    return float(((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum())


def all_hit(n: int) -> float:
    """Lower Clopper-Pearson limit of n hits in n: the p with p^n = 0.025."""
    return 0.025 ** (1 / n)


def assert_alternatives_refused(statement: ModuleType, rows: pd.DataFrame) -> None:
    """No change of a statement's rows leaves a claim that names it reproduced."""
    for told, change in statement.ALTERNATIVES.items():
        judged = verdicts(statement.evidence(change(rows, np.random.default_rng(0))))
        named = [name for name, claim in CLAIMS.items() if told in claim.alternatives.values()]
        assert named, told
        assert REPRODUCED not in {judged[name] for name in named}, told
