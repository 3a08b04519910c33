"""Tables as HTML: read from Markdown, turned where wide, intervals below their estimates."""

from pathlib import Path

import pandas as pd

from fragility.report import html_tables, templates
from fragility.report.html_tables import LONG, SHORT, WIDE, read_pipe_table
from fragility.report.render import formatted, pipe_table

PAGES = templates.environment(Path(html_tables.__file__).parents[2] / "site/pages")


def table(head, rows, label):
    """The table on a page."""
    return PAGES.get_template("_blocks.html").module.table(html_tables.table(head, rows, label))


def test_a_table_is_read_back_from_markdown():
    frame = pd.DataFrame({"a|b": ["x|y", "z"], "c": ["1", ""]})
    head, rows = read_pipe_table(f"**notice**\n\n{pipe_table(frame)}\n\nA note.\n")
    assert head == ["a|b", "c"]
    assert rows == [["x|y", "1"], ["z", ""]]


def test_an_interval_stands_below_its_estimate_with_fewer_digits():
    page = table(["a", "b"], [["x", "-0.36451 [0.30111, 0.42791]"], ["y", "1.2e-05"]], "name")
    assert '−0.365 <small class="ci">[0.301, 0.428]</small>' in page
    assert "1.2e−05" in page
    assert page.count('class="n"') == 3  # heading and cells of the column of numbers


def test_a_small_number_keeps_its_digits():
    assert "0.00042" in table(["a", "b"], [["x", "0.00042"]], "name")


def test_what_is_no_markup_is_escaped_and_cells_stay_apart():
    page = table(["a", "b"], [["<i>", "x"]], "a & b")
    assert "&lt;i&gt;" in page and 'aria-label="a &amp; b"' in page
    assert "</th><td" not in page and "</td><td" not in page and "</th><th" not in page


def wide(n_columns, n_rows):
    head = ["d", *(f"column {i}" for i in range(n_columns - 1))]
    return head, [[str(row), *["1"] * (n_columns - 1)] for row in range(n_rows)]


def test_a_wide_table_of_few_rows_is_turned():
    page = table(*wide(WIDE + 1, 3), "name")
    assert page.count("<tr") == WIDE + 1
    assert '<th scope="col" class="n">2</th>' in page
    for shape in ((WIDE, 3), (WIDE + 1, SHORT + 1)):
        assert table(*wide(*shape), "name").count("<tr") == shape[1] + 1


def test_a_table_whose_first_column_repeats_is_turned_under_the_first_two():
    head, rows = wide(WIDE + 1, 3)
    named = [["same", str(number), *row[2:]] for number, row in enumerate(rows)]
    page = table(head, named, "name")
    assert page.count("<tr") == WIDE
    assert "same 0" in page and "same 2" in page


def test_a_long_table_scrolls_in_a_box():
    assert '<div class="wide" ' in table(*wide(2, LONG), "name")
    page = table(*wide(2, LONG + 1), "name")
    assert '<div class="wide long" ' in page
    assert page.count("<tr") == LONG + 2


def test_our_rows_and_the_papers_are_told_apart():
    frame = pd.DataFrame({"source": ["ours", "paper"], "x": [0.5, 0.25]})
    shown = formatted(frame, {"source": "source", "x": "x"})
    page = table(list(shown), shown.to_numpy().tolist(), "name")
    assert '<tr class="ours">' in page and '<tr class="paper">' in page
