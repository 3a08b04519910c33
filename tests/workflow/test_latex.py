"""Every table of a finished run in LaTeX, compiled for real."""

import shutil
import subprocess

import pytest
from workflow_runs import RESULTS

pytestmark = pytest.mark.ci  # .ci/run installs Debian's LaTeX

HEAD = r"\documentclass{article}\usepackage{booktabs}\begin{document}"


def compiled(folder, body):
    """What pdflatex says of a document with this body."""
    assert shutil.which("pdflatex"), "install texlive-latex-base and texlive-latex-recommended"
    (folder / "all.tex").write_text(f"{HEAD}\n{body}\n\\end{{document}}\n", encoding="utf-8")
    words = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, errors="replace")


def test_every_table_compiles_and_can_be_referred_to(finished, tmp_path):
    tables = sorted((finished / RESULTS / "tables").glob("*.tex"))
    assert len(tables) > 30
    shown = [rf"\input{{{path}}}\ref{{tab:{path.stem}}}\clearpage" for path in tables]
    for _ in range(2):  # the second time with the labels of the first
        done = compiled(tmp_path, "\n".join(shown))
        assert done.returncode == 0, done.stdout[-2000:]
    assert "undefined" not in done.stdout


def test_a_letter_without_latex_would_stop_it(tmp_path):
    assert compiled(tmp_path, "∓").returncode != 0
