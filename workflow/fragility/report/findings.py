"""Findings as data: sentences with numbers filled in from results, and the claims they rest on.

``{t1-slope.ours}`` in a sentence is our number of that claim; so are its columns low, high, n and
paper, and ``interval``.  ``{relu_depth(layers=5).mean_rho}`` is a cell of a table.  After a colon
stands the number of decimals, or % for a percentage.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from fragility.paper.claims import read_csv_strings
from fragility.paper.verdicts import OWN_SETTINGS, VERDICTS
from fragility.report.words import DASH, interval, number, percent

UNMEASURED = "On these settings too little was measured to give the numbers of this finding."
NUMBERS = ("ours", "low", "high", "n", "paper")
_PLACE = re.compile(r"\{([^{}`]+)\}(?!`)")  # a brace before a backtick is a role of MyST
_CLAIM = re.compile(r"([a-z0-9-]+)\.([a-z]+)(?::(\d|%))?")
_CELL = re.compile(r"(\w+)\(([^()]*)\)\.(\w+)(?::(\d|%))?")


class FindingError(ValueError):
    """A sentence that the results do not bear out; the message names it and what to change."""


class Values:
    """The numbers that sentences may name.

    Args:
        scores: rows of the scorecard by claim.
        tables: the folder of tables (CSV).
    """

    def __init__(self, scores: Mapping[str, Mapping[str, str]], tables: Path) -> None:
        self.scores, self.tables = scores, tables

    def fill(self, text: str) -> str:
        """A text with every ``{key}`` replaced by its number.

        Raises:
            FindingError: a key is unknown.
        """
        return _PLACE.sub(self._value, text)

    def lack(self, text: str) -> bool:
        """Whether a number that the text names could not be measured.

        Raises:
            FindingError: a key is unknown.
        """
        return any(self._value(place) == DASH for place in _PLACE.finditer(text))

    def _value(self, match: re.Match) -> str:
        if claim := _CLAIM.fullmatch(match[1]):
            name, column, form = claim.groups()
            if name in self.scores and column == "interval":
                return interval(self.scores[name], int(form or 2))
            if name in self.scores and column in NUMBERS:
                return _formatted(self.scores[name][column], form)
        elif cell := _CELL.fullmatch(match[1]):
            return self._cell(*cell.groups())
        raise FindingError(f"{match[0]}: no claim or column of that name")

    def _cell(self, table: str, where: str, column: str, form: str | None) -> str:
        path = self.tables / f"{table}.csv"
        if not path.is_file():
            raise FindingError(f"{table}({where}).{column}: there is no {path}")
        rows = read_csv_strings(path)
        for condition in filter(None, where.split(",")):
            name, _, value = condition.strip().partition("=")
            if name not in rows:
                raise FindingError(f"{table}({where}).{column}: {path} has no column {name}")
            rows = rows[rows[name] == value]
        if len(rows) != 1 or column not in rows:
            raise FindingError(f"{table}({where}).{column}: {len(rows)} rows, or no such column")
        return _formatted(rows[column].iloc[0], form)


def _formatted(value: str, form: str | None) -> str:
    if form == "%":
        return percent(value)
    return number(value, 2 if form is None else int(form)) if _is_number(value) else value


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"-?\d[\d.]*(e[+-]?\d+)?|", text))


class Finding(NamedTuple):
    """A finding with its numbers, as a page shows it.

    Attributes:
        id, part: its name, and the part of the paper.
        headline: what was found; with own settings, empty.
        text: a sentence or two with numbers.
        claims: the claims it rests on.
    """

    id: str
    part: str
    headline: str
    text: str
    claims: list[str]


def tables_named(listed: Sequence[Mapping]) -> set[str]:
    """The names of the tables whose cells these findings tell."""
    return {
        cell[1]
        for one in listed
        for place in _PLACE.finditer(one["text"])
        if (cell := _CELL.fullmatch(place[1]))
    }


def chosen(listed: Sequence[Mapping], values: Values, *, strict: bool) -> list[Finding]:
    """The findings that these results bear out.

    Where a claim has no verdict, or (unless ``strict``) another than the finding needs, the finding
    says only what was measured; and if a number is missing, that.

    Args:
        listed: id, part, headline, text, measured and rests_on (verdicts by claim) of each.
        values: the numbers.
        strict: whether the settings are the default ones, with which every finding must hold.

    Raises:
        FindingError: a claim, key or verdict is unknown, or a finding does not hold.
    """
    return [_chosen(one, values, strict) for one in listed]


def _chosen(one: Mapping, values: Values, strict: bool) -> Finding:
    verdicts = {name: _verdict(name, values, one["id"]) for name in one["rests_on"]}
    wanted = {name: _listed(needed, one["id"]) for name, needed in one["rests_on"].items()}
    lost = [f"{name} is {verdicts[name]}" for name in wanted if verdicts[name] not in wanted[name]]
    if lost and strict:
        raise FindingError(
            f"finding {one['id']!r} no longer holds ({'; '.join(lost)}); "
            "change its sentence or the verdicts it needs in workflow/site/findings.yaml"
        )
    told = (one["headline"], one["text"]) if not lost else ("", one["measured"])
    values.fill(one["headline"] + one["text"] + one["measured"]) if strict else None
    if lost and values.lack(told[1]):
        told = ("", UNMEASURED)
    headline, text = map(values.fill, told)
    return Finding(one["id"], one["part"], headline, text, list(wanted))


def _verdict(name: str, values: Values, finding: str) -> str:
    if name not in values.scores:
        raise FindingError(f"finding {finding!r} rests on {name}, which is no claim")
    return values.scores[name]["verdict"]


def _listed(verdicts: str | list[str], finding: str) -> list[str]:
    listed = [verdicts] if isinstance(verdicts, str) else verdicts
    unknown = set(listed) - set(VERDICTS) | ({OWN_SETTINGS} & set(listed))
    if unknown:
        raise FindingError(f"finding {finding!r} needs {', '.join(unknown)}, which is no verdict")
    return listed
