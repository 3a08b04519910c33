"""Tables of results as HTML: estimates above their intervals, a first column that stays."""

import re
from collections.abc import Sequence

from fragility.report.words import fewer_digits, symbols

_NUMBER = re.compile(r"^[−-]?\d[\d.,/%e+−-]*( \[.*\])?$|^[–-]?$")
WIDE, SHORT = 8, 14  # a table of more columns, and of no more rows, is turned
LONG = 30  # a table of more rows scrolls in a box of its own, below its headings


def read_pipe_table(text: str) -> tuple[list[str], list[list[str]]]:
    """The headings and the rows of a table in Markdown, whatever stands around it."""
    head, _, *rows = [_cells(line) for line in text.splitlines() if line.startswith("|")]
    return head, rows


def _cells(line: str) -> list[str]:
    return [c.strip().replace(r"\|", "|") for c in re.split(r"(?<!\\)\|", line.strip())[1:-1]]


def table(head: Sequence[str], rows: Sequence[Sequence[str]], label: str) -> str:
    """A table of texts, in a box that scrolls; ``label`` is its name for screen readers.

    One that is wide and short is turned: its first column becomes the headings.  One that is long
    takes no more than a screen of the page.
    """
    if len(head) > WIDE and len(rows) <= SHORT:
        head, rows = _turned(*_named(head, rows))
    kinds = [_kind([row[i] for row in rows]) for i in range(len(head))]
    headings = "\n".join(
        f'<th scope="col"{kind}>{symbols(name)}</th>'
        for name, kind in zip(head, kinds, strict=True)
    )
    body = "\n".join(_row(row, kinds) for row in rows)
    box = "wide long" if len(rows) > LONG else "wide"
    return (
        f'<div class="{box}" role="region" tabindex="0" aria-label="{symbols(label)}">\n'
        f'<table class="data"><thead><tr>{headings}</tr></thead>\n<tbody>\n{body}\n'
        "</tbody></table></div>"
    )


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


def _kind(cells: Sequence[str]) -> str:
    return ' class="n"' if cells and all(_NUMBER.match(cell) for cell in cells) else ""


def _row(row: Sequence[str], kinds: Sequence[str]) -> str:
    """A row, with line breaks between cells: the search takes adjacent ones for one word."""
    source = "paper" if row[0] == "paper" else "ours" if row[0].startswith("ours") else ""
    short = ' class="short"' if len(row[0]) < 22 else ""
    cells = [f'<th scope="row"{short}>{symbols(fewer_digits(row[0]))}</th>']
    cells += [f"<td{k}>{_cell(v)}</td>" for v, k in zip(row[1:], kinds[1:], strict=True)]
    return f'<tr class="{source}">' + "\n".join(cells) + "</tr>"


def _cell(text: str) -> str:
    """The interval below its estimate: half the width."""
    text = fewer_digits(text)
    if not _NUMBER.match(text):
        return symbols(text)
    value, _, limits = text.replace("-", "−").partition(" [")
    return f'{value} <small class="ci">[{limits}</small>' if limits else value
