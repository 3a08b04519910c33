"""Site and report in a browser: pages fit, links lead somewhere, search works, nothing is fetched.

Marked ``browser``: .ci/run installs Chromium and runs these; `make test` needs no browser.
"""

import os
import re
import shutil

import pytest
from selenium import webdriver
from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchFrameException,
    StaleElementReferenceException,
)
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from workflow_runs import RESULTS

from fragility.report import idea

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium that reaches no network."""
    options = webdriver.ChromeOptions()
    options.binary_location = os.environ.get("CHROMIUM") or shutil.which("chromium")
    for flag in (
        "headless=new", "no-sandbox", "disable-gpu", "no-first-run", "window-size=1400,900",
        "disable-background-networking", "disable-component-update", "disable-sync",
        "host-resolver-rules=MAP * ~NOTFOUND",
    ):  # fmt: skip
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(
        options=options, service=webdriver.ChromeService(shutil.which("chromedriver"))
    )
    yield driver
    driver.quit()


WIDTHS = (1400, 390)
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


def at_width(browser, width):
    """Show pages as a window of that width does; a narrow one as a phone."""
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600},
    )


@pytest.fixture(scope="module")
def site(finished):
    return finished / RESULTS / "site"


@pytest.fixture(scope="module")
def pages(site):
    """All pages by name."""
    return {path.name: path for path in sorted(site.glob("*.html"))}


@pytest.fixture
def opened(browser, finished):
    """The report of the finished tiny run, open on its start page."""
    at_width(browser, 1400)
    browser.get((finished / RESULTS / "report.html").as_uri())
    patient(browser).until(lambda b: b.find_elements(By.CSS_SELECTOR, ".start-page .ratios"))
    return browser


def patient(browser) -> WebDriverWait:
    """Waits while the report's menu is being drawn: its entries come, move and are replaced."""
    passing = [
        ElementClickInterceptedException, ElementNotInteractableException,
        StaleElementReferenceException, NoSuchFrameException,
    ]  # fmt: skip
    return WebDriverWait(browser, 60, ignored_exceptions=passing)


def click(browser, xpath):
    """Click on the one element, once it is there, at rest and uncovered."""
    patient(browser).until(lambda b: b.find_element(By.XPATH, xpath).click() or True)


def enter_frame(browser, before):
    """Go into the frame of a result once the page in it is another than ``before``; its address."""

    def entered(b):
        b.switch_to.default_content()
        b.switch_to.frame(b.find_element(By.CSS_SELECTOR, "iframe"))
        address = b.execute_script("return document.readyState == 'complete' && document.URL")
        return address if address and address not in ("about:blank", before) else None

    return patient(browser).until(entered)


# --- the site


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


@pytest.fixture
def table(browser, pages):
    """The page of claims, and a function of the ids of the rows that it shows, in their order."""
    at_width(browser, 1400)
    browser.get("about:blank")
    browser.get(pages["claims.html"].as_uri())
    return browser, lambda: browser.execute_script(
        "return [...claims.tBodies[0].rows].filter((r) => !r.hidden).map((r) => r.id)"
    )


def test_the_table_of_claims_filters(table):
    browser, shown = table
    every = shown()
    browser.find_element(By.CSS_SELECTOR, "#filter [name=q]").send_keys("t1-slope")
    assert "t1-slope" in shown() and len(shown()) < 5  # and claims that speak of it
    browser.find_element(By.CSS_SELECTOR, "#filter [name=q]").clear()
    browser.find_element(By.CSS_SELECTOR, "#filter [name=q]").send_keys(" ")
    browser.find_element(By.CSS_SELECTOR, "[name=part] option[value=relu]").click()
    assert 0 < len(shown()) < len(every) and all(name[:2] in ("t3", "t4") for name in shown())
    assert "part=relu" in browser.current_url


def test_the_table_of_claims_sorts_by_number_both_ways(table):
    browser, shown = table
    button = browser.find_element(By.XPATH, "//th/button[.='n']")
    numbers = "return [...claims.tBodies[0].rows].map((r) => +r.cells[5].dataset.sort)"
    button.click()
    up = [value for value in browser.execute_script(numbers) if value]
    assert up == sorted(up) and len(set(up)) > 5
    button.click()
    down = [value for value in browser.execute_script(numbers) if value]
    assert down == sorted(down, reverse=True)
    assert len(shown()) == len(set(shown()))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_link_to_a_claim_shows_it_open(browser, pages, width):
    at_width(browser, width)
    browser.get("about:blank")
    browser.get(pages["claims.html"].as_uri() + "#t8-m-match")
    patient(browser).until(
        lambda b: b.execute_script(
            "const r = document.getElementById('t8-m-match'), box = r.getBoundingClientRect();"
            "return r.querySelector('details').open && box.top > 0 && box.top < innerHeight"
        )
    )


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


# --- the drawing to play with


@pytest.fixture
def drawing(browser, pages):
    at_width(browser, 1400)
    browser.get(pages["idea.html"].as_uri())
    return browser


COLUMNS = [*idea.PRESETS.values(), ((-2.0, 1.0), (0.3, 1.7)), ((1.0, 0.2), (1.0, -2.0))]


@pytest.mark.parametrize("other, feature", COLUMNS)
def test_the_scripts_numbers_and_places_are_those_of_the_library(drawing, other, feature):
    told, places = drawing.execute_script(
        "return [idea.numbers(...arguments), idea.points(...arguments)]", other, feature
    )
    assert told == pytest.approx(idea.numbers(other, feature)._asdict())
    for name, where in idea.points(other, feature).items():
        numbers = [[float(x) for x in re.split("[ ,]", text)] for text in (places[name], where)]
        assert numbers[0] == pytest.approx(numbers[1], abs=0.11), name


def test_without_its_script_the_drawing_is_the_same(drawing, pages):
    still = pages["idea.html"].read_text("utf-8")
    for name in ("optimal-line", "network-step"):
        points = drawing.find_element(By.ID, name).get_attribute("points")
        assert points in still
    assert f">{idea.numbers(*idea.PRESETS['strong']).phi:.2f}</output>" in still


def read(browser):
    return {name: browser.find_element(By.ID, f"idea-{name}").text for name in idea.Numbers._fields}


def test_keys_presets_and_dragging_move_the_drawing(drawing):
    before = read(drawing)
    drawing.find_element(By.ID, "handle-feature").send_keys(Keys.ARROW_UP)
    after = read(drawing)
    (x, y), other = idea.PRESETS["strong"][1], idea.PRESETS["strong"][0]
    moved = idea.numbers(other, (x, y + 0.1))
    assert after == {name: f"{value:.2f}" for name, value in moved._asdict().items()} != before
    drawing.find_element(By.CSS_SELECTOR, "[data-preset='no compression']").click()
    assert read(drawing)["phi"] == "1.00"
    handle = drawing.find_element(By.ID, "handle-other")
    webdriver.ActionChains(drawing).drag_and_drop_by_offset(handle, -30, -60).perform()
    assert read(drawing)["phi"] != "1.00"


# --- the report


def test_the_report_starts_with_the_sites_start_page(opened):
    assert "Does feature compression" in opened.find_element(By.CSS_SELECTOR, ".start-page h1").text
    assert len(opened.find_elements(By.CSS_SELECTOR, ".ratios a.row")) >= 8
    assert "site/index.html" in opened.find_element(
        By.CSS_SELECTOR, ".start-page .lead a"
    ).get_attribute("href")
    assert opened.find_elements(By.CSS_SELECTOR, ".stamp")


def test_start_page_fits_its_window(opened):
    width = opened.execute_script("return document.documentElement.scrollWidth")
    assert width <= opened.execute_script("return window.innerWidth")


@pytest.mark.parametrize(
    "category",
    [
        *("1 Theory", "2 Linear networks", "3 ReLU networks", "4 MNIST digits"),
        "5 ImageNet photos",
    ],
)
def test_every_result_of_a_category_renders(opened, category):
    click(opened, f"//nav//a[.='{category}']")
    rows = "//nav//tbody/tr"
    patient(opened).until(lambda b: b.find_elements(By.XPATH, rows))
    address = None
    for index in range(len(opened.find_elements(By.XPATH, rows))):
        click(opened, f"({rows})[{index + 1}]//a[@iconname='eye']")
        address = enter_frame(opened, before=address)
        body = opened.find_element(By.CSS_SELECTOR, "article")
        shown = body.find_elements(By.CSS_SELECTOR, "table tbody tr, figure img, figure svg")
        assert body.find_elements(By.CSS_SELECTOR, "h1") and body.text and shown
        opened.switch_to.default_content()


def test_no_script_fails_and_nothing_is_fetched(opened):
    problems = [entry for entry in opened.get_log("browser") if entry["level"] == "SEVERE"]
    assert not problems
    fetched = opened.execute_script(
        "return performance.getEntriesByType('resource').map(e => e.name)"
    )
    assert [name for name in fetched if name.startswith("http")] == []
