"""The site's source for Sphinx: pages from templates, notebooks, static files, claims as data."""

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

import jinja2
import pandas as pd
import yaml

from fragility.paper import audit
from fragility.paper.claims import read_csv_strings
from fragility.paper.verdicts import MEANINGS, VERDICTS
from fragility.report import findings, html_tables, idea, scorecard, words
from fragility.report.blocks import Blocks, caption
from fragility.report.picture import ratios

TEXT = "text"  # the part of claims that belong to no experiment


@dataclass(frozen=True)
class Told:
    """What a site is made from.

    Attributes:
        results: the folder of results; it holds the scorecard and, by name, tables and figures.
        content: the folder ``workflow/site``.
        statements: the theory's statements, in the paper's order (a YAML file each).
        docs: pages that the repository shows as well.
        captions: files of captions, by name of the table or figure.
        claims: for each part the ids of its claims.
        assumptions: the paper's open choices.
        stamp: the changed settings.
    """

    results: Path
    content: Path
    statements: list[dict]
    docs: list[Path]
    captions: dict[str, Path]
    claims: Mapping[str, list[str]]
    assumptions: pd.DataFrame
    stamp: list[str]


class Site:
    """The pages of a site, and what their templates call."""

    def __init__(self, told: Told) -> None:
        self.told, self.stamp = told, told.stamp
        self.rows = self._rows()
        self.by_id = {row["id"]: row for row in self.rows}
        self.values = findings.Values(self.by_id, told.results / "tables")
        self.parts = self._parts()
        self.blocks = Blocks(told.results, told.captions, notebooks_of(told.results))
        said = self._yaml("findings.yaml")
        self.answers, self.findings = (
            findings.chosen(said[name], self.values, strict=not told.stamp)
            for name in ("answers", "findings")
        )

    def _yaml(self, name: str) -> dict:
        return yaml.safe_load((self.told.content / name).read_text(encoding="utf-8"))

    def _rows(self) -> list[dict]:
        part_of = {name: part for part, names in self.told.claims.items() for name in names}
        rows = read_csv_strings(self.told.results / "scorecard.csv").to_dict("records")
        return [row | {"part": part_of[row["id"]]} for row in rows]

    def _parts(self) -> list[dict]:
        """The parts that have claims, with a section for each artifact that has none of its own."""
        parts = self._yaml("parts.yaml")
        for part in parts:
            if part["id"] == "theory":
                part["sections"] = [statement_section(one) for one in self.told.statements]
            others = dict.fromkeys(row["artifact"] for row in self.of(part["id"]))
            known = {section["artifact"] for section in part["sections"]}
            part["sections"] += [
                {"title": name, "artifact": name, "shows": []}
                for name in others
                if name not in known
            ]
        return [part for part in parts if self.of(part["id"])]

    def of(self, part: str, artifact: str = "") -> list[dict]:
        """The rows of a part, or of an artifact of it."""
        return [
            row for row in self.rows if row["part"] == part and artifact in ("", row["artifact"])
        ]

    # what templates call
    def claims(self, part: str, artifact: str) -> str:
        """The claims on an artifact, as a list; empty if there are none."""
        rows = self.of(part, artifact)
        return scorecard.claims_list(rows) if rows else ""

    def claims_table(self) -> str:
        """All claims."""
        where = {
            section["artifact"]: f"{part['id']}.html#{anchor(section)}"
            for part in self.parts
            for section in part["sections"]
        }
        choices = dict(zip(*(self.told.assumptions[c] for c in ("id", "choice")), strict=True))
        return scorecard.claims_table(self.rows, where, choices)

    def tally(self, part: str) -> str:
        """Counts of verdicts of a part."""
        return scorecard.tally(self.of(part), part)

    def bars(self) -> str:
        """Counts of verdicts by part."""
        return scorecard.bars(self.rows, {part["id"]: part["title"] for part in self.parts})

    def counts(self) -> str:
        """'70 reproduced, 8 partly, …' over all claims."""
        return ", ".join(f"{n} {name}" for name, n in scorecard.counts(self.rows).items())

    def run(self) -> str:
        """What was run, when, and how long, in a sentence or two."""
        jobs = self.provenance()
        hours = jobs["seconds"].astype(float).sum() / 3600
        commits = " and ".join(sorted({name[:12] for name in jobs["commit"]}))
        return (
            f"{len(jobs)} jobs of commit {commits}, from {jobs['started'].min()} to "
            f"{jobs['started'].max()}: {hours:.1f} hours of computing, on "
            f"{' and '.join(sorted(set(jobs['device'])))}."
        )

    def versions(self) -> str:
        """The versions of packages that any job ran with."""
        found = {each for listed in self.provenance()["versions"] for each in listed.split(", ")}
        return ", ".join(sorted(found))

    def ratios(self) -> str:
        """The start page's picture."""
        return ratios(self._yaml("picture.yaml")["rows"], self.by_id)

    def shows(self, section: Mapping) -> str:
        """A section's tables and figures."""
        return self.blocks.shown(section["shows"], section["title"], section.get("numbers"))

    def frame(self, frame: pd.DataFrame, label: str) -> str:
        """A data frame of texts as a table."""
        return html_tables.table(list(frame), frame.astype(str).to_numpy().tolist(), label)

    def audit(self) -> pd.DataFrame:
        """The checks of the printed tables, sizes rounded."""
        checks = read_csv_strings(self.told.results / "audit.csv")
        sizes = ["difference", "relative", "units"]
        rounded = {name: [_size(value) for value in checks[name]] for name in sizes}
        return checks.drop(columns="id").assign(**rounded)

    def audit_summary(self) -> str:
        """How many of the checks that decide something differ."""
        found = read_csv_strings(self.told.results / "audit.csv")["verdict"]
        counts = {name: int((found == name).sum()) for name in audit.VERDICTS}
        judged = len(found) - counts[audit.SHOWN]
        return (
            f"{counts[audit.DIFFERS]} of {judged} judged checks differ; {counts[audit.AGREES]} "
            f"agree, and {counts[audit.TRUNCATED]} agree if truncated. {counts[audit.SHOWN]} more "
            "are only shown."
        )

    def provenance(self) -> pd.DataFrame:
        """A row for each job, in an order in which they can run."""
        return read_csv_strings(self.told.results / "provenance.csv")

    def config(self) -> str:
        """The whole configuration (YAML)."""
        return (self.told.results / "config.yaml").read_text(encoding="utf-8")

    def caption(self, name: str) -> str:
        """A caption by its name."""
        return caption(self.told.captions[name])

    def resting(self, assumption: str) -> list[str]:
        """The claims that rest on an assumption."""
        return [row["id"] for row in self.rows if assumption in row["assumptions"].split(";")]


def _size(value: str) -> str:
    return f"{float(value):.3g}" if value else words.DASH


def anchor(section: Mapping) -> str:
    """The anchor of a section: 'table-1', 'theorem-4'."""
    return section["artifact"].lower().replace(" ", "-").replace(":", "")


def statement_section(one: Mapping) -> dict:
    """A section for a statement of the theory, from its YAML."""
    artifact = one["title"].partition(":")[0]
    return dict(one) | {"artifact": artifact, "shows": [one["name"]]}


def notebooks_of(results: Path) -> dict[str, str]:
    """The notebook that wrote a table or figure, by the name of that."""
    return {
        Path(path).stem: record.stem
        for record in sorted((results / "notebooks").glob("*.json"))
        for path in json.loads(record.read_text(encoding="utf-8"))["written"]
        if Path(path).parent.name in ("tables", "figures")
    }


def write(site: Site, target: Path) -> None:
    """Write the source into a new folder."""
    told = site.told
    pages = environment(site)
    target.mkdir(parents=True)
    for template in sorted(told.content.glob("pages/*.md")):
        text = pages.get_template(template.name).render()
        (target / template.name).write_text(text, encoding="utf-8")
    for part in site.parts:
        text = pages.get_template("part.md.j2").render(part=part)
        (target / f"{part['id']}.md").write_text(text, encoding="utf-8")
    for page in told.docs:
        shutil.copyfile(page, target / page.name)
    for book in sorted(told.results.glob("notebooks/*.ipynb")):
        text = cleaned(json.loads(book.read_text(encoding="utf-8")))
        (target / f"notebook_{book.stem}.ipynb").write_text(text, encoding="utf-8")
        site.blocks.link(f"notebooks/{book.name}")
    for name in ("conf.py", "claims_domain.py"):
        shutil.copyfile(told.content / name, target / name)
    shutil.copytree(told.content / "static", target / "_static")
    (target / "claims.json").write_text(_entries(site), encoding="utf-8")
    _copy_files(site, target / "_extra/_files")


def environment(site: Site) -> jinja2.Environment:
    """The templates, with what they call; a name that is not known is an error."""
    pages = jinja2.Environment(
        loader=jinja2.FileSystemLoader(site.told.content / "pages"),
        undefined=jinja2.StrictUndefined, keep_trailing_newline=True,
        trim_blocks=True, lstrip_blocks=True, autoescape=False,
    )  # fmt: skip
    pages.filters["oneblock"] = one_block
    pages.globals |= {
        "site": site, "fill": site.values.fill, "symbols": words.symbols, "anchor": anchor,
        "badge": scorecard.badge, "VERDICTS": VERDICTS, "MEANINGS": MEANINGS,
        "idea": idea.drawing(),
        "glossary": site._yaml("symbols.yaml"),
        "angle": (site.told.content / "angle.svg").read_text(encoding="utf-8").strip(),
        "docs": [path.stem for path in site.told.docs],
        "books": sorted(path.stem for path in site.told.results.glob("notebooks/*.ipynb")),
    }  # fmt: skip
    return pages


def one_block(text: str) -> str:
    """HTML without empty lines, so that Markdown takes it for one block."""
    return "\n".join(filter(str.strip, text.splitlines())) + "\n"


def cleaned(notebook: dict) -> str:
    """An executed notebook without its times, its code folded, without its parameters."""
    for cell in notebook["cells"]:
        tags = " ".join(cell["metadata"].get("tags", []))
        hidden = "remove-cell" if "parameters" in tags else "hide-input"
        cell["metadata"] = {"tags": [hidden]} if cell["cell_type"] == "code" else {}
    notebook["metadata"].pop("papermill", None)
    return json.dumps(notebook, ensure_ascii=False)


def _entries(site: Site) -> str:
    entries = [
        {"id": row["id"], "text": row["statement"], "mark": scorecard.MARKS[row["verdict"]],
         "kind": scorecard.css_class(row["verdict"])}
        for row in site.rows
    ]  # fmt: skip
    return json.dumps(entries, ensure_ascii=False, indent=0)


def _copy_files(site: Site, target: Path) -> None:
    """Copy the results that pages link, so that the site is one folder."""
    scores = {
        f"{part}/score.{suffix}"
        for part, names in site.told.claims.items()
        for suffix in ("csv", "json")
        if part != TEXT and names
    }
    listed = {"scorecard.csv", "audit.csv", "provenance.csv", "config.yaml"}
    for path, content in (dict.fromkeys(sorted(scores | listed)) | site.blocks.used).items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            shutil.copyfile(site.told.results / path, target / path)
        else:
            (target / path).write_bytes(content)


NOTICE = "Not the paper's settings: this run gives no verdicts"


PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>{style}</style></head>
<body><article class="start-page">{notice}<h1>{title}</h1>
{body}
</article></body></html>
"""


def report_page(site: Site, path: Path, title: str) -> str:
    """A page of the report with one table or figure; ``path`` is ``FOLDER_NAME.html``."""
    folder, _, name = path.stem.partition("_")
    blocks = Blocks(site.told.results, site.told.captions, {}, alone=True)
    body = blocks.figure(name, title) if folder == "figures" else blocks.table(name, title)
    notice = environment(site).get_template("_notice.html").render()
    style = (site.told.content / "static/site.css").read_text(encoding="utf-8")
    return PAGE.format(title=escape(title), style=style, notice=notice, body=body)


def start_page(site: Site) -> str:
    """The start page as part of the report, which lies next to the site's folder."""
    body = environment(site).get_template("_start.html").render()
    style = (site.told.content / "static/site.css").read_text(encoding="utf-8")
    inside = re.sub(r'href="(?!https?:)([^"#]+\.html)', r'href="site/\1', one_block(body))
    title = "Does feature compression explain adversarial fragility?"
    return (
        f"<style>{style}</style>\n<article class='start-page'><h1>{title}</h1>\n"
        f'<p class="lead"><a href="site/index.html">The site</a> has a page for each part, every '
        f"claim with its rule, and search.</p>\n{inside}</article>\n"
    )
