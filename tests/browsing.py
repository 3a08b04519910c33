"""Looking at pages in a browser: widths, and waiting for what is being drawn."""

from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchFrameException,
    StaleElementReferenceException,
)
from selenium.webdriver.support.ui import WebDriverWait

WIDTHS = (1400, 390)


def at_width(browser, width):
    """Show pages as a window of that width does; a narrow one as a phone."""
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600},
    )


def patient(browser) -> WebDriverWait:
    """Waits while the report's menu is being drawn: its entries come, move and are replaced."""
    passing = [
        ElementClickInterceptedException, ElementNotInteractableException,
        StaleElementReferenceException, NoSuchFrameException,
    ]  # fmt: skip
    return WebDriverWait(browser, 60, ignored_exceptions=passing)
