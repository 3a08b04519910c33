"""The scorecard as HTML: verdicts, lists and the table of claims, counts by part.

A row is a dictionary of texts: a line of ``scorecard.csv``, and under "part" the part of the paper.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape

from fragility.paper.verdicts import MEANINGS, VERDICTS
from fragility.report.words import interval, number, percent, printed, symbols

Row = Mapping[str, str]

MARKS = dict(zip(VERDICTS, "✓≈?✗✓✗=–→…–", strict=True))
COLUMNS = {  # of the table: heading, and how a column is sorted
    "verdict": "rank", "claim": "text", "where": "text", "paper": "number", "ours [95 %]": "number",
    "n": "number",
}  # fmt: skip


def css_class(verdict: str) -> str:
    """The class of a verdict: it sets its colour; the meaning is in its words."""
    return verdict.replace(" ", "-")


def badge(verdict: str, address: str = "", count: str = "") -> str:
    """A verdict as a coloured mark and its words, with an address as a link."""
    inner = f'<span aria-hidden="true">{MARKS[verdict]}</span> {count}{verdict}'
    kind, title = f"verdict {css_class(verdict)}", escape(MEANINGS[verdict])
    if address:
        return f'<a class="{kind}" title="{title}" href="{address}">{inner}</a>'
    return f'<span class="{kind}" title="{title}">{inner}</span>'


def counts(rows: Sequence[Row]) -> dict[str, int]:
    """How many rows have each verdict that occurs, in the order of the verdicts."""
    found = [row["verdict"] for row in rows]
    return {name: found.count(name) for name in VERDICTS if name in found}


def asked(verdict: str, part: str = "") -> str:
    """The address of the table with the claims of a verdict, and of a part."""
    more = f"&amp;part={part}" if part else ""
    return f"claims.html#verdict={verdict.replace(' ', '+')}{more}"


def tally(rows: Sequence[Row], part: str) -> str:
    """Counts of verdicts in one line, each a link to its claims."""
    marks = [badge(v, asked(v, part), f"{n} ") for v, n in counts(rows).items()]
    return f'<p class="tally-line">{" ".join(marks)}</p>'


def bars(rows: Sequence[Row], parts: Mapping[str, str]) -> str:
    """Verdicts by part (id to title) as bars, each piece a link to its claims, and a legend."""
    groups = {part: [row for row in rows if row["part"] == part] for part in parts}
    most = max(map(len, groups.values()))
    lines = [
        f'<div class="bar" role="listitem"><span class="name"><a href="{part}.html">'
        f'{escape(parts[part])}</a></span><span class="track" '
        f'style="width:{100 * len(group) / most:.1f}%">{_pieces(group, part)}</span></div>'
        for part, group in groups.items()
        if group
    ]
    legend = "\n".join(
        f'<span class="key" title="{escape(MEANINGS[name])}"><i class="{css_class(name)}"></i>'
        f"{n} {name}</span>"
        for name, n in counts(rows).items()
    )
    return (
        '<div class="bars" role="list">\n' + "\n".join(lines) + f'\n</div>\n'
        f'<p class="legend">{legend}</p>'
    )  # fmt: skip


def _pieces(rows: Sequence[Row], part: str) -> str:
    return "".join(
        f'<a class="piece {css_class(v)}" style="flex:{n}" title="{n} {v}" '
        f'href="{asked(v, part)}">{n}<span class="vh"> {v}</span></a>'
        for v, n in counts(rows).items()
    )


def claims_list(rows: Sequence[Row]) -> str:
    """Claims with verdict, statement and both numbers, each a link to its row of the table."""
    lines = [
        f"<li>{badge(row['verdict'], 'claims.html#' + row['id'])}\n"
        f"<div><p>{symbols(row['statement'])}</p>\n"
        f'<p class="small">{symbols(row["quantity"])}: <b>ours {interval(row)}</b>{_paper(row)}'
        f"{_short_note(row)}</p></div></li>"
        for row in rows
    ]
    return '<ul class="claims-list">\n' + "\n".join(lines) + "\n</ul>"


def _paper(row: Row) -> str:
    return f", paper {printed(row['paper'])}" if row["paper"] else ""


def _short_note(row: Row) -> str:
    notes = filter(None, (row["note"], row["turns"]))
    return "".join(f". {symbols(note)}" for note in notes)


def claims_table(
    rows: Sequence[Row], where: Mapping[tuple[str, str], str], assumptions: Mapping[str, str]
) -> str:
    """All claims: a table that a script sorts and filters, and that is cards on a phone.

    Args:
        rows: the scorecard.
        where: the address of the section on an artifact, by part and artifact.
        assumptions: the choice that an assumption's id means.
    """
    head = "\n".join(
        f'<th scope="col" aria-sort="none"><button type="button" data-kind="{kind}">{name}</button>'
        "</th>"
        for name, kind in COLUMNS.items()
    )
    body = "\n".join(_claim(row, where, assumptions) for row in rows)
    return (
        f'<table id="claims" class="claims"><thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n'
        "</tbody></table>"
    )


def _claim(row: Row, where: Mapping[tuple[str, str], str], assumptions: Mapping[str, str]) -> str:
    details = "\n".join(
        f"<dt>{k}</dt>\n<dd>{v}</dd>" for k, v in _details(row, assumptions).items() if v
    )
    cells = [
        f'<td data-sort="{VERDICTS.index(row["verdict"])}">{badge(row["verdict"])}</td>',
        f'<td class="claim"><p>{symbols(row["statement"])}</p>\n'
        f'<p class="small">Measured: {symbols(row["quantity"])}</p>\n<details><summary>Rule and '
        f'reason · <code>{row["id"]}</code></summary><dl>{details}</dl></details></td>',
        f'<td data-label="where"><a href="{where[row["part"], row["artifact"]]}">'
        f"{escape(row['artifact'])}</a>"
        "</td>",
        f'<td class="n" data-label="paper" data-sort="{_key(row["paper"])}">'
        f'{printed(row["paper"])}</td>',
        f'<td class="n" data-label="ours" data-sort="{_key(row["ours"])}">{interval(row)}</td>',
        f'<td class="n" data-label="n" data-sort="{_key(row["n"])}">{escape(row["n"])}</td>',
    ]  # fmt: skip
    return (
        f'<tr id="{row["id"]}" data-verdict="{row["verdict"]}" data-part="{row["part"]}">'
        + "\n".join(cells)
        + "</tr>"
    )


def _details(row: Row, assumptions: Mapping[str, str]) -> dict[str, str]:
    """What stands behind a claim, by heading; empty where there is nothing to say."""
    part, rests = row["part"], _listed(row["assumptions"])
    links = (
        f'rule <code>{part}_score</code>, <a href="_files/{part}/score.csv">CSV</a>, '
        f'<a href="_files/{part}/score.json">record</a>'
    )
    return {
        "Rule": escape(f"{row['rule'].replace('_', ' ')} {row['tolerance']}".strip()),
        "Why this rule": symbols(row["reason"]),
        "Fixed": symbols(row["fixed"]) + (f"; known: {symbols(row['trial'])}" * bool(row["trial"])),
        "Decided by": _deciding(row),
        "By part": "<br>\n".join(symbols(each) for each in row["parts"].split("; ") if each),
        "Would refuse it": _alternatives(row),
        "Note": symbols(row["note"]),
        "By seed": row["turns"],
        "Answered by": ", ".join(_other(name) for name in _listed(row["answered_by"])),
        "In the paper": symbols(row["location"]),
        "Rests on": ", ".join(_assumption(name, assumptions.get(name, "")) for name in rests),
        "Computed by": links if part != "text" else "",
    }


def _listed(names: str) -> list[str]:
    return [name for name in names.split(";") if name]


def _other(claim: str) -> str:
    return f'<a href="#{claim}"><code>{claim}</code></a>'


def _assumption(name: str, choice: str) -> str:
    return f'<a href="assumptions.html#{name.lower()}" title="{escape(choice)}">{name}</a>'


def _deciding(row: Row) -> str:
    """The limits by which the claim was judged, where they are not those of our estimate."""
    limits = row["judged_low"], row["judged_high"]
    if limits in ((row["low"], row["high"]), ("", "")):
        return ""
    return f"[{number(limits[0], 4)}, {number(limits[1], 4)}]"


def _alternatives(row: Row) -> str:
    """What would refuse the claim, and the share of these that the rule would have passed."""
    if not row["passed"]:
        return ""
    return f"{symbols(row['alternatives'])} ({percent(row['passed'])} of these pass)"


def _key(text: str) -> str:
    return text if re.fullmatch(r"-?[\d.]+(e-?\d+)?", text) else ""
