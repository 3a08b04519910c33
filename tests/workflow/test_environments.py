"""The conda environments agree with the lock, and hold what their rules' code imports."""

import ast
import json
import re
import sys

import pytest
import yaml
from workflow_runs import REPOSITORY

from fragility.runtime.closure import closure

CONDA_NAMES = {"pytorch": "torch", "snakemake-minimal": "snakemake"}  # conda's name: PyPI's
# not from PyPI, so no lock of ours names them: python itself, and nodejs for the npm client
FOREIGN = {"python", "nodejs"}
MODULES = {"pyyaml": "yaml", "pillow": "PIL"}  # PyPI's name: the module's, where they differ
# imported only where a GPU is asked for, or where torch is the subject
LAZY = {"torch"}


def environment(name):
    """Packages and versions of envs/NAME.yaml, by PyPI's names."""
    listed = yaml.safe_load((REPOSITORY / "envs" / f"{name}.yaml").read_text())["dependencies"]
    pip = [package for entry in listed if isinstance(entry, dict) for package in entry["pip"]]
    plain = [entry for entry in listed if isinstance(entry, str) and entry != "pip"]
    pairs = (re.split("=+", entry) for entry in plain + pip)
    return {CONDA_NAMES.get(package, package): version for package, version in pairs}


def rules():
    """(rule, environment, program) of every rule that runs code of ours."""
    for path in sorted((REPOSITORY / "workflow/rules").glob("*.smk")):
        for rule in path.read_text().split("\nrule ")[1:]:
            for kind, name in re.findall(r'(notebook_code|code)\("([^"]+)"\)', rule):
                env = re.search(r"envs/(\w+)\.yaml", rule).group(1)
                program = f"notebooks/{name}.ipynb" if kind == "notebook_code" else name
                yield pytest.param(env, program, id=f"{rule.split(':')[0]}-{program}")
            if "check_{wildcards.statement}" in rule:
                env = re.search(r"envs/(\w+)\.yaml", rule).group(1)
                for script in sorted((REPOSITORY / "workflow/scripts").glob("check_*.py")):
                    yield pytest.param(env, f"scripts/{script.name}", id=script.stem)


def imported(path, lazy):
    """Top-level modules a file imports; those inside functions only if ``lazy``."""
    text = path.read_text()
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    tree = ast.parse(text)
    nodes = ast.walk(tree) if lazy else tree.body
    names = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names) - {"fragility"}


@pytest.mark.parametrize("name", [path.stem for path in (REPOSITORY / "envs").glob("*.yaml")])
def test_versions_are_those_of_the_lock(name):
    lock = dict(
        re.findall(r"^([\w.-]+)==([\w.]+)", (REPOSITORY / "requirements.lock").read_text(), re.M)
    )
    for package, version in environment(name).items():
        if package not in FOREIGN:
            assert f"{lock[package]}.".startswith(f"{version}."), package


@pytest.mark.parametrize(("env", "program"), list(rules()))
def test_rule_imports_nothing_its_environment_lacks(env, program):
    modules = {MODULES.get(package, package) for package in environment(env)}
    for path in closure(REPOSITORY / "workflow" / program):
        # torch stands in modules of its own, imported only by jobs on a GPU
        lacking = imported(path, lazy=True) - modules - LAZY
        assert not lacking, f"{path.name}: {lacking}"


def test_training_environment_has_torch():
    assert "torch" in environment("torch")


def test_lock_names_no_download_address():
    for name in ("requirements.lock", "requirements.uv.lock"):
        assert "://" not in (REPOSITORY / name).read_text()
