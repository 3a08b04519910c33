"""Tables and figures of a run as blocks of a page: with caption, files and where they come from."""

import re
from collections.abc import Iterable
from html import escape
from pathlib import Path

from docutils.core import publish_parts

from fragility.report.html_tables import read_pipe_table, table

STRICT = {"halt_level": 2, "report_level": 2}  # a warning in a caption is an error
BROAD = 1.7  # a figure of a larger ratio of width to height scrolls on a phone


def caption(path: Path) -> str:
    """A caption (reStructuredText) as HTML."""
    text = path.read_text(encoding="utf-8")
    return publish_parts(text, writer="html5", settings_overrides=STRICT)["body"].strip()


class Blocks:
    """Blocks from one folder of results; it remembers the files that the pages link.

    Args:
        results: the folder of results.
        captions: files of captions, by the name of the table or figure.
        notebooks: the notebook that made a table or figure, by its name.
    """

    def __init__(self, results: Path, captions: dict[str, Path], notebooks: dict[str, str]) -> None:
        self.results, self.captions, self.notebooks = results, captions, notebooks
        self.used: set[str] = set()

    def shown(self, names: Iterable[str], label: str) -> str:
        """The figures and tables of these names that the run has made."""
        return "\n\n".join(filter(None, (self._block(name, label) for name in names)))

    def _block(self, name: str, label: str) -> str:
        figure = self.figure(name, label) if self._has("figures", name, "svg") else ""
        if not self._has("tables", name, "md"):
            return figure
        told = "<p>The figure's numbers.</p>" if figure else caption(self.captions[name])
        return "\n\n".join(filter(None, [figure, self.table(name, label, told)]))

    def _has(self, folder: str, name: str, suffix: str) -> bool:
        return (self.results / folder / f"{name}.{suffix}").is_file()

    def table(self, name: str, label: str, told: str) -> str:
        """A table with its caption (HTML) and its files."""
        text = (self.results / f"tables/{name}.md").read_text(encoding="utf-8")
        return (
            f'<figure class="block" id="{name}-table">\n{table(*read_pipe_table(text), label)}\n'
            f"<figcaption>{told}\n{self.files(name, 'tables', 'csv', 'md', 'tex')}</figcaption>"
            "</figure>"
        )

    def figure(self, name: str, label: str) -> str:
        """A figure with its caption and its files; its picture is the PNG where SVG is large."""
        svg = self.results / f"figures/{name}.svg"
        suffix = "svg" if svg.stat().st_size < 10**6 else "png"
        head = svg.read_text(encoding="utf-8")[:2000]
        width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', head).groups())
        broad = ' class="broad"' if width > BROAD * height else ""
        address = self.link(f"figures/{name}.{suffix}")
        return (
            f'<figure class="block" id="{name}-figure">\n<a class="picture" href="{address}">'
            f'<img src="{address}" alt="{escape(label)}" width="{width:.0f}" '
            f'height="{height:.0f}" loading="lazy"{broad}></a>\n<figcaption>'
            f"{caption(self.captions[name])}\n{self.files(name, 'figures', 'svg', 'png')}"
            "</figcaption></figure>"
        )  # fmt: skip

    def link(self, path: str) -> str:
        """The address of a copy of a result."""
        self.used.add(path)
        return f"_files/{path}"

    def files(self, name: str, folder: str, *suffixes: str) -> str:
        """Links to the files of a table or figure, to its record and to its notebook."""
        links = [
            f'<a href="{self.link(f"{folder}/{name}.{suffix}")}">{suffix.upper()}</a>'
            for suffix in suffixes
        ]
        if book := self.notebooks.get(name):
            links += [
                f'<a href="notebook_{book}.html">notebook</a>',
                f'<a href="{self.link(f"notebooks/{book}.json")}">record</a>',
            ]
        return f'<span class="files">{" ".join(links)}</span>'
