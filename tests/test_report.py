"""The report in a real browser: it opens offline, shows the claims, and every page renders.

Marked ``browser``: .ci/run installs Chromium and runs these; `make test` needs no browser.
"""

import os
import shutil
import time

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from workflow_runs import RESULTS, copy_of_repository, snakemake

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


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The report of a tiny run."""
    folder = copy_of_repository(tmp_path_factory.mktemp("report") / "run")
    snakemake(folder, "report")
    return folder / RESULTS / "report.html"


@pytest.fixture
def opened(browser, report):
    browser.get(report.as_uri())
    WebDriverWait(browser, 20).until(lambda b: b.find_elements(By.CSS_SELECTOR, ".tally li"))
    return browser


def click(browser, xpath):
    element = WebDriverWait(browser, 20).until(lambda b: b.find_elements(By.XPATH, xpath))[0]
    element.click()


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
    click(opened, f"//*[text()='{category}']")
    listed = "//nav//tbody/tr"
    WebDriverWait(opened, 20).until(lambda b: b.find_elements(By.XPATH, listed))
    rows = len(opened.find_elements(By.XPATH, listed))
    assert rows >= 1
    for index in range(rows):
        row = opened.find_elements(By.XPATH, listed)[index]
        row.find_elements(By.XPATH, ".//*[name()='svg']")[0].click()
        frame = WebDriverWait(opened, 20).until(
            lambda b: b.find_elements(By.CSS_SELECTOR, "iframe")
        )[0]
        time.sleep(0.3)  # the frame is replaced, not reloaded
        opened.switch_to.frame(frame)
        WebDriverWait(opened, 20).until(lambda b: b.find_elements(By.CSS_SELECTOR, "main h1"))
        body = opened.find_element(By.CSS_SELECTOR, "main")
        shown = body.find_elements(By.CSS_SELECTOR, "table tbody tr, figure img, figure svg")
        assert body.text and shown
        opened.switch_to.default_content()


def test_no_script_fails_and_nothing_is_fetched(opened):
    problems = [entry for entry in opened.get_log("browser") if entry["level"] == "SEVERE"]
    assert not problems
    fetched = opened.execute_script(
        "return performance.getEntriesByType('resource').map(e => e.name)"
    )
    assert [name for name in fetched if name.startswith("http")] == []
