"""The site: pages fit, links lead somewhere, search works, nothing is fetched; own settings."""

import re

import pytest
from browsing import WIDTHS, at_width, patient
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

pytestmark = pytest.mark.browser

# what scrolls in a box of its own may be wider than the page; what hangs out of the page may not
MEASURE = """
const boxes = '.wide, .picture, pre, .cell_output, svg, .sidebar-drawer, .toc-drawer, .vh, ' +
  '.mobile-header, .announcement, table.claims thead, .math-block, .table-wrapper';
const content = document.querySelector('.content');
const out = [...content.querySelectorAll('*')].filter(
  (e) => !e.closest(boxes) && e.getBoundingClientRect().right > innerWidth + 1);
const wide = [...document.querySelectorAll('.wide')].filter((e) => e.scrollWidth > e.clientWidth);
return [document.documentElement.scrollWidth, content.scrollWidth - content.clientWidth,
  out.slice(0, 3).map((e) => e.outerHTML.slice(0, 80)), wide.length,
  performance.getEntriesByType('resource').map((e) => e.name)];
"""


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_fits_fetches_nothing_and_has_no_script_error(browser, pages, width):
    at_width(browser, width)
    browser.get_log("browser")
    wide, fetched, scrolled = [], [], 0
    for name, path in pages.items():
        browser.get(path.as_uri())
        found = browser.execute_script(MEASURE)
        if found[0] > width or found[1] > 1 or found[2]:
            wide.append((name, found[:3]))
        scrolled += found[3]
        fetched += [address for address in found[4] if not address.startswith(("file:", "data:"))]
    problems = [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    assert (wide, fetched, problems) == ([], [], [])
    assert scrolled or width > 390  # the test sees tables that scroll where there must be some


def test_a_page_that_is_too_wide_is_seen(browser, pages):
    at_width(browser, 390)
    browser.get(pages["index.html"].as_uri())
    script = "return document.documentElement.scrollWidth"
    assert browser.execute_script(script) <= 390
    browser.execute_script(
        "document.querySelector('article').insertAdjacentHTML('beforeend', "
        "'<div id=x style=width:900px>x</div>')"
    )
    assert browser.execute_script("return x.getBoundingClientRect().right") > 390


COLOURS = """
document.body.dataset.theme = arguments[0];
const {backgroundColor, color} = getComputedStyle(document.querySelector('.card'));
return [backgroundColor, color];
"""


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
@pytest.mark.parametrize("system", ["light", "dark"])
@pytest.mark.parametrize("media", ["screen", "print"])
def test_pages_are_dark_where_theme_or_system_says_so_and_never_in_print(
    browser, pages, theme, system, media
):
    browser.get(pages["index.html"].as_uri())
    asked = {"media": media, "features": [{"name": "prefers-color-scheme", "value": system}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", asked)
    shown = browser.execute_script(COLOURS, theme)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    page, text = (int(re.search(r"\d+", colour)[0]) for colour in shown)
    is_dark = media == "screen" and (system if theme == "auto" else theme) == "dark"
    assert (page < 64 < 192 < text) if is_dark else (text < 64 < 192 < page)


def test_every_link_and_anchor_leads_somewhere(pages, site):
    texts = {name: path.read_text(encoding="utf-8") for name, path in pages.items()}
    anchors = {name: set(re.findall(r'\bid="([^"]+)"', text)) for name, text in texts.items()}
    broken, followed = [], 0
    for name, text in texts.items():
        for address in re.findall(r'\b(?:href|src)="([^"]*)"', text):
            if re.match(r"https?:|data:|mailto:|javascript:", address) or "&&" in address:
                continue
            path, _, anchor = address.partition("#")
            path = path.partition("?")[0]
            target = path or name
            followed += 1
            if not (site / target).is_file() or (
                "=" not in anchor and anchor not in {"", *anchors.get(target, {anchor})}
            ):
                broken.append((name, address))
    assert broken == [] and followed > 500


@pytest.mark.parametrize(
    "words, page",
    [
        ("Table 2", "linear"),
        ("t1-slope", "claims"),
        ("feature compression", "glossary"),
        ("θ₁", "linear"),
    ],
)
def test_search_finds(browser, pages, words, page):
    at_width(browser, 1400)
    browser.get(pages["index.html"].as_uri())
    box = browser.find_element(By.CSS_SELECTOR, ".sidebar-search")
    box.send_keys(words + Keys.ENTER)
    found = patient(browser).until(
        lambda b: b.find_elements(By.CSS_SELECTOR, "#search-results li a")
    )
    patient(browser).until(
        lambda b: "found" in b.find_element(By.CSS_SELECTOR, ".search-summary").text
    )
    found = browser.find_elements(By.CSS_SELECTOR, "#search-results li a")
    assert any(f"/{page}.html" in link.get_attribute("href") for link in found)


def test_search_leads_to_a_claims_own_row(browser, pages):
    browser.get(pages["search.html"].as_uri() + "?q=t1-slope")
    links = patient(browser).until(
        lambda b: [
            link.get_attribute("href")
            for link in b.find_elements(By.CSS_SELECTOR, "#search-results li a")
        ]
    )
    assert any("claims.html" in link and link.endswith("#t1-slope") for link in links)


def test_every_page_has_the_notice_of_changed_settings(pages):
    for name, path in pages.items():
        assert "Not the paper's settings" in path.read_text(encoding="utf-8"), name


def test_no_page_gives_a_verdict_on_changed_settings(pages):
    for name, path in pages.items():
        kinds = re.findall(r'<(?:a|span) class="verdict ([a-z-]+)"', path.read_text("utf-8"))
        told = set(kinds) - {"own-settings", "not-tested-yet", "by-other-claims"}
        assert not told or name == "claims.html"  # there the meanings of all verdicts stand
    rows = re.findall(r'data-verdict="([^"]+)"', pages["claims.html"].read_text("utf-8"))
    assert set(rows) <= {"own settings", "not tested yet", "by other claims"}
