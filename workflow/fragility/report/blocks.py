"""Tables and figures of a run as blocks of a page: with caption, files and where they come from.

The HTML is in the templates (``_blocks.html``).
"""

import base64
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from docutils.core import publish_parts
from markupsafe import Markup
from PIL import Image

from fragility.report.html_tables import Table, read_pipe_table, table
from fragility.report.symbols import typeset

STRICT = {"halt_level": 2, "report_level": 2}  # a warning in a caption is an error
LARGEST = 500_000  # bytes of an SVG in a page
BROAD = 1.7  # a figure of a larger ratio of width to height scrolls on a phone


class Picture(NamedTuple):
    """A figure's picture: its address, and its size in points."""

    address: str
    width: int
    height: int

    @property
    def broad(self) -> bool:
        """Whether it scrolls on a phone."""
        return self.width > BROAD * self.height


class Block(NamedTuple):
    """A table or a figure on a page.

    Attributes:
        name: of the table or figure.
        label: its name for screen readers.
        caption: as HTML.
        links: a name and an address for each file, the notebook and its record.
        table: the table, or None.
        picture: the figure's picture, or None.
        notes: the paragraphs below the caption.
    """

    name: str
    label: str
    caption: Markup
    links: list[tuple[str, str]]
    table: Table | None = None
    picture: Picture | None = None
    notes: Sequence[str] = ()

    @property
    def kind(self) -> str:
        """'table' or 'figure'."""
        return "table" if self.table else "figure"


def caption(path: Path) -> Markup:
    """A caption (reStructuredText) as HTML."""
    text = typeset(path.read_text(encoding="utf-8"))
    parts = publish_parts(text, writer="html5", settings_overrides=STRICT)
    return Markup(parts["body"].strip())


def notes_of(markdown: str) -> list[str]:
    """The paragraphs below a table in Markdown (the notice stands above it)."""
    lines = markdown.splitlines()
    last = max(i for i, line in enumerate(lines) if line.startswith("|"))
    return [line for line in lines[last + 1 :] if line]


def jpeg(png: Path, width: int = 1600) -> bytes:
    """A picture as JPEG, at most ``width`` pixels wide."""
    content = io.BytesIO()
    with Image.open(png) as picture:
        small = picture.convert("RGB")
        small.thumbnail((width, 4 * width))
        small.save(content, format="jpeg", quality=85)
    return content.getvalue()


class Blocks:
    """Blocks from one folder of results; it remembers the files that the pages link.

    Args:
        results: the folder of results.
        captions: files of captions, by the name of the table or figure.
        notebooks: the notebook that made a table or figure, by its name.
        alone: for pages that link no files and hold their picture.
    """

    def __init__(
        self,
        results: Path,
        captions: dict[str, Path],
        notebooks: dict[str, str],
        alone: bool = False,
    ) -> None:
        self.results, self.captions, self.notebooks = results, captions, notebooks
        self.alone = alone
        self.numbers: dict[str, str] = {}
        self.used: dict[str, bytes | None] = {}

    def shown(
        self, names: Iterable[str], label: str, numbers: Mapping[str, str] | None = None
    ) -> list[Block]:
        """The figures and tables of these names that the run has made, each figure first.

        ``numbers`` names the table of a figure's numbers, where that has another name.
        """
        self.numbers |= numbers or {}
        kinds = {"figures": ("svg", self.figure), "tables": ("md", self.table)}
        return [
            make(name, label)
            for name in names
            for folder, (suffix, make) in kinds.items()
            if (self.results / folder / f"{name}.{suffix}").is_file()
        ]

    def table(self, name: str, label: str) -> Block:
        """A table with its caption (NAME_table if a figure has its name) and its files."""
        text = (self.results / f"tables/{name}.md").read_text(encoding="utf-8")
        told = self.captions.get(f"{name}_table") or self.captions[name]
        return Block(
            name, label, caption(told), self.links(name, "tables", "csv", "md", "tex"),
            table=table(*read_pipe_table(text), label), notes=notes_of(text),
        )  # fmt: skip

    def figure(self, name: str, label: str) -> Block:
        """A figure with its caption and its files, without an SVG that is large."""
        head = (self.results / f"figures/{name}.svg").read_text(encoding="utf-8")[:2000]
        size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', head).groups()
        width, height = (round(float(each)) for each in size)
        address = self.picture(name)
        suffixes = ("jpg",) if address.endswith(".jpg") else ("svg", "png")
        return Block(
            name, label, caption(self.captions[name]), self.links(name, "figures", *suffixes),
            picture=Picture(address, width, height),
        )  # fmt: skip

    def picture(self, name: str) -> str:
        """The address of a figure: its SVG, or a JPEG made of its PNG where the SVG is large."""
        path = self.results / f"figures/{name}.svg"
        content, kind = path.read_bytes(), "svg+xml"
        if len(content) > LARGEST:
            content, kind = jpeg(path.with_suffix(".png")), "jpeg"
        if self.alone:
            return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
        return self.link(f"figures/{name}.{'svg' if kind == 'svg+xml' else 'jpg'}", content)

    def link(self, path: str, content: bytes | None = None) -> str:
        """The address of a copy of a result, or of ``content`` under that name."""
        self.used[path] = content
        return f"_files/{path}"

    def links(self, name: str, folder: str, *suffixes: str) -> list[tuple[str, str]]:
        """Links to the files of a table or figure, to its record and to its notebook."""
        if self.alone:
            return []
        told = self.numbers.get(name, name)
        numbers = self.results / (told if "/" in told else f"tables/{told}.csv")
        if folder == "figures" and numbers.is_file():  # next to the picture, under its name
            self.used[f"figures/{name}.csv"] = numbers.read_bytes()
            suffixes += ("csv",)
        paths = {suffix.upper(): f"{folder}/{name}.{suffix}" for suffix in suffixes}
        found = [(kind, self.link(path, self.used.get(path))) for kind, path in paths.items()]
        if book := self.notebooks.get(name):
            record = self.link(f"notebooks/{book}.json")
            found += [("notebook", f"notebook_{book}.html"), ("record", record)]
        return found
