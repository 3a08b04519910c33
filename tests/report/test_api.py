"""The library's pages: what is public is on them, as its source says."""

import importlib
import inspect
import re
from pathlib import Path

import fragility
from fragility.report import api

LIBRARY = Path(fragility.__file__).parent

MODULE = '''"""What it is about."""
from fragility.paper.verdicts import Finding
import torch

def shown(matrix: torch.Tensor, *, finding: Finding | None = None) -> float:
    """|A_:,d| of *one* ``a|b``.

    Args:
        matrix: A, shape (d, d).

    Raises:
        ValueError: A is singular.
    """

def _hidden(): ...

class Pair:
    """Two numbers."""

    first: float
    second: float = 1.0

    def total(self, times: int) -> float:
        """Their sum, so many times."""
'''


def test_a_page_has_signatures_shapes_errors_and_methods(tmp_path):
    path = tmp_path / "fragility/measures/one.py"
    path.parent.mkdir(parents=True)
    path.write_text(MODULE)
    page = api.page("measures", api.packages([path])["measures"])
    full = "fragility.paper.verdicts.Finding"
    assert f"function:: shown(matrix: torch.Tensor, *, finding: {full} | None=None)" in page
    assert r"\|A\_:,d\| of \*one\* ``a|b``" in page
    assert ":param matrix: A, shape (d, d)." in page and ":raises ValueError: A is" in page
    assert "class:: Pair(first: float, second: float=1.0)" in page
    assert "method:: total(times: int) -> float" in page
    assert "_hidden" not in page and "What it is about." in page


def test_every_public_function_of_the_library_is_on_its_page():
    found = api.packages(sorted(LIBRARY.rglob("*.py")))
    assert sorted(found) == sorted(path.parent.name for path in LIBRARY.glob("*/__init__.py"))
    pages = {name: api.page(name, modules) for name, modules in found.items()}
    for name in ("runtime.seeds", "paper.estimates", "exact.linear", "synthetic.geometry"):
        module = importlib.import_module(f"fragility.{name}")
        public = {
            key
            for key, value in inspect.getmembers(module, inspect.isfunction)
            if value.__module__ == module.__name__ and not key.startswith("_")
        }
        part = pages[name.split(".")[0]].split(f"py:module:: {module.__name__}\n")[1]
        told = re.findall(r"^\.\. py:function:: (\w+)\(", part.split("py:module::")[0], re.M)
        assert public and set(told) == public, name


def test_the_same_files_give_the_same_page():
    paths = sorted((LIBRARY / "measures").glob("*.py"))
    first, second = (api.page("measures", api.packages(paths)["measures"]) for _ in range(2))
    assert first == second
