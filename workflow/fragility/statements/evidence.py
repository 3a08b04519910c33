"""Evidence on all statements; the ids are those of claims.csv."""

from importlib import import_module

import pandas as pd

from fragility.paper.estimates import Estimate
from fragility.statements import STATEMENTS


def evidence(
    rows: list[pd.DataFrame], *, dimensions: dict[str, list[int]]
) -> dict[str, tuple[Estimate, str]]:
    """Estimate and note for each claim of the theory.

    Args:
        rows: the rows of each statement's check, in the order of ``STATEMENTS``.
        dimensions: by statement, the dimensions that its rows must cover.

    Raises:
        ValueError: a statement has no rows, or none at some dimension.
    """
    estimates = {}
    for name, part in zip(STATEMENTS, rows, strict=True):
        missing = sorted(set(dimensions[name]) - set(part["d"]))
        if missing:
            raise ValueError(f"{name}: no row at d = {missing} among its {len(part)} rows")
        estimates |= import_module(f"fragility.statements.{name}.evidence").evidence(part)
    return estimates
