"""The templates of pages: HTML escapes what it is given, Markdown does not."""

from pathlib import Path

import jinja2

from fragility.paper.verdicts import MEANINGS, VERDICTS
from fragility.report import picture, scorecard, words
from fragility.report.symbols import symbols, typeset


def environment(folder: Path) -> jinja2.Environment:
    """The templates of a folder, with what they call; a name that is not known is an error."""
    pages = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined, keep_trailing_newline=True,
        trim_blocks=True, lstrip_blocks=True,
        autoescape=jinja2.select_autoescape(["html", "svg"], default=False),
    )  # fmt: skip
    pages.filters["oneblock"] = one_block
    pages.globals |= {
        "VERDICTS": VERDICTS, "MEANINGS": MEANINGS,
        "symbols": symbols, "typeset": typeset, "words": words, "picture": picture,
        "scorecard": scorecard,
    }  # fmt: skip
    return pages


def one_block(text: str) -> str:
    """HTML without empty lines, so that Markdown takes it for one block."""
    return "\n".join(filter(str.strip, text.splitlines())) + "\n"
