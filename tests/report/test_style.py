"""Saving figures gives the same bytes, with the stamp if any; the plot of costs."""

import pandas as pd
import pytest
from drawing import legend, line
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


def test_a_statement_s_cost_is_a_line_by_dimension_whatever_the_order_of_its_trials(ax):
    rows = [("lemma_2", 8, 2.0), ("lemma_2", 2, 0.5), ("lemma_2", 4, 1.0), ("theorem_1", 4, 3.0)]
    style.cost(ax, pd.DataFrame(rows, columns=["statement", "d", "seconds"]))
    assert line(ax, "Lemma 2") == ([2, 4, 8], [0.5, 1.0, 2.0])
    assert line(ax, "Theorem 1") == ([4], [3.0])


def test_no_statement_is_left_out_of_the_costs_for_want_of_marks(ax):
    names = [f"theorem_{k}" for k in range(14)]
    style.cost(ax, pd.DataFrame({"statement": names, "d": 4, "seconds": 1.0}))
    assert len(ax.lines) == len(legend(ax)) == 14
