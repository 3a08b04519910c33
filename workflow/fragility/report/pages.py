"""HTML pages of the report: plain, self-contained, legible in print."""

import base64
from html import escape
from pathlib import Path

import jinja2
import pandas as pd
from docutils.core import publish_parts

STRICT = {"halt_level": 2, "report_level": 2}  # a warning in a caption is an error

_PAGE = jinja2.Environment(autoescape=False).from_string(
    """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title><style>{{ css }}</style></head>
<body><main>{{ stamp }}<h1>{{ title }}</h1>
{{ body }}
</main></body></html>
"""
)

CSS = """
.page, main { font: 15px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 80rem;
  margin: 0 auto; padding: 1.5rem; box-sizing: border-box; }
.page h1, main h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem; font-weight: 650; }
.page h2, main h2 { font-size: 1.15rem; margin: 1.75rem 0 .5rem; font-weight: 650; }
.page p, main p { max-width: 46rem; margin: .5rem 0; }
.page table, main table { border-collapse: collapse; margin: .75rem 0; font-size: .85rem;
  font-variant-numeric: tabular-nums; }
.page th, main th { text-align: left; border-bottom: 2px solid #444; padding: .3rem .5rem; vertical-align: bottom; }
.page td, main td { border-bottom: 1px solid #ddd; padding: .3rem .5rem; vertical-align: top; }
td.long { min-width: 13rem; } td.line { white-space: nowrap; }
.stamp { border: 2px solid #b3261e; color: #b3261e; padding: .5rem .8rem; margin: 0 0 1rem; font-weight: 600; }
.verdict { white-space: nowrap; font-weight: 600; padding: .1rem .45rem; border-radius: .3rem; }
.reproduced { background: #d5ebf7; color: #003f66; }
.partly { background: #fdf0c8; color: #5c4300; }
.not-reproduced { background: #f6d5c6; color: #7a2500; }
.not-comparable { background: #e6e6e6; color: #333; }
.muted { color: #555; font-size: .85rem; }
.tally { display: grid; grid-template-columns: repeat(2, 1fr); gap: .75rem; margin: 1rem 0; padding: 0;
  list-style: none; }
.page figure, main figure { margin: 0; }
.page figure img, main figure img { width: 100%; max-width: 46rem; margin: 0; }
.page figcaption, main figcaption { color: #555; font-size: .85rem; line-height: 1.4; max-width: 46rem; }
main figure > svg { width: 100%; max-width: 46rem; height: auto; }
.glance { display: grid; grid-template-columns: 1fr 26rem; gap: 2rem; align-items: start; }
.claims td:first-child { white-space: nowrap; }
@media (max-width: 60rem) { .glance { grid-template-columns: 1fr; } }
.tally li { margin: 0; padding: .6rem .8rem; border-radius: .4rem; font-size: .9rem; }
.tally b { display: block; font-size: 1.6rem; line-height: 1.1; }
"""


def page(title: str, body: str, stamp: list[str] = ()) -> str:
    """A whole page; ``stamp`` lists the settings that are not the full run's."""
    return _PAGE.render(title=escape(title), body=body, stamp=stamp_box(stamp), css=CSS)


def fragment(title: str, body: str, stamp: list[str] = ()) -> str:
    """The same as part of another page, with its own style."""
    return (
        f"<style>{CSS}</style><div class='page'>{stamp_box(stamp)}"
        f"<h1>{escape(title)}</h1>{body}</div>"
    )


def stamp_line(stamp: list[str], longest: int = 6) -> str:
    """'Not the paper's settings: ...', the notice in one line; empty if no setting is changed."""
    if not stamp:
        return ""
    more = f"; and {len(stamp) - longest} more" if len(stamp) > longest else ""
    return f"Not the paper's settings: {'; '.join(stamp[:longest])}{more}"


def stamp_box(stamp: list[str]) -> str:
    """The notice in a box, empty if no setting is changed."""
    return f"<p class='stamp'>{escape(stamp_line(stamp))}</p>" if stamp else ""


def paragraph(text: str) -> str:
    """Text as a paragraph, empty for an empty text."""
    return f"<p>{escape(text)}</p>" if text else ""


def table(frame: pd.DataFrame, raw: tuple[str, ...] = ()) -> str:
    """A frame as an HTML table, a row per row; the columns of ``raw`` hold HTML already."""
    safe = frame.copy()
    for column in safe.columns:
        if column not in raw:
            safe[column] = [escape(str(value)) for value in safe[column]]
    head = "".join(f"<th>{escape(str(column))}</th>" for column in safe.columns)
    rows = (
        "<tr>" + "".join(_cell(value) for value in row) + "</tr>"
        for row in safe.itertuples(index=False)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _cell(value: str) -> str:
    """A long text gets room, a number with its interval stays on one line."""
    kind = " class='long'" if len(value) > 80 else " class='line'" if value.endswith("]") else ""
    return f"<td{kind}>{value}</td>"


def captions(paths: list[str]) -> dict[str, str]:
    """Captions (reStructuredText files) as HTML, by the name of the table or figure they are for."""
    return {
        Path(path).stem: publish_parts(
            Path(path).read_text(encoding="utf-8"), writer="html", settings_overrides=STRICT
        )["body"]
        for path in paths
    }


def figure(svg: str, alternative: str, caption: str) -> str:
    """A picture (SVG) with its caption (HTML); ``alternative`` is the text for screen readers."""
    return _figure(data_uri(svg), alternative, caption)


def photograph(jpeg: bytes, alternative: str, caption: str) -> str:
    """As :func:`figure`, from a JPEG: for a picture whose SVG would be too long for a page."""
    uri = f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"
    return _figure(uri, alternative, caption)


def _figure(uri: str, alternative: str, caption: str) -> str:
    image = f"<img alt='{escape(alternative)}' src='{uri}'>"
    return f"<figure>{image}<figcaption>{caption}</figcaption></figure>"


def inline_figure(svg: str, alternative: str) -> str:
    """A picture (SVG) as part of the page's own text, for pages with many pictures.

    The report shows a page as a data URI, which browsers limit to two megabytes; encoding each
    picture a second time would exceed that.
    """
    drawing = svg[svg.index("<svg") :]
    return f"<figure role='img' aria-label='{escape(alternative)}'>{drawing}</figure>"


def data_uri(svg: str) -> str:
    """An SVG picture as a data URI, so that the page needs no other file."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def verdict(name: str) -> str:
    """A verdict as a coloured word; the meaning is in the word, not in the colour."""
    return f"<span class='verdict {name.replace(' ', '-')}'>{escape(name)}</span>"
