"""An audit of the printed tables: numbers that other printed numbers determine, recomputed."""

from itertools import chain
from pathlib import Path

import pandas as pd

from fragility.paper import claims
from fragility.paper.audit import images, patterns, synthetic, words
from fragility.paper.audit.rows import AGREES, COLUMNS, DIFFERS, SHOWN, TRUNCATED, VERDICTS

__all__ = ["AGREES", "CHECKS", "COLUMNS", "DIFFERS", "SHOWN", "TRUNCATED", "VERDICTS", "audit"]

CHECKS = (
    synthetic.bounds, synthetic.table_1, synthetic.table_2, synthetic.table_3, synthetic.table_4,
    images.ratios, images.averages, images.first_row, images.path, patterns.closeness,
    patterns.correlation, patterns.repeats, words.texts,
)  # fmt: skip


def audit(folder: Path) -> pd.DataFrame:
    """All checks of the tables and of the quoted numbers in ``folder``, one row each."""
    tables = {number: claims.read_table(folder, number) for number in range(1, 9)}
    quoted = words.quotes(tables, claims.read_csv_strings(folder / "quoted.csv"))
    rows = chain(*(check(tables) for check in CHECKS), quoted)
    return pd.DataFrame(rows, columns=COLUMNS)
