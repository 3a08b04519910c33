"""The library's public functions and classes as pages for Sphinx, read from the source.

Nothing is imported, so that the site needs neither torch nor any other package of the library's.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from sphinx.ext.napoleon import Config, GoogleDocstring


class Module(NamedTuple):
    """A module's name with dots, and its syntax tree."""

    name: str
    tree: ast.Module

    @property
    def summary(self) -> str:
        """The first paragraph of the module's docstring."""
        return (ast.get_docstring(self.tree) or "").partition("\n\n")[0]


def packages(paths: Iterable[Path]) -> dict[str, list[Module]]:
    """The modules that have public names, by the library's packages, in the order of ``paths``.

    Args:
        paths: the library's files, of a folder ``fragility``.
    """
    found: dict[str, list[Module]] = {}
    for path in paths:
        parts = path.with_suffix("").parts
        parts = parts[len(parts) - parts[::-1].index("fragility") - 1 :]
        if len(parts) > 2 or parts[-1] != "__init__":
            tree = _qualified(ast.parse(path.read_text(encoding="utf-8")))
            module = Module(".".join(part for part in parts if part != "__init__"), tree)
            if list(_public(tree)) or parts[2:] == ("__init__",):
                found.setdefault(parts[1], []).append(module)
    return found


def _qualified(tree: ast.Module) -> ast.Module:
    """The module with full names for what it imports of the library, so that types are links."""
    full = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module.startswith("fragility")
        for alias in node.names
    }
    for name in ast.walk(tree):
        if isinstance(name, ast.Name):
            name.id = full.get(name.id, name.id)
    return tree


def page(package: str, modules: Iterable[Module]) -> str:
    """A package's page (reStructuredText): its modules with all that is public."""
    title = f"fragility.{package}"
    blocks = [f"{title}\n{'=' * len(title)}"]
    for module in modules:
        if module.name != title:
            name = module.name.removeprefix(f"{title}.")
            blocks.append(f"{name}\n{'-' * len(name)}")
        blocks += [f".. py:module:: {module.name}", _docstring(module.tree)]
        blocks += [_described(node) for node in _public(module.tree)]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _public(tree: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    kinds = ast.FunctionDef, ast.ClassDef
    return (n for n in tree.body if isinstance(n, kinds) and not n.name.startswith("_"))


def _described(node: ast.FunctionDef | ast.ClassDef, method: bool = False) -> str:
    """A function or class with its signature, docstring and methods, as a directive."""
    if isinstance(node, ast.ClassDef):
        head = f".. py:class:: {node.name}{_fields(node)}"
        inside = [_described(each, method=True) for each in _public(node)]
    else:
        result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
        head = f".. py:function:: {node.name}({_arguments(node, method)}){result}"
        inside = []
        if method:
            head = head.replace("py:function", "py:method", 1)
    body = "\n\n".join(filter(None, [_docstring(node), *inside]))
    return head + "\n\n" + re.sub(r"(?m)^(?=.)", "   ", body)


def _arguments(node: ast.FunctionDef, method: bool) -> str:
    text = ast.unparse(node.args)
    return re.sub(r"^(self|cls)(, )?", "", text) if method else text


def _fields(node: ast.ClassDef) -> str:
    """The fields of a data class or named tuple, or what its ``__init__`` takes."""
    for each in node.body:
        if isinstance(each, ast.FunctionDef) and each.name == "__init__":
            return f"({_arguments(each, method=True)})"
    fields = [ast.unparse(each) for each in node.body if isinstance(each, ast.AnnAssign)]
    return f"({', '.join(each.replace(' = ', '=') for each in fields)})" if fields else ""


def _docstring(node: ast.Module | ast.ClassDef | ast.FunctionDef) -> str:
    """The docstring as reStructuredText; mathematics (bars, stars, ``A_:``) is printed as such."""
    text = ast.get_docstring(node) or ""
    plain = re.sub(r"(?s)(``.+?``)|([|*]|_\b)", lambda m: m[1] or rf"\{m[2]}", text)
    return str(GoogleDocstring(plain, Config(napoleon_use_ivar=True))).strip()
