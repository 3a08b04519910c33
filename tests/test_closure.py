"""Which code a job runs: read from the source, checked against what Python imports."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fragility.runtime.closure import LIBRARY, closure

WORKFLOW = LIBRARY.parent
SCRIPTS = sorted((WORKFLOW / "scripts").glob("*.py"))
NOTEBOOKS = sorted((WORKFLOW / "notebooks").glob("*.ipynb"))


def names(program):
    """The closure without the program, as paths inside the library."""
    return {path.relative_to(LIBRARY).as_posix() for path in closure(program)[1:]}


@pytest.mark.parametrize("program", SCRIPTS + NOTEBOOKS, ids=lambda path: path.name)
def test_a_closure_is_the_program_and_files_of_the_library(program):
    first, *rest = closure(program)
    assert first == program
    assert rest == sorted(set(rest))
    assert all(path.is_file() and path.is_relative_to(LIBRARY) for path in rest)
    assert LIBRARY / "__init__.py" in rest


def test_there_are_scripts_and_notebooks():
    assert len(SCRIPTS) >= 5
    assert len(NOTEBOOKS) >= 4


def test_imports_inside_functions_count():
    # train() imports one of the two by device
    found = names(WORKFLOW / "scripts" / "train_linear.py")
    assert {"training/linear_cpu.py", "training/linear_torch.py", "training/__init__.py"} <= found
    assert {"seeds.py", "networks.py", "geometry.py"} <= found


def test_what_a_script_does_not_import_is_left_out():
    found = names(WORKFLOW / "scripts" / "train_linear.py")
    assert not {name for name in found if name.startswith(("plotting/", "tables/", "evidence/"))}
    assert not {"paper.py", "statistics.py", "settings.py", "attacks/optimal.py"} & found
    assert "training/linear_torch.py" not in names(WORKFLOW / "scripts" / "draw_matrices.py")


def test_a_notebook_s_code_cells_are_read():
    found = names(WORKFLOW / "notebooks" / "linear.ipynb")
    assert {"plotting/linear.py", "plotting/style.py", "tables/render.py", "paper.py"} <= found
    assert "training/linear_cpu.py" not in found  # notebooks read results, they never train


def write_notebook(path, *cells):
    cells = [{"cell_type": kind, "source": [source]} for kind, source in cells]
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")


def test_only_code_cells_count(tmp_path):
    path = tmp_path / "a.ipynb"
    write_notebook(path, ("markdown", "from fragility import paper"), ("code", "import fragility"))
    assert names(path) == {"__init__.py"}
    write_notebook(path, ("code", "import json"), ("code", "from fragility import devices"))
    assert names(path) == {"__init__.py", "devices.py"}


@pytest.mark.parametrize(
    "source, expected",
    [
        ("import fragility.seeds", {"__init__.py", "seeds.py"}),
        ("import numpy, fragility.seeds as s", {"__init__.py", "seeds.py"}),
        ("from fragility.seeds import generator", {"__init__.py", "seeds.py"}),
        ("from fragility import seeds as s", {"__init__.py", "seeds.py"}),
        ("def f():\n    if 1:\n        from fragility import seeds", {"__init__.py", "seeds.py"}),
        ("'import fragility.seeds'  # import fragility.paper", set()),
        ("import fragility_tools, numpy", set()),
        ("", set()),
        ("from fragility import geometry", {"__init__.py", "geometry.py"}),
        (
            "from fragility.data import corners",
            {"__init__.py", "data.py", "geometry.py", "seeds.py"},
        ),
    ],
)
def test_each_form_of_import_is_followed(tmp_path, source, expected):
    program = tmp_path / "program.py"
    program.write_text(source, encoding="utf-8")
    assert names(program) == expected


# Runs each script up to its main, in one process, and tells what of the library it loaded.
LOADED = """
import json, runpy, sys
from pathlib import Path
found = {}
for program in sys.argv[1:]:
    for name in [name for name in sys.modules if name.split(".")[0] == "fragility"]:
        del sys.modules[name]
    runpy.run_path(program, run_name="imported")
    modules = [m for name, m in sys.modules.items() if name.split(".")[0] == "fragility"]
    found[program] = [str(Path(m.__file__)) for m in modules]
print(json.dumps(found))
"""


def test_no_script_loads_a_file_outside_its_closure():
    result = subprocess.run(
        [sys.executable, "-c", LOADED, *map(str, SCRIPTS)],
        env={"PYTHONPATH": str(WORKFLOW)}, capture_output=True, text=True,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    loaded = json.loads(result.stdout)
    for program in SCRIPTS:
        assert {Path(path) for path in loaded[str(program)]} <= set(closure(program)), program
    assert all(len(paths) >= 3 for paths in loaded.values())
