"""One headless Chromium for all these tests, and the finished tiny run's site."""

import os
import shutil

import pytest
from selenium import webdriver
from workflow_runs import RESULTS


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def site(finished):
    return finished / RESULTS / "site"


@pytest.fixture(scope="session")
def pages(site):
    """All pages by name."""
    return {path.name: path for path in sorted(site.glob("*.html"))}
