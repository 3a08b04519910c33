"""The table of claims: it filters, sorts, and shows the claim that a link names."""

import pytest
from browsing import WIDTHS, at_width, patient
from selenium.webdriver.common.by import By

pytestmark = pytest.mark.browser


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
