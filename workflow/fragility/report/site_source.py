"""The site's source as files for Sphinx, and the pages that Snakemake's report shows of it."""

import json
import re
import shutil
from html import escape
from pathlib import Path

import jinja2

from fragility.paper.verdicts import MEANINGS, VERDICTS
from fragility.report import api, idea, scorecard, words
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
    """The templates, with what they call; a name that is not known is an error."""
    pages = jinja2.Environment(
        loader=jinja2.FileSystemLoader(site.told.content / "pages"),
        undefined=jinja2.StrictUndefined, keep_trailing_newline=True,
        trim_blocks=True, lstrip_blocks=True, autoescape=False,
    )  # fmt: skip
    pages.filters["oneblock"] = one_block
    pages.globals |= {
        "site": site, "fill": site.values.fill, "symbols": words.symbols,
        "badge": scorecard.badge, "VERDICTS": VERDICTS, "MEANINGS": MEANINGS,
        "idea": idea.drawing(),
        "glossary": site.read("symbols.yaml"),
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
