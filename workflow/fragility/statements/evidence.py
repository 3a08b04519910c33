"""Evidence on all statements; the ids are those of the claims."""

from collections.abc import Callable, Sequence
from importlib import import_module

import pandas as pd

from fragility.paper.verdicts import Evidence
from fragility.statements import STATEMENTS

MODULES = {name: import_module(f"fragility.statements.{name}.evidence") for name in STATEMENTS}


def evidence(rows: list[pd.DataFrame], *, dimensions: dict[str, list[int]]) -> Evidence:
    """What the results say on each claim of the theory.

    Args:
        rows: the rows of each statement's check, in the order of ``STATEMENTS``; None where a
            change of our results does not concern a statement.
        dimensions: by statement, the dimensions that its rows must cover.

    Raises:
        ValueError: a statement has no rows, or none at some dimension.
    """
    found = {}
    for name, part in zip(STATEMENTS, rows, strict=True):
        if part is None:
            continue
        missing = sorted(set(dimensions[name]) - set(part["d"]))
        if missing:
            raise ValueError(f"{name}: no row at d = {missing} among its {len(part)} rows")
        found |= MODULES[name].evidence(part)
    return found


def _only(statement: str, change: Callable) -> Callable:
    """A change of one statement's rows, as one of all results, of which it leaves no other."""

    def changed(results: dict, stream) -> dict:
        parts: Sequence = zip(STATEMENTS, results["rows"], strict=True)
        rows = [change(part, stream) if name == statement else None for name, part in parts]
        return results | {"rows": rows}

    return changed


ALTERNATIVES = {
    name: _only(statement, change)
    for statement, module in MODULES.items()
    for name, change in getattr(module, "ALTERNATIVES", {}).items()
}
