"""Saving figures gives the same bytes, with the stamp if any; the plot of costs."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from fragility.experiments.linear import figures as plots
from fragility.report import style

pytestmark = pytest.mark.usefixtures("look")


STAMP = ["linear.width: 10 (full run: 3000)"]


PRINTED = pd.DataFrame(
    {"experiment": ["1", "7"], "phi": ["0.1812", "0.0738"], "cos_theta_1": ["-0.1970", "-0.7794"]}
)


def scatter_rows(cos_2):
    return pd.DataFrame({"phi": [0.2, 0.3, 0.1], "cos_theta_1": [-0.21, -0.33, 0.5]}).assign(
        cos_theta_2=cos_2
    )


def save(folder, stamp=()):
    figure = Figure(figsize=(4, 3))
    plots.scatter(figure.subplots(), scatter_rows([0.99, 0.2, 0.99]), 0.9, PRINTED)
    paths = [str(folder / f"made_up.{suffix}") for suffix in ("svg", "png")]
    style.save(figure, paths, title="A & B", stamp=stamp)
    return {path.suffix: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def saved(tmp_path_factory, look):
    return {
        name: save(tmp_path_factory.mktemp(name), stamp)
        for name, stamp in (("plain", ()), ("again", ()), ("stamped", STAMP))
    }


def test_a_figure_is_saved_in_both_formats_and_nothing_else_is_left(saved):
    assert sorted(saved["plain"]) == [".png", ".svg"]
    assert saved["plain"][".png"].startswith(b"\x89PNG")
    assert b"</svg>" in saved["plain"][".svg"]


def test_the_same_figure_gives_the_same_bytes(saved):
    assert saved["plain"] == saved["again"]


def test_no_date_and_no_version_is_written(saved):
    assert b"<dc:date>" not in saved["plain"][".svg"]
    assert b"Software" not in saved["plain"][".png"]


def test_the_picture_has_its_title(saved):
    assert b"A &amp; B" in saved["plain"][".svg"]


def test_the_stamp_is_on_the_picture_where_given_and_only_there(saved):
    for name in ("plain", "stamped"):
        # matplotlib writes a text's characters as a comment before its outlines
        assert (b"Not the paper's settings" in saved[name][".svg"]) == (name == "stamped")
    assert saved["plain"][".png"] != saved["stamped"][".png"]


def test_a_statement_s_cost_is_a_line_by_dimension_whatever_the_order_of_its_trials():
    rows = [("lemma_2", 8, 2.0), ("lemma_2", 2, 0.5), ("lemma_2", 4, 1.0), ("theorem_1", 4, 3.0)]
    figure = Figure()
    style.cost(figure, pd.DataFrame(rows, columns=["statement", "d", "seconds"]))
    lemma, theorem = figure.axes
    (own,) = (drawn for drawn in lemma.lines if drawn.get_color() == style.BLUE)
    assert own.get_xydata().tolist() == [[2, 0.5], [4, 1.0], [8, 2.0]]
    (own,) = (drawn for drawn in theorem.lines if drawn.get_color() == style.BLUE)
    assert own.get_xydata().tolist() == [[4, 3.0]]


def test_no_statement_is_left_out_of_the_costs_for_want_of_marks():
    names = [f"theorem_{k}" for k in range(14)]
    figure = Figure()
    style.cost(figure, pd.DataFrame({"statement": names, "d": 4, "seconds": 1.0}))
    titles = [ax.get_title(loc="left") for ax in figure.axes]
    assert [title for title in titles if title] == [f"Theorem {k}" for k in range(14)]


def test_marks_far_above_the_others_are_arrows_at_the_edge(ax):
    y = pd.Series([*np.linspace(0, 1, 400), 30.0])
    top = style.readable_top(y)
    assert 1 < top < 2 and style.readable_top(y[:-1]) >= 1
    style.marks_up_to(ax, y * 0, y, top, "o", color=style.BLUE, label="all")
    inside, beyond = ax.lines
    assert (len(inside.get_xdata()), len(beyond.get_xdata())) == (400, 1)
    assert beyond.get_ydata()[0] < top
