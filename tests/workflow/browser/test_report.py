"""Snakemake's report: it starts with the site's start page, and every result in it renders."""

import pytest
import yaml
from browsing import at_width, patient
from selenium.webdriver.common.by import By
from workflow_runs import REPOSITORY, RESULTS

pytestmark = pytest.mark.browser

CATEGORIES = [
    *("1 Theory", "2 Linear networks", "3 ReLU networks", "4 MNIST digits", "5 ImageNet photos"),
    *("6 Causes", "7 Gradients and dimension", "8 Accounts of fragility"),
]


@pytest.fixture
def opened(browser, finished):
    """The report of the finished tiny run, open on its start page."""
    at_width(browser, 1400)
    browser.get((finished / RESULTS / "report.html").as_uri())
    patient(browser).until(lambda b: b.find_elements(By.CSS_SELECTOR, ".start-page .ratios"))
    return browser


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


def test_the_menu_has_the_parts_in_the_sites_order(opened):
    links = opened.find_elements(By.CSS_SELECTOR, "nav a")
    assert [a.text for a in links if a.text[:1].isdigit()] == CATEGORIES
    parts = yaml.safe_load((REPOSITORY / "workflow/site/parts.yaml").read_text("utf-8"))
    titles = [part["title"].removesuffix(" (second paper)") for part in parts]
    assert [f"{n} {title}" for n, title in enumerate(titles[:-1], 1)] == CATEGORIES  # but the text


@pytest.mark.parametrize("category", CATEGORIES)
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
