"""Rendering: numbers as text, and a table in three formats, with the stamp if any."""

import ast
import json
import re
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fragility.report import render

NOTEBOOKS = Path(render.__file__).parents[2] / "notebooks"


@pytest.mark.parametrize(
    "value, text",
    [
        (0.36453, "0.3645"),
        (-0.1, "-0.1000"),
        (0.99996, "1.0000"),
        (0.00004, "4.0e-05"),
        (-0.00004, "-4.0e-05"),
        (0.0, "0"),
        (3.0, "3"),
        (12, "12"),
        (np.int64(12), "12"),
        (np.float64(0.5), "0.5000"),
        ("full", "full"),
        (np.nan, "–"),
        (None, "–"),
        (pd.NA, "–"),
    ],
)
def test_a_cell_as_text(value, text):
    assert render.number(value) == text


def test_the_digits_are_those_asked_for():
    assert render.number(0.36453, 2) == "0.36"
    assert render.number(0.004, 2) == "0.004"
    assert render.number(-0.00012, 2) == "-0.0001"


def test_an_estimate_with_its_interval():
    assert render.with_interval(0.3645, 0.3011, 0.4279) == "0.3645 [0.3011, 0.4279]"
    assert render.with_interval(0.5, 0.25, 0.75, 2) == "0.50 [0.25, 0.75]"
    assert render.with_interval(0.3645, np.nan, np.nan) == "0.3645"
    assert render.with_interval(np.nan, np.nan, np.nan) == "–"


FRAME = pd.DataFrame(
    {
        "name": ["a|b", "c_d & 50%", "<i>x</i>"],
        "value": [1 / 3, 0.5, np.nan],
        "value_low": [0.1, np.nan, np.nan],
        "value_high": [2 / 3, np.nan, np.nan],
        "hidden": [1, 2, 3],
    }
)
HEADINGS = {"name": "which, φ < 1", "value": "|cos θ1| of A_:,d"}
STAMP = ["linear.width: 10 (full run: 3000)"]


def test_headings_choose_rename_and_join_intervals():
    shown = render.formatted(FRAME, HEADINGS)
    assert shown.columns.tolist() == list(HEADINGS.values())
    assert shown.iloc[:, 1].tolist() == ["0.3333 [0.1000, 0.6667]", "0.5000", "–"]


@pytest.fixture(scope="module", params=[(), STAMP], ids=["plain", "stamped"])
def written(request, tmp_path_factory):
    """The stamp, and the text of each format."""
    folder = tmp_path_factory.mktemp("tables")
    paths = [str(folder / f"made_up.{suffix}") for suffix in ("csv", "md", "tex")]
    render.write(
        FRAME,
        paths,
        title="Title: 100 % of x_1 & θ1",
        headings=HEADINGS,
        notes="a < b",
        stamp=request.param,
    )
    return request.param, {Path(p).suffix: Path(p).read_text(encoding="utf-8") for p in paths}


def test_csv_keeps_every_column_at_full_precision(written):
    _, texts = written
    back = pd.read_csv(StringIO(texts[".csv"]))
    pd.testing.assert_frame_equal(back, FRAME, check_exact=True)


def test_a_bar_in_a_cell_or_heading_does_not_split_the_markdown_table(written):
    _, texts = written
    lines = [line for line in texts[".md"].splitlines() if line.startswith("|")]
    assert len(lines) == 2 + len(FRAME)
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {len(HEADINGS) + 1}
    assert r"a\|b" in texts[".md"]


def assert_latex(text, columns):
    """Braces balance, specials are escaped, letters are ASCII, rows have ``columns`` cells."""
    lines = [line for line in text.splitlines() if not line.startswith("%")]
    text = "\n".join(lines)
    assert text.isascii(), [c for c in text if not c.isascii()]
    text = re.sub(r"\\label{[a-z_0-9:]+}", "", text)  # where an underscore is allowed
    escaped = re.sub(r"\\[\\_%&#${}|]", "", text.replace(r"\\" "\n", "\n"))
    bare = re.sub(r"\$[^$]+\$", "", escaped)  # no mathematics; an empty pair would open a display
    assert bare.count("{") == bare.count("}")
    assert not re.search(r"[$%_#^~]", bare)
    cells = [line for line in lines if line.endswith(r"\\")]
    assert {len(re.findall(r"(?<!\\)&", line)) + 1 for line in cells} == {columns}
    assert re.findall(r"\\begin{(\w+)}", text) == re.findall(r"\\end{(\w+)}", text)[::-1]


def test_latex_is_well_formed(written):
    _, texts = written
    assert_latex(texts[".tex"], len(HEADINGS))
    assert r"\caption{Title: 100 \% of $x_{1}$ \& $\theta _{1}$}" in texts[".tex"]
    assert r"$|$cos $\theta _{1}$$|$ of $A_{:,d}$" in texts[".tex"]
    assert r"$c_{d}$ \& 50\%" in texts[".tex"]


def test_ill_formed_latex_would_be_noticed():
    good = "\\begin{table}\n\\caption{x}\na & b \\\\\n\\end{table}\n"
    assert_latex(good, 2)
    for bad in ("φ & b", "a_1 & b", "a 5% & b", "{a & b", "a $ & b", "a & b & c", "a",
                r"$\$|$$a$\$|$$ & b"):  # fmt: skip
        with pytest.raises(AssertionError):
            assert_latex(good.replace("a & b", bad), 2)


def notebook_headings():
    """Every heading of a table in a notebook; of an f-string the fixed parts."""
    found = []
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.Assign) and ast.unparse(node.targets) == "headings":
                found += [
                    part.value
                    for literal in ast.walk(node.value)
                    if isinstance(literal, ast.Dict)
                    for value in literal.values
                    for part in ast.walk(value)
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                ]
    return sorted(set(found))


def test_the_notebooks_headings_are_well_formed_latex(tmp_path):
    headings = notebook_headings()
    assert "slope of |cos θ1| on φ" in headings
    frame = pd.DataFrame([[0.5] * len(headings)], columns=headings)
    path = tmp_path / "made_up.tex"
    names = {heading: heading for heading in headings}
    render.write(frame, [path], title="t", headings=names)
    assert_latex(path.read_text(encoding="utf-8"), len(headings))


def test_notes_stand_below_the_table_in_markdown_and_the_latex_table_has_a_label(written):
    _, texts = written
    assert texts[".md"].endswith("|\n\na < b\n")
    assert "\\label{tab:made_up}" in texts[".tex"]


def test_the_stamp_is_shown_where_given_and_only_there(written):
    stamp, texts = written
    for suffix in (".md", ".tex"):
        assert ("Not the paper" in texts[suffix]) == bool(stamp)
        assert (STAMP[0] in texts[suffix]) == bool(stamp)
    assert "Not the paper" not in texts[".csv"]
    assert texts[".md"].startswith("**Not the paper" if stamp else "|")
    assert texts[".tex"].startswith("% Not the paper" if stamp else "\\begin{table}")


def test_norm_bars_in_latex():
    assert render._escape("‖A_:,d‖") == r"$\Vert$$A_{:,d}$$\Vert$"


def test_whole_floats_keep_their_digits():
    assert render.number(1234567.0) == "1234567"


def test_latex_escapes_braces_dollars_and_carets():
    assert render._escape("{x}^2 ~ $5") == r"\{x\}\textasciicircum{}2 \textasciitilde{} \$5"


@pytest.mark.parametrize(
    "text, latex",
    [
        ("cos θ_t, cos θα", r"cos $\theta _{t}$, cos $\theta _{\alpha }$"),
        ("√(a_i1² + a_i2²)", r"$\sqrt{a_{i1}^2 + a_{i2}^2}$"),
        ("2^(2(d−1)) and d^-0.5", r"$2^{2(d-1)}$ and $d^{-0.5}$"),
        ("tf_efficientnet_lite0", r"tf\_efficientnet\_lite0"),
        ("-0.5 [-1e-05, 8-16]", "$-$0.5 [$-$1e-05, 8-16]"),
        ("∓1 ≈ “x”", r"$\mp$1 $\approx$ ``x''"),
    ],
)
def test_symbols_become_mathematics_and_names_do_not(text, latex):
    assert render._escape(text) == latex
