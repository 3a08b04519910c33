"""The site's source: every table and figure has a place, and what its pages call."""

import re
from pathlib import Path

import pytest
import yaml
from docutils.core import publish_parts

from fragility.paper import claims
from fragility.report import site, site_source, templates
from fragility.report.blocks import Blocks, notes_of
from fragility.statements import STATEMENTS

WORKFLOW = Path(claims.__file__).parents[2]
PARTS = yaml.safe_load((WORKFLOW / "site/parts.yaml").read_text("utf-8"))
SECTIONS = [section for part in PARTS for section in part["sections"]]
NO_ARTIFACTS = {"audit", "start"}  # captions of other pages


def test_every_table_and_figure_with_a_caption_stands_in_one_section():
    shown = [name for section in SECTIONS for name in section["shows"]]
    captions = {path.stem.removesuffix("_table") for path in (WORKFLOW / "report").glob("*.rst")}
    assert sorted(shown) == sorted(captions - NO_ARTIFACTS)


def test_a_table_and_a_figure_of_one_name_have_a_caption_each():
    rules = "".join(path.read_text("utf-8") for path in (WORKFLOW / "rules").glob("*.smk"))
    tables, figures = (
        set(re.findall(rf'{kind}\(\s*"(\w+)"', rules)) for kind in ("rendered", "drawn")
    )
    both = {WORKFLOW / f"report/{name}" for name in tables & figures}
    both |= {WORKFLOW / f"fragility/statements/{name}/{name}" for name in STATEMENTS}
    own = {path.with_suffix("") for path in WORKFLOW.rglob("*_table.rst")}
    assert tables and figures and own == {path.with_name(f"{path.name}_table") for path in both}


def test_only_figures_captions_speak_of_places_in_a_picture():
    tables = [path.read_text("utf-8") for path in WORKFLOW.rglob("*_table.rst")]
    assert tables and not any(re.search("(Left|Middle|Right):|Horizontal", t) for t in tables)


def test_a_figures_numbers_are_a_table_of_its_own_section():
    for section in SECTIONS:
        for figure, table in section.get("numbers", {}).items():
            assert {figure, table} - {table if "/" in table else ""} <= set(section["shows"])


# figures without a table of numbers: images; and marks for each network, point or α, whose numbers
# are the results that the notebook's record names
PICTURES = {"figure_3", "figure_4", "figure_5", "mnist_strips", "imagenet_panels"}
POINTS = {
    *("figure_6", "linear_cost", "theory_cost", "dimension_cost"),
    *("relu_brackets", "relu_flat", "relu_match", "relu_phi"),
}


def test_every_figures_numbers_have_the_figures_name():
    rules = "".join(path.read_text("utf-8") for path in (WORKFLOW / "rules").glob("*.smk"))
    tables, figures = (
        set(re.findall(rf'{kind}\(\s*"(\w+)"', rules)) for kind in ("rendered", "drawn")
    )
    told = {name for section in SECTIONS for name in section.get("numbers", {})}
    assert figures - tables - told == PICTURES | POINTS


def test_every_claims_artifact_of_the_experiments_has_a_section_on_its_page():
    titles = {title.partition(":")[0] for title in STATEMENTS.values()}
    for part in PARTS:
        known = {section["artifact"] for section in part["sections"]}
        known |= titles if part["id"] == "theory" else set()
        listed = claims.read_claims(WORKFLOW / f"paper/claims/{part['id']}.yaml")
        assert part["id"] == site.TEXT or {claim.artifact for claim in listed} <= known


def test_anchors():
    parts = [
        {"id": "theory", "sections": [{"artifact": "Theorem 6"}]},
        {"id": "relu", "sections": [{"artifact": "Table 3"}, {"artifact": "Theorem 6"}]},
    ]
    named = [s["anchor"] for part in site.with_anchors(parts) for s in part["sections"]]
    assert named == ["theorem-6", "table-3", "relu-theorem-6"]


def test_html_becomes_one_block_for_markdown():
    assert templates.one_block("<p>\n\n a\n  \n</p>") == "<p>\n a\n</p>\n"


def test_a_notebooks_times_and_parameters_are_taken_out():
    cells = [
        {"cell_type": "code", "metadata": {"tags": ["injected-parameters"], "papermill": "t"}},
        {"cell_type": "code", "metadata": {"papermill": "12:00"}},
        {"cell_type": "markdown", "metadata": {"x": 1}},
    ]
    text = site_source.cleaned({"cells": cells, "metadata": {"papermill": "12:00", "k": 1}})
    assert "12:00" not in text and '"k": 1' in text
    assert text.count("remove-cell") == 1 and text.count("hide-input") == 1


def test_notes_stand_below_a_table():
    assert notes_of("**Not the paper's**\n\n| a |\n|---|\n| 1 |\n\nA note.\n") == ["A note."]


def page_of(blocks):
    """What a page shows of some blocks."""
    template = templates.environment(WORKFLOW / "site/pages").get_template("_blocks.html")
    return "\n".join(map(template.module.block, blocks))


@pytest.fixture
def results(tmp_path):
    for folder in ("tables", "figures"):
        (tmp_path / folder).mkdir()
    (tmp_path / "tables/x.md").write_text("| a | b |\n|---|---|\n| c | 0.12345 |\n")
    (tmp_path / "tables/x.csv").write_text("a,b\nc,0.12345\n")
    (tmp_path / "figures/x.svg").write_text('<svg viewBox="0 0 300 100"></svg>')
    (tmp_path / "x.rst").write_text("A *caption*.")
    (tmp_path / "x_table.rst").write_text("Of the table.")
    return tmp_path


def test_a_block_links_its_files_and_what_made_them(results):
    captions = {name: results / f"{name}.rst" for name in ("x", "x_table")}
    blocks = Blocks(results, captions, {"x": "book"})
    page = page_of(blocks.shown(["x", "not_made"], "Label"))
    assert (
        page.count("<figure") == 2
        and page.count("<em>caption</em>") == page.count("Of the table.") == 1
    )
    assert 'class="broad"' in page and "0.123" in page and "0.12345" not in page
    assert 'href="notebook_book.html"' in page and 'href="_files/notebooks/book.json"' in page
    assert blocks.used["figures/x.csv"] == b"a,b\nc,0.12345\n"
    assert set(blocks.used) >= {"tables/x.csv", "figures/x.svg", "figures/x.png"}


def test_a_figures_numbers_may_be_any_result_and_get_its_name(results):
    (results / "linear").mkdir()
    (results / "linear/feasibility.csv").write_text("phi\n0.5\n")
    (results / "tables/x.md").unlink()
    blocks = Blocks(results, {"x": results / "x.rst"}, {})
    page = page_of(blocks.shown(["x"], "Label", {"x": "linear/feasibility.csv"}))
    assert 'href="_files/figures/x.csv"' in page
    assert blocks.used["figures/x.csv"] == b"phi\n0.5\n"


def test_a_page_of_its_own_holds_its_picture_and_links_nothing(results):
    blocks = Blocks(results, {"x": results / "x.rst"}, {"x": "book"}, alone=True)
    page = page_of([blocks.figure("x", "Label")])
    assert "data:image/svg+xml;base64," in page and "_files" not in page


@pytest.mark.parametrize("path", sorted(WORKFLOW.rglob("*.rst")), ids=lambda path: path.stem)
def test_a_caption_is_valid_restructured_text(path):
    """A norm's bars, unescaped, would be a substitution that nobody defined."""
    if path.stem in NO_ARTIFACTS:
        return
    strict = {"halt_level": 2, "report_level": 5}
    publish_parts(path.read_text("utf-8"), writer="html5", settings_overrides=strict)
