"""Which code a job runs: read from the source, checked against what Python imports."""

import ast
import json
import re
from pathlib import Path

import pytest
import warm

from fragility.runtime.closure import LIBRARY, _statements, closure

WORKFLOW = LIBRARY.parent
SCRIPTS = sorted((WORKFLOW / "scripts").rglob("*.py"))
NOTEBOOKS = sorted((WORKFLOW / "notebooks").glob("*.ipynb"))
SEEDS = {"__init__.py", "runtime/__init__.py", "runtime/seeds.py"}


def names(program, *modules):
    """The closure without the program, as paths inside the library."""
    return {path.relative_to(LIBRARY).as_posix() for path in closure(program, *modules)[1:]}


def local(path):
    """A program's name as a rule gives it."""
    return path.relative_to(WORKFLOW).as_posix()


@pytest.mark.parametrize("program", SCRIPTS + NOTEBOOKS, ids=local)
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
    found = names(WORKFLOW / "scripts/linear/train.py")
    assert {"training/linear_cpu.py", "training/linear_torch.py", "training/__init__.py"} <= found
    assert {"runtime/seeds.py", "synthetic/networks.py", "synthetic/geometry.py"} <= found


NESTED = """
import fragility.paper.claims
def one():
    if 1: from fragility.paper import scores
    else: import fragility.paper.estimates
    class Inside:
        async def two(self):
            async with a:
                from fragility.paper import verdicts
for _ in x:
    try: from fragility.report import style
    except* KeyError: from fragility.report import render
    else: from fragility.report import picture
    finally:
        match x:
            case 1: from fragility.report import symbols
            case _:
                while y: pass
                else: from fragility.report import templates
"""


def test_imports_count_in_every_kind_of_block(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(NESTED)
    listed = re.findall(r"fragility[. ](paper|report)(?: import |[.])(\w+)", NESTED)
    assert len(listed) == NESTED.count("fragility") == 9
    assert {f"{folder}/{name}.py" for folder, name in listed} <= names(program)


def test_no_file_of_the_workflow_has_an_import_elsewhere_than_in_statements():
    files = sorted(WORKFLOW.rglob("*.py"))
    assert len(files) > 200
    for path in files:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        every = {
            id(node) for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)
        }
        assert every <= {id(node) for node in _statements(tree)}, path


def test_what_a_script_does_not_import_is_left_out():
    found = names(WORKFLOW / "scripts/linear/train.py")
    assert {name.split("/")[0] for name in found} == {
        "__init__.py", "measures", "runtime", "synthetic", "training"
    }  # fmt: skip
    assert not {"runtime/settings.py", "exact/optimal.py", "training/relu.py"} & found
    assert "training/linear_torch.py" not in names(WORKFLOW / "scripts/linear/draw.py")


def test_a_notebook_s_code_cells_are_read():
    found = names(WORKFLOW / "notebooks/linear.ipynb")
    assert {"experiments/linear/figures.py", "report/style.py", "report/render.py"} <= found
    assert "paper/claims.py" in found
    assert "training/linear_cpu.py" not in found  # notebooks read results, they never train


def test_modules_imported_by_a_name_made_at_run_time_count_with_what_they_import():
    program = WORKFLOW / "scripts/score.py"
    alone = names(program)
    both = names(program, "fragility.statements.lemma_2.evidence", "fragility.exact.optimal")
    assert not {"statements/lemma_2/evidence.py", "exact/optimal.py"} & alone
    assert {"statements/lemma_2/evidence.py", "statements/lemma_2/__init__.py"} <= both
    assert {"exact/optimal.py", "synthetic/geometry.py"} <= both - alone
    assert alone < both


@pytest.mark.parametrize(
    "name", ["fragility.exact.none", "fragility.lemma_9", "scripts.score", "os"]
)
def test_a_module_that_is_none_of_the_library_is_refused_by_name(name):
    with pytest.raises(ValueError, match=re.escape(name)):
        closure(WORKFLOW / "scripts/score.py", name)


def write_notebook(path, *cells):
    cells = [{"cell_type": kind, "source": [source]} for kind, source in cells]
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")


def test_only_code_cells_count(tmp_path):
    one, other = tmp_path / "one.ipynb", tmp_path / "other.ipynb"
    write_notebook(
        one, ("markdown", "from fragility.paper import claims"), ("code", "import fragility")
    )
    assert names(one) == {"__init__.py"}
    write_notebook(other, ("code", "import json"), ("code", "from fragility.runtime import seeds"))
    assert names(other) == SEEDS


@pytest.mark.parametrize(
    "source, expected",
    [
        ("import fragility.runtime.seeds", SEEDS),
        ("import numpy, fragility.runtime.seeds as s", SEEDS),
        ("from fragility.runtime.seeds import generator", SEEDS),
        ("from fragility.runtime import seeds as s", SEEDS),
        ("def f():\n    if 1:\n        from fragility.runtime import seeds", SEEDS),
        ("'import fragility.runtime.seeds'  # import fragility.paper", set()),
        ("import fragility_tools, numpy", set()),
        ("", set()),
        ("from fragility import runtime", SEEDS - {"runtime/seeds.py"}),
        (
            "from fragility.synthetic.data import corners",
            SEEDS | {"synthetic/__init__.py", "synthetic/data.py", "synthetic/geometry.py"},
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


def test_no_script_loads_a_file_outside_its_closure(tmp_path):
    program = tmp_path / "loaded.py"
    program.write_text(LOADED)
    told = {"folder": tmp_path, "environment": {"PYTHONPATH": str(WORKFLOW)}}
    result = warm.run(program, *SCRIPTS, **told)
    assert result.returncode == 0, result.stderr
    loaded = json.loads(result.stdout)
    for program in SCRIPTS:
        assert {Path(path) for path in loaded[str(program)]} <= set(closure(program)), program
    assert all(len(paths) >= 3 for paths in loaded.values())
