"""The site's source as files for Sphinx, and the pages that Snakemake's report shows of it."""

import json
import re
import shutil
from pathlib import Path

import jinja2
from markupsafe import Markup

from fragility.report import api, idea, scorecard, templates
from fragility.report.blocks import Blocks
from fragility.report.site import TEXT, Site


def write(site: Site, target: Path) -> None:
    """Write the source into a new folder."""
    told = site.told
    pages, packages = environment(site), api.packages(told.library)
    pages.globals["library"] = packages
    target.mkdir(parents=True)
    for template in sorted(told.content.glob("pages/*.md")):
        text = pages.get_template(template.name).render()
        (target / template.name).write_text(text, encoding="utf-8")
    for part in site.parts:
        text = pages.get_template("part.md.j2").render(part=part)
        (target / f"{part['id']}.md").write_text(text, encoding="utf-8")
    for name, modules in packages.items():
        (target / f"api_{name}.rst").write_text(api.page(name, modules), encoding="utf-8")
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
    """The templates, with what they say of this site."""
    pages = templates.environment(site.told.content / "pages")
    pages.globals |= {
        "site": site, "fill": site.values.fill,
        "idea": idea.drawing(),
        "glossary": site.read("symbols.yaml"),
        "angle": Markup((site.told.content / "angle.svg").read_text(encoding="utf-8").strip()),
        "style": Markup((site.told.content / "static/site.css").read_text(encoding="utf-8")),
        "docs": [path.stem for path in site.told.docs],
        "books": sorted(path.stem for path in site.told.results.glob("notebooks/*.ipynb")),
    }  # fmt: skip
    return pages


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


def report_page(site: Site, path: Path, title: str) -> str:
    """A page of the report with one table or figure; ``path`` is ``FOLDER_NAME.html``."""
    folder, _, name = path.stem.partition("_")
    blocks = Blocks(site.told.results, site.told.captions, {}, alone=True)
    block = (blocks.figure if folder == "figures" else blocks.table)(name, title)
    return environment(site).get_template("_report_page.html").render(title=title, block=block)


def start_page(site: Site) -> str:
    """The start page as part of the report, which lies next to the site's folder."""
    body = environment(site).get_template("_report_start.html").render()
    inside = r'href="(?!https?:|site/)([^"#]+\.html)'
    return re.sub(inside, r'href="site/\1', templates.one_block(body))
