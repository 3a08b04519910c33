"""The drawing to play with."""

import re

import pytest
from browsing import at_width
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from fragility.report import idea

pytestmark = pytest.mark.browser


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
