"""The site's source for Sphinx: pages from templates, notebooks, static files, claims as data."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import yaml
from markupsafe import Markup

from fragility.paper import audit
from fragility.paper.claims import read_csv_strings
from fragility.report import findings, html_tables, picture, scorecard, words
from fragility.report.blocks import Block, Blocks, caption

TEXT = "text"  # the part of claims that belong to no experiment


@dataclass(frozen=True)
class Told:
    """What a site is made from.

    Attributes:
        results: the folder of results; it holds the scorecard and, by name, tables and figures.
        content: the folder ``workflow/site``.
        statements: the theory's statements, in the paper's order (a YAML file each).
        docs: pages that the repository shows as well.
        library: the library's files of code.
        captions: files of captions, by name of the table or figure.
        claims: for each part the ids of its claims.
        assumptions: the paper's open choices.
        stamp: the changed settings.
    """

    results: Path
    content: Path
    statements: list[dict]
    docs: list[Path]
    library: list[Path]
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
        said = self.read("findings.yaml")
        self.answers, self.findings, self.conclusions = (
            findings.chosen(said[name], self.values, strict=not told.stamp)
            for name in ("answers", "findings", "conclusions")
        )

    def read(self, name: str) -> dict:
        """A file of the site's content, from YAML."""
        return yaml.safe_load((self.told.content / name).read_text(encoding="utf-8"))

    def _rows(self) -> list[dict]:
        part_of = {name: part for part, names in self.told.claims.items() for name in names}
        rows = read_csv_strings(self.told.results / "scorecard.csv").to_dict("records")
        return [row | {"part": part_of[row["id"]]} for row in rows]

    def _parts(self) -> list[dict]:
        """The parts that have claims, with a section for each artifact that has none of its own."""
        parts = self.read("parts.yaml")
        for part in parts:
            if part["id"] == "theory":
                part["sections"][:0] = map(statement_section, self.told.statements)
            others = dict.fromkeys(row["artifact"] for row in self.of(part["id"]))
            known = {section["artifact"] for section in part["sections"]}
            part["sections"] += [
                {"title": name, "artifact": name, "shows": []}
                for name in others
                if name not in known
            ]
        return with_anchors([part for part in parts if self.of(part["id"])])

    def of(self, part: str, artifact: str = "") -> list[dict]:
        """The rows of a part, or of an artifact of it."""
        return [
            row for row in self.rows if row["part"] == part and artifact in ("", row["artifact"])
        ]

    # what templates call
    def addresses(self) -> dict[tuple[str, str], str]:
        """The address of the section on an artifact, by part and artifact."""
        return {
            (part["id"], section["artifact"]): f"{part['id']}.html#{section['anchor']}"
            for part in self.parts
            for section in part["sections"]
        }

    def choices(self) -> dict[str, str]:
        """The choice that an assumption's id means."""
        return dict(zip(*(self.told.assumptions[c] for c in ("id", "choice")), strict=True))

    def titles(self) -> dict[str, str]:
        """The titles of the parts, by their ids."""
        return {part["id"]: part["title"] for part in self.parts}

    def verdicts(self) -> dict[str, int]:
        """How many claims have each verdict that occurs."""
        return scorecard.counts(self.rows)

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

    def marks(self) -> list[picture.Mark]:
        """The rows of the start page's picture."""
        return picture.marks(self.read("picture.yaml")["rows"], self.by_id)

    def shows(self, section: Mapping) -> list[Block]:
        """A section's tables and figures."""
        return self.blocks.shown(section["shows"], section["title"], section.get("numbers"))

    def frame(self, frame: pd.DataFrame, label: str) -> html_tables.Table:
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

    def caption(self, name: str) -> Markup:
        """A caption by its name."""
        return caption(self.told.captions[name])

    def resting(self, assumption: str) -> list[str]:
        """The claims that rest on an assumption."""
        return [row["id"] for row in self.rows if assumption in row["assumptions"].split(";")]


def _size(value: str) -> str:
    return f"{float(value):.3g}" if value else words.DASH


def with_anchors(parts: list[dict]) -> list[dict]:
    """The parts with each section's anchor: 'table-1', or 'relu-theorem-6' if that is taken."""
    taken = set()
    for part in parts:
        for section in part["sections"]:
            name = re.sub(r"\W+", "-", section["artifact"].lower()).strip("-")
            section["anchor"] = f"{part['id']}-{name}" if name in taken else name
            taken.add(name)
    return parts


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
