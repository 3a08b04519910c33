"""The files of this library that a script or notebook imports, as inputs of its rule.

Snakemake reruns a job when an input's content changes.  Rules list their code as input, so an edit
to a module reruns exactly the jobs whose program imports it, directly or through other modules.
"""

import ast
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

LIBRARY = Path(__file__).parents[1]


def closure(program: Path, *modules: str) -> list[Path]:
    """The program (.py or .ipynb) and every module of the library it may import, sorted.

    Imports are read from the source, those inside functions included; nothing is executed.  Each
    file is read once a process, so that an edit counts from the next start on.

    Args:
        program: its file.
        modules: names of modules that the program imports by a name made at run time, which its
            source does not contain, for example "fragility.statements.lemma_2.check".

    Raises:
        ValueError: there is no such module.
    """
    for name in modules:
        if not _is_module(name):
            raise ValueError(f"there is no module {name} in {LIBRARY}")
    reached: set[Path] = set()
    frontier = _imports_of(program).union(*map(_files_of, modules))
    while frontier:
        reached |= frontier
        frontier = set().union(*(_imports_of(path) for path in frontier)) - reached
    return [program, *sorted(reached)]


def _source(program: Path) -> str:
    text = program.read_text(encoding="utf-8")
    if program.suffix != ".ipynb":
        return text
    cells = json.loads(text)["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


@cache
def _imports_of(path: Path) -> set[Path]:
    return _imported(_source(path))


def _imported(source: str) -> set[Path]:
    names: set[str] = set()
    for node in _statements(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return set().union(*(_files_of(name) for name in names if name.split(".")[0] == LIBRARY.name))


def _statements(block: ast.AST) -> Iterator[ast.AST]:
    """The statements in a block, at any depth; imports are nowhere else."""
    for field in ("body", "orelse", "finalbody", "handlers", "cases"):
        for statement in getattr(block, field, ()):
            yield statement
            yield from _statements(statement)


def _files_of(name: str) -> set[Path]:
    """The files that run when a dotted name is imported: its packages, then the module."""
    parts = name.split(".")[1:]
    candidates = [LIBRARY / "__init__.py"]
    for i in range(len(parts)):
        path = LIBRARY.joinpath(*parts[: i + 1])
        candidates += [path / "__init__.py", path.with_suffix(".py")]
    return {path for path in candidates if path.is_file()}


def _is_module(name: str) -> bool:
    if name.split(".")[0] != LIBRARY.name:
        return False
    path = LIBRARY.parent.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()
