"""The start page's picture: the predicted over the needed size of the attack, a row a setting."""

from collections.abc import Mapping, Sequence
from html import escape
from math import log

from fragility.paper.verdicts import HOLDS_HERE, HOLDS_NOT_HERE, NOT_REPRODUCED, REPRODUCED
from fragility.report.words import DASH, symbols

LOW, HIGH = 0.1, 10.0
TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10)


def ratios(rows: Sequence[Mapping], scores: Mapping[str, Mapping[str, str]]) -> str:
    """The picture as HTML.

    Args:
        rows: for each row part, label and claim; ``invert`` where the claim's number is the needed
            over the predicted size.
        scores: rows of the scorecard by claim.

    Raises:
        KeyError: a row names a claim that there is not.
    """
    lines = "\n".join(_row(row, scores[row["claim"]]) for row in rows)
    ticks = "".join(f'<i style="left:{_place(t):.1f}%"><b>{t:g}</b></i>' for t in TICKS)
    label = "Predicted over needed size of the attack, by setting; each row has its number."
    return (
        f'<div class="ratios" role="group" aria-label="{label}">\n{lines}\n'
        '<div class="row axis" aria-hidden="true"><span class="name"></span>'
        f'<span class="line">{ticks}</span><span class="number"></span></div>\n</div>'
    )


def _row(row: Mapping, score: Mapping[str, str]) -> str:
    value, low, high = ratio(score, invert=row.get("invert", False))
    kind = _kind(score["verdict"])
    return (
        f'<a class="row {kind}" href="claims.html#{row["claim"]}" title="{score["verdict"]}">'
        f'<span class="name"><b>{escape(row["part"])}</b> {symbols(row["label"])}</span>\n'
        f'<span class="line"><i class="one" style="left:50%"></i>{_marks(value, low, high)}</span>'
        f'\n<span class="number">{_number(value)}</span></a>'
    )


def _kind(verdict: str) -> str:
    """'near' if the claim holds, 'off' if it does not, 'open' if our numbers decide nothing."""
    if verdict in (REPRODUCED, HOLDS_HERE):
        return "near"
    return "off" if verdict in (NOT_REPRODUCED, HOLDS_NOT_HERE) else "open"


def ratio(score: Mapping[str, str], *, invert: bool) -> tuple[float, float, float]:
    """The predicted over the needed size, with limits; NaN where there is no number."""
    value, low, high = (float(score[name] or score["ours"] or "nan") for name in _COLUMNS)
    if not invert:
        return value, low, high
    return _inverse(value), _inverse(high), _inverse(low)


_COLUMNS = ("ours", "low", "high")


def _inverse(value: float) -> float:
    return 1 / value if value > 0 else (float("inf") if value == value else value)


def _place(value: float) -> float:
    """Where a ratio stands on the axis, in percent of its length."""
    limited = min(max(value, LOW), HIGH)
    return 100 * (log(limited) - log(LOW)) / (log(HIGH) - log(LOW))


def _marks(value: float, low: float, high: float) -> str:
    if value != value:
        return ""
    return (
        f'<i class="range" style="left:{_place(low):.1f}%;right:{100 - _place(high):.1f}%"></i>'
        f'<i class="dot" style="left:{_place(value):.1f}%"></i>'
    )


def _number(value: float) -> str:
    if value != value:
        return DASH
    return f"{value:.2f}" if value < 3 else f"{value:.1f}"


WIDTH, LEFT, RIGHT, STEP, TOP = 720, 250, 640, 30, 46


def svg(rows: Sequence[Mapping], scores: Mapping[str, Mapping[str, str]]) -> str:
    """The same picture as SVG, for documents that show no HTML; arguments as of :func:`ratios`."""
    height = TOP + STEP * len(rows) + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'font-family="system-ui, sans-serif" font-size="14">',
        "<title>Predicted over needed size of the attack, by setting; 1 is exact</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        '<text x="14" y="24" font-weight="650">Predicted over needed size of the attack '
        "(logarithmic axis; 1: exact)</text>",
        *(_svg_tick(tick, height) for tick in TICKS),
        *(_svg_row(row, scores[row["claim"]], TOP + STEP * i) for i, row in enumerate(rows)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _x(value: float) -> float:
    return LEFT + (RIGHT - LEFT) * _place(value) / 100


def _svg_tick(tick: float, height: int) -> str:
    x, colour = _x(tick), "#1a1a1a" if tick == 1 else "#d4d4d8"
    return (
        f'<path d="M{x:.1f} {TOP - 8}V{height - 34}" stroke="{colour}"/>'
        f'<text x="{x:.1f}" y="{height - 14}" text-anchor="middle" fill="#55595f">{tick:g}</text>'
    )


def _svg_row(row: Mapping, score: Mapping[str, str], y: float) -> str:
    value, low, high = ratio(score, invert=row.get("invert", False))
    kind, middle = _kind(score["verdict"]), y + 10
    colour = {"near": "#0072b2", "off": "#d55e00", "open": "#55595f"}[kind]
    turned = f' transform="rotate(45 {_x(value):.1f} {middle:.1f})"' if kind == "off" else ""
    fill = f'#fff" stroke="{colour}" stroke-width="2' if kind == "open" else colour
    return (
        f'<text x="14" y="{y + 15:.0f}">{escape(row["part"])}: {escape(row["label"])}</text>'
        f'<path d="M{_x(low):.1f} {middle}H{_x(high):.1f}" stroke="{colour}" stroke-width="5" '
        f'stroke-opacity=".45"/><rect x="{_x(value) - 5:.1f}" y="{y + 5:.0f}" width="10" '
        f'height="10" rx="{5 if kind == "near" else 0}" fill="{fill}"{turned}/>'
        f'<text x="{WIDTH - 20}" y="{y + 15:.0f}" text-anchor="end" font-weight="650">'
        f"{_number(value)}</text>"
    )
