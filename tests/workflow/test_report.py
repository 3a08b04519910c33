"""The report in a real browser: it opens offline, shows the claims, and every page renders.

Marked ``browser``: .ci/run installs Chromium and runs these; `make test` needs no browser.
"""

import os
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
from selenium.webdriver.support.ui import WebDriverWait
from workflow_runs import RESULTS

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


@pytest.fixture
def opened(browser, finished):
    """The report of the finished tiny run, open on its start page."""
    browser.get((finished / RESULTS / "report.html").as_uri())
    patient(browser).until(lambda b: b.find_elements(By.CSS_SELECTOR, ".tally li"))
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


def test_start_page_shows_tally_picture_and_a_row_per_claim(opened):
    counts = [int(b.text) for b in opened.find_elements(By.CSS_SELECTOR, ".tally b")]
    rows = opened.find_elements(By.CSS_SELECTOR, ".claims tbody tr")
    assert len(counts) == 4 and sum(counts) == len(rows) >= 16
    assert all(row.find_element(By.CSS_SELECTOR, ".verdict").text for row in rows)
    picture = opened.find_element(By.CSS_SELECTOR, ".glance img")
    assert opened.execute_script("return arguments[0].naturalWidth", picture) > 100
    assert "Not the paper" in opened.find_element(By.CSS_SELECTOR, ".stamp").text


def test_start_page_fits_its_window(opened):
    width = opened.execute_script("return document.documentElement.scrollWidth")
    assert width <= opened.execute_script("return window.innerWidth")


@pytest.mark.parametrize(
    "category",
    [
        *("Linear networks", "ReLU networks", "MNIST", "ImageNet"),
        *("The theory, statement by statement", "About the paper", "About this run"),
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
        body = opened.find_element(By.CSS_SELECTOR, "main")
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
