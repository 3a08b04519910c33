"""Execute a notebook with papermill; it reads results and writes tables and figures."""

import json
from inspect import Parameter, Signature
from pathlib import Path

from papermill import execute_notebook

from fragility.runtime import job


def main(notebook: Path, executed: Path, **rest: object) -> None:
    """Run ``notebook`` with the files and settings of its rule; keep the executed copy.

    The notebook's cell tagged "parameters" is its signature: ``inputs``, ``outputs`` and
    ``settings``, each a dictionary of names and types.
    """
    declared = declaration(notebook)
    kinds = [pair for part in declared.values() for pair in part.items()]
    names = [Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind) for name, kind in kinds]
    told = job.bind(Signature(names), rest)
    parameters = {part: {name: told[name] for name in declared[part]} for part in declared}
    execute_notebook(notebook, executed, parameters=parameters, cwd=".", progress_bar=False)


def declaration(notebook: Path) -> dict[str, dict[str, type]]:
    """The names and types that a notebook takes, by part, from its parameters cell."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    (cell,) = (cell for cell in cells if "parameters" in cell["metadata"].get("tags", []))
    namespace: dict = {}
    exec("".join(cell["source"]), namespace)  # the cell holds names and types only
    return {part: namespace[part] for part in ("inputs", "outputs", "settings")}


if __name__ == "__main__":
    job.run(main)
