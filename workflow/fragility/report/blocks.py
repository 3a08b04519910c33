"""Tables and figures of a run as blocks of a page: with caption, files and where they come from."""

import base64
import io
import re
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

from docutils.core import publish_parts
from PIL import Image

from fragility.report.html_tables import read_pipe_table, table
from fragility.report.words import symbols

STRICT = {"halt_level": 2, "report_level": 2}  # a warning in a caption is an error
LARGEST = 500_000  # bytes of an SVG in a page
BROAD = 1.7  # a figure of a larger ratio of width to height scrolls on a phone


def caption(path: Path) -> str:
    """A caption (reStructuredText) as HTML."""
    text = path.read_text(encoding="utf-8")
    return publish_parts(text, writer="html5", settings_overrides=STRICT)["body"].strip()


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
    ) -> str:
        """The figures and tables of these names that the run has made.

        ``numbers`` names the table of a figure's numbers, where that has another name.
        """
        self.numbers |= numbers or {}
        return "\n\n".join(filter(None, (self._block(name, label) for name in names)))

    def _block(self, name: str, label: str) -> str:
        figure = self.figure(name, label) if self._has("figures", name, "svg") else ""
        if not self._has("tables", name, "md"):
            return figure
        return "\n\n".join(filter(None, [figure, self.table(name, label)]))

    def _has(self, folder: str, name: str, suffix: str) -> bool:
        return (self.results / folder / f"{name}.{suffix}").is_file()

    def table(self, name: str, label: str) -> str:
        """A table with its caption (NAME_table if a figure has its name) and its files."""
        text = (self.results / f"tables/{name}.md").read_text(encoding="utf-8")
        told = self.captions.get(f"{name}_table") or self.captions[name]
        notes = "".join(f"<p>{symbols(line)}</p>" for line in notes_of(text))
        return (
            f'<figure class="block" id="{name}-table">\n{table(*read_pipe_table(text), label)}\n'
            f"<figcaption>{caption(told)}{notes}\n"
            f"{self.files(name, 'tables', 'csv', 'md', 'tex')}</figcaption></figure>"
        )

    def figure(self, name: str, label: str) -> str:
        """A figure with its caption and its files, without an SVG that is large."""
        head = (self.results / f"figures/{name}.svg").read_text(encoding="utf-8")[:2000]
        width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', head).groups())
        broad = ' class="broad"' if width > BROAD * height else ""
        address = self.picture(name)
        suffixes = ("jpg",) if address.endswith(".jpg") else ("svg", "png")
        return (
            f'<figure class="block" id="{name}-figure">\n<a class="picture" href="{address}">'
            f'<img src="{address}" alt="{escape(label)}" width="{width:.0f}" '
            f'height="{height:.0f}"{broad}></a>\n<figcaption>'
            f"{caption(self.captions[name])}\n{self.files(name, 'figures', *suffixes)}"
            "</figcaption></figure>"
        )

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

    def files(self, name: str, folder: str, *suffixes: str) -> str:
        """Links to the files of a table or figure, to its record and to its notebook."""
        if self.alone:
            return ""
        told = self.numbers.get(name, name)
        numbers = self.results / (told if "/" in told else f"tables/{told}.csv")
        if folder == "figures" and numbers.is_file():  # next to the picture, under its name
            self.used[f"figures/{name}.csv"] = numbers.read_bytes()
            suffixes += ("csv",)
        paths = [f"{folder}/{name}.{suffix}" for suffix in suffixes]
        links = [
            f'<a href="{self.link(path, self.used.get(path))}">{Path(path).suffix[1:].upper()}</a>'
            for path in paths
        ]
        if book := self.notebooks.get(name):
            links += [
                f'<a href="notebook_{book}.html">notebook</a>',
                f'<a href="{self.link(f"notebooks/{book}.json")}">record</a>',
            ]
        return f'<span class="files">{" ".join(links)}</span>'
