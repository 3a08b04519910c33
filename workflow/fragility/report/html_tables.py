"""Tables of results for pages: turned where wide, estimates apart from their intervals.

The HTML is in the templates (``_blocks.html``).
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from fragility.report.words import fewer_digits

_NUMBER = re.compile(r"^[−-]?\d[\d.,/%e+−-]*( \[.*\])?$|^[–-]?$")
WIDE, SHORT = 8, 14  # a table of more columns, and of no more rows, is turned
LONG = 30  # a table of more rows scrolls in a box of its own, below its headings


class Row(NamedTuple):
    """A row of a table.

    Attributes:
        name: the first cell.
        cells: the others: a text, and the limits of its interval or nothing.
        source: 'paper' or 'ours' where the row is of either.
    """

    name: str
    cells: list[tuple[str, str]]
    source: str


class Table(NamedTuple):
    """A table of texts.

    Attributes:
        label: its name for screen readers.
        head: the headings.
        numeric: for each column whether it holds numbers.
        rows: the rows.
    """

    label: str
    head: list[str]
    numeric: list[bool]
    rows: list[Row]

    @property
    def long(self) -> bool:
        """Whether it takes no more than a screen of the page, and scrolls."""
        return len(self.rows) > LONG


def read_pipe_table(text: str) -> tuple[list[str], list[list[str]]]:
    """The headings and the rows of a table in Markdown, whatever stands around it."""
    head, _, *rows = [_cells(line) for line in text.splitlines() if line.startswith("|")]
    return head, rows


def _cells(line: str) -> list[str]:
    return [c.strip().replace(r"\|", "|") for c in re.split(r"(?<!\\)\|", line.strip())[1:-1]]


def table(head: Sequence[str], rows: Sequence[Sequence[str]], label: str) -> Table:
    """A table of texts; one that is wide and short is turned: its first column becomes headings."""
    if len(head) > WIDE and len(rows) <= SHORT:
        head, rows = _turned(*_named(head, rows))
    columns = [[row[i] for row in rows] for i in range(len(head))]
    numeric = [bool(cells) and all(map(_NUMBER.match, cells)) for cells in columns]
    return Table(label, list(head), numeric, [_row(row) for row in rows])


def _named(head: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[list, list]:
    """The table with a first column that tells its rows apart, if needed by the second's words."""
    if len({row[0] for row in rows}) == len(rows):
        return list(head), list(rows)
    return (
        [f"{head[0]}, {head[1]}", *head[2:]],
        [[f"{row[0]} {row[1]}", *row[2:]] for row in rows],
    )


def _turned(head: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[tuple, list[tuple]]:
    first, *others = zip(head, *rows, strict=True)
    return first, others


def _row(row: Sequence[str]) -> Row:
    source = "paper" if row[0] == "paper" else "ours" if row[0].startswith("ours") else ""
    return Row(fewer_digits(row[0]), [_cell(text) for text in row[1:]], source)


def _cell(text: str) -> tuple[str, str]:
    """A text, and the limits of its interval, which stand below it: half the width."""
    text = fewer_digits(text)
    if not _NUMBER.match(text):
        return text, ""
    value, _, limits = text.replace("-", "−").partition(" [")
    return value, f"[{limits}" if limits else ""
